using MassTransit;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>Payouts tell what providers kept; money that is there again adds to what came.</summary>
public sealed class ProjectMovement(KeepFacts facts) : IConsumer<MoneyMoved>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-movement";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<MoneyMoved> context) =>
        facts.KeepAsync(context.Message, context.Message.MovedAt, context.CancellationToken);
}
