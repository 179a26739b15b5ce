using MassTransit;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// Every issued invoice whose buyer left an address is mailed there once, or goes out on another channel of its seller where only a
/// telephone was left. What it teaches is learned later.
/// </summary>
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

    private const string KeepToLearn = """
        insert into heard_sale (event_id, seller_id, customer_id, body)
        select event_id, seller_id, customer_id, body
        from unnest(@events, @sellers, @customers, @bodies) with ordinality as t (event_id, seller_id, customer_id, body, place)
        order by place
        """;

    private readonly InboxLine<Told> _line;
    private readonly RerouteInvoices _reroute;
    private readonly TimeProvider _clock;

    /// <summary>Opens the line that invoices wait in to be queued.</summary>
    public SendInvoice(Inbox inbox, RerouteInvoices reroute, WakeSenders senders, LearnFromSales learning, TimeProvider clock)
    {
        (_reroute, _clock) = (reroute, clock);
        _line = inbox.Line<Told>(
            nameof(SendInvoice),
            QueueAsync,
            () =>
            {
                senders.Wake();
                learning.Wake();
            },
            apart: TimeSpan.FromMilliseconds(60)
        );
    }

    /// <summary>Queues what goes out, with what is needed to render it.</summary>
    public Task Consume(ConsumeContext<InvoiceIssued> context) =>
        _line.TakeAsync(
            Queue,
            context.Message.EventId,
            new Told(context.Message, context.ReceiveContext.Body.GetString()),
            context.CancellationToken
        );

    /// <summary>One round trip, and one more where an invoice has no address and its seller another channel.</summary>
    private async Task QueueAsync(NpgsqlTransaction transaction, IReadOnlyList<Heard<Told>> heard, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        var mails = heard.Where(each => !string.IsNullOrWhiteSpace(each.Fact.Invoice.Contact?.Email)).ToArray();
        if (mails.Length > 0)
        {
            batch.BatchCommands.Add(QueueOf(mails, _clock.GetUtcNow()));
        }

        ToldInvoice[] told = [.. heard.Select(each => new ToldInvoice(each.Fact.Invoice, each.TraceParent))];
        var keeping = _reroute.KeepOf(told);
        if (keeping is not null)
        {
            batch.BatchCommands.Add(keeping);
        }

        batch.BatchCommands.Add(LearnOf(heard));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (keeping is { RecordsAffected: > 0 })
        {
            await _reroute.QueueFirstAsync(transaction, told, cancellationToken);
        }
    }

    private static NpgsqlBatchCommand QueueOf(Heard<Told>[] mails, DateTimeOffset now) =>
        new(QueueOnce)
        {
            Parameters =
            {
                Texts("sellers", mails.Select(each => each.Fact.Invoice.SellerId.Value)),
                Ids("ids", mails.Select(_ => TransmissionId.New().Value)),
                Ids("invoices", mails.Select(each => each.Fact.Invoice.InvoiceId.Value)),
                Texts("recipients", mails.Select(each => each.Fact.Invoice.Contact!.Email!.Trim())),
                Texts("traces", mails.Select(each => each.TraceParent)),
                Texts("customers", mails.Select(each => each.Fact.Customer)),
                Texts("bodies", mails.Select(each => each.Fact.Body)),
                new("now", now),
            },
        };

    private static NpgsqlBatchCommand LearnOf(IReadOnlyList<Heard<Told>> heard) =>
        new(KeepToLearn)
        {
            Parameters =
            {
                Ids("events", heard.Select(each => each.EventId.Value)),
                Texts("sellers", heard.Select(each => each.Fact.Invoice.SellerId.Value)),
                Texts("customers", heard.Select(each => each.Fact.Customer)),
                Texts("bodies", heard.Select(each => each.Fact.Body)),
            },
        };

    private static NpgsqlParameter Texts(string name, IEnumerable<string?> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };

    private static NpgsqlParameter Ids(string name, IEnumerable<Guid> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = values.ToArray() };

    private sealed record Told(InvoiceIssued Invoice, string Body)
    {
        public string? Customer => (Invoice.Contact?.CustomerId ?? Invoice.Buyer?.CustomerId)?.Value;
    }
}
