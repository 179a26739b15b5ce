using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>An invoice that leaves something to pay opens a receivable; every other one is kept in case a payment of it is taken back.</summary>
public sealed class OpenReceivable(KeepFact fact) : IConsumer<InvoiceIssued>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "collections-open-receivable";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<InvoiceIssued> context) =>
        fact.KeepAsync(
            Queue,
            context.Message,
            context.Message.InvoiceId,
            receivable => receivable.With(context.Message),
            context.CancellationToken
        );
}
