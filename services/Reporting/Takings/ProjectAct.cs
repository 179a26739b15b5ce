using MassTransit;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>A call is held against what came after it.</summary>
public sealed class ProjectAct(KeepFacts facts) : IConsumer<ActRecorded>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-act";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<ActRecorded> context) =>
        facts.KeepAsync(context.Message, context.Message.RecordedAt, context.CancellationToken);
}
