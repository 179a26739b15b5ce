using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A transmission that did not reach its recipient and never will.</summary>
public sealed record EndedTransmission(SellerId SellerId, TransmissionId TransmissionId);

/// <summary>An invoice that was just issued, and the trace of its telling.</summary>
public sealed record ToldInvoice(InvoiceBody Invoice, string? TraceParent);

/// <summary>
/// An invoice whose mail failed or came back goes out on the seller's next channel, in the seller's order, once on each; one whose buyer
/// left a telephone and no address goes out on the first.
/// </summary>
public sealed class RerouteInvoices(TimeProvider clock)
{
    /// <summary>The first channel that is on, has somebody to send to, and has not had the invoice.</summary>
    private const string NextChannel = """
        select distinct on (w.seller_id, w.invoice_id)
            w.seller_id, w.invoice_id, w.transmission_id, w.trace_parent, w.occasion, c.channel, r.recipient
        from wanted w
        join transmission_fallback f on f.seller_id = w.seller_id and f.invoice_id = w.invoice_id
        join channel c on c.seller_id = w.seller_id and c.enabled and c.channel <> 'print'
        cross join lateral (
            select case when c.channel = 'webhook' then coalesce(f.phone, f.email, f.customer_id) else f.phone end as recipient
        ) r
        where r.recipient is not null
            and not exists (
                select from transmission o
                where o.seller_id = w.seller_id and o.invoice_id = w.invoice_id and o.purpose = 'invoice' and o.channel = c.channel
            )
            and not exists (
                select from unreachable_address u
                where u.seller_id = w.seller_id and u.channel = c.channel and u.address = lower(r.recipient)
            )
        order by w.seller_id, w.invoice_id, c.priority, c.channel
        """;

    private const string Queue = """
        insert into transmission
            (seller_id, transmission_id, invoice_id, purpose, occasion, recipient, channel, due_at, trace_parent, created_at)
        select seller_id, transmission_id, invoice_id, 'invoice', occasion || case when occasion = '' then '' else channel end,
            recipient, channel, @now, trace_parent, @now
        from chosen order by seller_id, invoice_id
        on conflict on constraint transmission_once do nothing
        """;

    // Nobody is left to try: what was kept for it goes.
    private const string QueueNext = $"""
        with wanted as (
            select distinct on (t.seller_id, t.invoice_id)
                t.seller_id, t.invoice_id, e.next_id as transmission_id, t.trace_parent, 'fallback-' as occasion
            from unnest(@sellers, @ended, @ids) as e (seller_id, transmission_id, next_id)
            join transmission t on t.seller_id = e.seller_id and t.transmission_id = e.transmission_id
            where t.purpose = 'invoice' and t.invoice_id is not null
                and not exists (
                    select from transmission o
                    where o.seller_id = t.seller_id and o.invoice_id = t.invoice_id and o.purpose = 'invoice'
                        and o.transmission_id <> t.transmission_id and o.status in ('queued', 'sent', 'delivered')
                )
            order by t.seller_id, t.invoice_id, e.next_id
        ), chosen as (
            {NextChannel}
        ), queued as (
            {Queue}
        )
        delete from transmission_fallback f using wanted w
        where f.seller_id = w.seller_id and f.invoice_id = w.invoice_id
            and not exists (select from chosen c where c.seller_id = f.seller_id and c.invoice_id = f.invoice_id)
        """;

    private const string KeepWhereElse = """
        insert into transmission_fallback (seller_id, invoice_id, phone, email, customer_id, created_at)
        select seller_id, invoice_id, phone, email, customer_id, @now
        from unnest(@sellers, @invoices, @phones, @emails, @customers) as t (seller_id, invoice_id, phone, email, customer_id)
        where exists (
            select from channel c
            where c.seller_id = t.seller_id and c.enabled and c.channel <> 'print' and (t.phone is not null or c.channel = 'webhook')
        )
        order by seller_id, invoice_id
        on conflict do nothing
        """;

    private const string QueueFirst = $"""
        with wanted as (
            select *, '' as occasion
            from unnest(@sellers, @invoices, @ids, @traces) as t (seller_id, invoice_id, transmission_id, trace_parent)
        ), chosen as (
            {NextChannel}
        )
        {Queue}
        """;

    /// <summary>
    /// Queues the invoices of these on their sellers' next channels, in the caller's transaction; nothing for those that another
    /// transmission has reached or may still reach, and nothing twice. Wake the senders after the commit.
    /// </summary>
    public Task QueueAsync(NpgsqlTransaction transaction, IReadOnlyList<EndedTransmission> ended, CancellationToken cancellationToken) =>
        ended.Count == 0
            ? Task.CompletedTask
            : transaction.Connection!.ExecuteAsync(
                new CommandDefinition(
                    QueueNext,
                    new
                    {
                        sellers = ended.Select(each => each.SellerId.Value).ToArray(),
                        ended = ended.Select(each => each.TransmissionId.Value).ToArray(),
                        ids = ended.Select(_ => TransmissionId.New().Value).ToArray(),
                        now = clock.GetUtcNow(),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );

    /// <summary>
    /// What keeps where else the buyers of issued invoices may be reached, for sellers who have another channel; to be run with what
    /// queues their mails. None where nobody can be reached.
    /// </summary>
    public NpgsqlBatchCommand? KeepOf(IReadOnlyList<ToldInvoice> told)
    {
        var reachable = told.Select(Contact.Of).Where(static each => each.Phone is not null || each.Email is not null).ToArray();
        NpgsqlParameter Texts(string name, Func<Contact, string?> value) =>
            new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = reachable.Select(value).ToArray() };

        return reachable.Length == 0
            ? null
            : new NpgsqlBatchCommand(KeepWhereElse)
            {
                Parameters =
                {
                    Texts("sellers", static each => each.Seller),
                    new("invoices", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
                    {
                        Value = reachable.Select(static each => each.Invoice).ToArray(),
                    },
                    Texts("phones", static each => each.Phone),
                    Texts("emails", static each => each.Email),
                    Texts("customers", static each => each.Customer),
                    new("now", clock.GetUtcNow()),
                },
            };
    }

    /// <summary>
    /// Queues on their sellers' first channels the invoices that no address was left for, in the caller's transaction, after it was kept
    /// where else their buyers may be reached.
    /// </summary>
    public async Task QueueFirstAsync(NpgsqlTransaction transaction, IReadOnlyList<ToldInvoice> told, CancellationToken cancellationToken)
    {
        var withoutAddress = told.Select(Contact.Of).Where(static each => each is { Phone: not null, Email: null }).ToArray();
        if (withoutAddress.Length == 0)
        {
            return;
        }

        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                QueueFirst,
                new
                {
                    sellers = withoutAddress.Select(static each => each.Seller).ToArray(),
                    invoices = withoutAddress.Select(static each => each.Invoice).ToArray(),
                    ids = withoutAddress.Select(static _ => TransmissionId.New().Value).ToArray(),
                    traces = withoutAddress.Select(static each => each.TraceParent).ToArray(),
                    now = clock.GetUtcNow(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
    }

    private sealed record Contact(string Seller, Guid Invoice, string? Phone, string? Email, string? Customer, string? TraceParent)
    {
        public static Contact Of(ToldInvoice told)
        {
            var (invoice, contact) = (told.Invoice, told.Invoice.Contact);
            var phone = contact?.Phone ?? invoice.Buyer?.Phone;
            return new Contact(
                invoice.SellerId.Value,
                invoice.InvoiceId.Value,
                PhoneNumber.TryParse(phone, invoice.Seller.Address?.Country, out var number) && number.TakesShortMessages
                    ? number.Text
                    : null,
                contact?.Email?.Trim() is { Length: > 0 } email ? email : null,
                (contact?.CustomerId ?? invoice.Buyer?.CustomerId)?.Value,
                told.TraceParent
            );
        }
    }
}
