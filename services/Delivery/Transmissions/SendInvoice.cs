using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Every issued invoice whose buyer left an address is mailed there once.</summary>
public sealed class SendInvoice : IConsumer<InvoiceIssued>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "delivery-send-invoice";

    private const string QueueOnce = """
        with told as (
            select * from unnest(@sellers, @ids, @invoices, @recipients, @traces, @customers, @bodies)
                as t (seller_id, transmission_id, invoice_id, recipient, trace_parent, customer_id, body)
        ), queued as (
            insert into transmission
                (seller_id, transmission_id, invoice_id, purpose, recipient, due_at, trace_parent, created_at)
            select seller_id, transmission_id, invoice_id, 'invoice', recipient, @now, trace_parent, @now
            from told order by seller_id, invoice_id, recipient
            on conflict on constraint transmission_once do nothing
            returning seller_id, transmission_id
        )
        insert into transmission_content (seller_id, transmission_id, customer_id, body)
        select seller_id, transmission_id, customer_id, body from told join queued using (seller_id, transmission_id)
        """;

    private readonly InboxLine<Mail> _line;
    private readonly TimeProvider _clock;

    /// <summary>Opens the line that mails wait in to be queued.</summary>
    public SendInvoice(Inbox inbox, WakeSenders senders, TimeProvider clock) =>
        (_line, _clock) = (inbox.Line<Mail>(nameof(SendInvoice), QueueAsync, senders.Wake), clock);

    /// <summary>Queues the mail, with what is needed to render it.</summary>
    public Task Consume(ConsumeContext<InvoiceIssued> context) =>
        string.IsNullOrWhiteSpace(context.Message.Contact?.Email)
            ? Task.CompletedTask
            : _line.TakeAsync(
                Queue,
                context.Message.EventId,
                new Mail(context.Message, context.ReceiveContext.Body.GetString()),
                context.CancellationToken
            );

    private Task QueueAsync(NpgsqlTransaction transaction, IReadOnlyList<Heard<Mail>> heard, CancellationToken cancellationToken)
    {
        var invoices = heard.Select(each => each.Fact.Invoice).ToArray();
        return transaction.Connection!.ExecuteAsync(
            QueueOnce,
            new
            {
                sellers = invoices.Select(invoice => invoice.SellerId.Value).ToArray(),
                ids = invoices.Select(_ => TransmissionId.New().Value).ToArray(),
                invoices = invoices.Select(invoice => invoice.InvoiceId.Value).ToArray(),
                recipients = invoices.Select(invoice => invoice.Contact!.Email!.Trim()).ToArray(),
                traces = heard.Select(each => each.TraceParent).ToArray(),
                customers = invoices.Select(invoice => (invoice.Contact!.CustomerId ?? invoice.Buyer?.CustomerId)?.Value).ToArray(),
                bodies = heard.Select(each => each.Fact.Body).ToArray(),
                now = _clock.GetUtcNow(),
            },
            transaction
        );
    }

    private sealed record Mail(InvoiceIssued Invoice, string Body);
}
