using MassTransit;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>A promise counts on the day it was made.</summary>
public sealed class ProjectPromise(KeepFacts facts) : IConsumer<PromiseMade>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-promise";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<PromiseMade> context) =>
        facts.KeepAsync(context.Message, context.Message.MadeAt, context.CancellationToken);
}
