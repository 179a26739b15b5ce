using System.Diagnostics;
using Dapper;
using MassTransit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Every issued invoice whose buyer left an address is mailed there once.</summary>
public sealed class SendInvoice(Inbox inbox, TimeProvider clock) : IConsumer<InvoiceIssued>
{
    private const string QueueOnce = """
        with queued as (
            insert into transmission
                (seller_id, transmission_id, invoice_id, purpose, recipient, due_at, trace_parent, created_at)
            values (@SellerId, @TransmissionId, @InvoiceId, 'invoice', @Recipient, @Now, @TraceParent, @Now)
            on conflict on constraint transmission_once do nothing
            returning seller_id, transmission_id
        )
        insert into transmission_content (seller_id, transmission_id, customer_id, body)
        select seller_id, transmission_id, @CustomerId, @Body from queued;
        notify transmission
        """;

    /// <summary>Queues the mail, with what is needed to render it.</summary>
    public async Task Consume(ConsumeContext<InvoiceIssued> context)
    {
        var invoice = context.Message;
        if (string.IsNullOrWhiteSpace(invoice.Contact?.Email))
        {
            return;
        }

        using var activity = Telemetry.Source.StartActivity("SendInvoice");
        await inbox.OnceAsync(
            "delivery-send-invoice",
            invoice.EventId,
            transaction =>
                transaction.Connection!.ExecuteAsync(
                    QueueOnce,
                    new
                    {
                        invoice.SellerId,
                        TransmissionId = TransmissionId.New(),
                        invoice.InvoiceId,
                        Recipient = invoice.Contact.Email.Trim(),
                        Now = clock.GetUtcNow(),
                        TraceParent = Activity.Current?.Id,
                        CustomerId = (invoice.Contact.CustomerId ?? invoice.Buyer?.CustomerId)?.Value,
                        Body = context.ReceiveContext.Body.GetString(),
                    },
                    transaction
                ),
            context.CancellationToken
        );
    }
}
