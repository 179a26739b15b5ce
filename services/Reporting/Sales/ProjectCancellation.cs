using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>A cancelled invoice is taken out of the sales of its day.</summary>
public sealed class ProjectCancellation(KeepFacts facts) : IConsumer<InvoiceCancelled>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-cancellation";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<InvoiceCancelled> context) =>
        facts.KeepAsync(context.Message, context.Message.CancelledAt, context.CancellationToken);
}
