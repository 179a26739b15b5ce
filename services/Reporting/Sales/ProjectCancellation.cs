using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>A cancelled invoice is taken out of the sales of its day.</summary>
public sealed class ProjectCancellation(KeepSale sale) : IConsumer<InvoiceCancelled>
{
    /// <summary>Its queue, and its name in the inbox; a replayed event is known by it too.</summary>
    public const string Queue = "reporting-project-cancellation";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<InvoiceCancelled> context) => ProjectAsync(context.Message, context.CancellationToken);

    /// <summary>The same for an event that came by replay.</summary>
    public Task ProjectAsync(InvoiceCancelled told, CancellationToken cancellationToken) =>
        sale.KeepAsync(Queue, told, told.InvoiceId, told.CancelledAt, known => known.With(told), cancellationToken);
}
