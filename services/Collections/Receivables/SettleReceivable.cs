using MassTransit;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>An invoice that Payments found paid owes nothing any more.</summary>
public sealed class SettleReceivable(KeepFact fact) : IConsumer<InvoicePaid>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "collections-settle-receivable";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<InvoicePaid> context) =>
        fact.KeepAsync(
            Queue,
            context.Message,
            context.Message.InvoiceId,
            receivable => receivable.With(context.Message),
            context.CancellationToken
        );
}
