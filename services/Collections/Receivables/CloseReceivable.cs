using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>Nothing is owed for an invoice that should never have been.</summary>
public sealed class CloseReceivable(KeepFact fact) : IConsumer<InvoiceCancelled>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "collections-close-receivable";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<InvoiceCancelled> context) =>
        fact.KeepAsync(
            Queue,
            context.Message,
            context.Message.InvoiceId,
            receivable => receivable.With(context.Message),
            context.CancellationToken
        );
}
