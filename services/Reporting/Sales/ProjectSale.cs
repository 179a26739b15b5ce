using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>Every invoice adds to the sales of its day; corrective ones take away, exchanges add nothing.</summary>
public sealed class ProjectSale(KeepFacts facts) : IConsumer<InvoiceIssued>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-sale";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<InvoiceIssued> context) =>
        facts.KeepAsync(context.Message, context.Message.IssuedAt, context.CancellationToken);
}
