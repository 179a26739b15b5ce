using MassTransit;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>A dispute counts with what was open then.</summary>
public sealed class ProjectDispute(KeepFacts facts) : IConsumer<DisputeRaised>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-dispute";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<DisputeRaised> context) =>
        facts.KeepAsync(context.Message, context.Message.RaisedAt, context.CancellationToken);
}
