using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>Every invoice adds to the sales of its day; corrective ones take away, exchanges add nothing.</summary>
public sealed class ProjectSale(KeepSale sale) : IConsumer<InvoiceIssued>
{
    /// <summary>Its queue, and its name in the inbox; a replayed event is known by it too.</summary>
    public const string Queue = "reporting-project-sale";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<InvoiceIssued> context) => ProjectAsync(context.Message, context.CancellationToken);

    /// <summary>The same for an event that came by replay.</summary>
    public Task ProjectAsync(InvoiceIssued told, CancellationToken cancellationToken) =>
        sale.KeepAsync(Queue, told, told.InvoiceId, told.IssuedAt, known => known.With(told), cancellationToken);
}
