using MassTransit;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>What is expected to come in stands beside what came.</summary>
public sealed class ProjectForecast(KeepFacts facts) : IConsumer<ForecastMade>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-forecast";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<ForecastMade> context) =>
        facts.KeepAsync(context.Message, context.Message.MadeAt, context.CancellationToken);
}
