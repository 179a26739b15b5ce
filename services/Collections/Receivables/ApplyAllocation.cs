using MassTransit;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>Money or credit allocated to an invoice lowers what is owed for it, corrective invoices too: Payments owns what is due.</summary>
public sealed class ApplyAllocation(KeepFact fact) : IConsumer<PaymentAllocated>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "collections-apply-allocation";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<PaymentAllocated> context) =>
        fact.KeepAsync(
            Queue,
            context.Message,
            context.Message.InvoiceId,
            receivable => receivable.With(context.Message),
            context.CancellationToken
        );
}
