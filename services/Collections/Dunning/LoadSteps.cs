using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Reads what is known of the steps of invoices and of the messages to customers, in one statement a batch each.</summary>
public static class LoadSteps
{
    private const string OfInvoices = """
        select seller_id, invoice_id, step, state, coalesce(due_at, sent_at) as due_at, notice_id, tried, reason from dunning_step
        where (seller_id, invoice_id) in (select * from unnest(@sellers::text[], @invoices::uuid[]))
        """;

    // One that was planned and waits for nothing goes any moment; one that Delivery was asked for and has not answered may have gone,
    // whatever became of it since; one that Delivery could not hand over in time went to nobody.
    private const string MessagesOf = """
        select n.seller_id, n.customer_key, n.notice_id, coalesce(n.issued_at, a.asked_at, @now) as at
        from notice n left join notice_asked a on a.seller_id = n.seller_id and a.notice_id = n.notice_id
        where (n.seller_id, n.customer_key) in (select * from unnest(@sellers::text[], @customers::text[]))
          and (
              (n.issued_at >= @since and (n.failed_at is null or not starts_with(coalesce(n.waits_because, ''), @tooLate)))
              or (n.issued_at is null and a.asked_at >= @since)
              or (@underWayToo and n.issued_at is null and n.failed_at is null and n.waits_because is null)
          )
        order by at
        """;
    private const string ClosedTo = """
        select seller_id, channel, address from closed_address
        where (seller_id, address) in (select * from unnest(@sellers::text[], @addresses::text[]))
        """;

    // No cap looks further back.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(367);

    /// <summary>The steps by invoice and name.</summary>
    public static async Task<
        IReadOnlyDictionary<(SellerId Seller, InvoiceId Invoice), IReadOnlyDictionary<string, StepStanding>>
    > OfInvoicesAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> invoices,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.QueryAsync<StepRow>(
            new CommandDefinition(
                OfInvoices,
                new
                {
                    sellers = invoices.Select(each => each.Seller.Value).ToArray(),
                    invoices = invoices.Select(each => each.Invoice.Value).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return rows.GroupBy(row => (row.SellerId, row.InvoiceId))
            .ToDictionary(
                invoice => invoice.Key,
                invoice =>
                    (IReadOnlyDictionary<string, StepStanding>)
                        invoice.ToDictionary(row => row.Step, row => row.Standing(), StringComparer.Ordinal)
            );
    }

    /// <summary>
    /// When customers were written to, the earliest first, with what may have gone; with what is about to go, counted as now, where that is
    /// asked for.
    /// </summary>
    public static async Task<ILookup<(SellerId Seller, string CustomerKey), (NoticeId Notice, DateTimeOffset At)>> MessagesAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, string CustomerKey)> customers,
        bool underWayToo,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.QueryAsync<MessageRow>(
            new CommandDefinition(
                MessagesOf,
                new
                {
                    sellers = customers.Select(each => each.Seller.Value).ToArray(),
                    customers = customers.Select(each => each.CustomerKey).ToArray(),
                    underWayToo,
                    now,
                    since = now - Longest,
                    tooLate = Reminder.TooLate,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return rows.ToLookup(row => (row.SellerId, row.CustomerKey), row => (row.NoticeId, row.At));
    }

    /// <summary>Which of these addresses messages came back from, by seller.</summary>
    public static async Task<ILookup<SellerId, (string Channel, string Address)>> ClosedAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, string Address)> addresses,
        CancellationToken cancellationToken
    )
    {
        // A telephone is told of by its number, however the invoice has it.
        var distinct = addresses
            .SelectMany(each =>
                new[]
                {
                    (Seller: each.Seller.Value, Address: each.Address.ToLowerInvariant()),
                    (Seller: each.Seller.Value, Address: Due.NumberOf(each.Address)),
                }
            )
            .Distinct()
            .ToArray();
        var rows = await connection.QueryAsync<ClosedRow>(
            new CommandDefinition(
                ClosedTo,
                new
                {
                    sellers = distinct.Select(each => each.Seller).ToArray(),
                    addresses = distinct.Select(each => each.Address).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return rows.ToLookup(row => row.SellerId, row => (row.Channel, row.Address));
    }

    private sealed record StepRow
    {
        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public string Step { get; init; } = "";

        public string State { get; init; } = "";

        public DateTimeOffset? DueAt { get; init; }

        public NoticeId? NoticeId { get; init; }

        public string[] Tried { get; init; } = [];

        public string? Reason { get; init; }

        public StepStanding Standing() =>
            new()
            {
                Step = Step,
                State = State switch
                {
                    "sent" => StepState.Sent,
                    "skipped" => StepState.Skipped,
                    _ => StepState.Planned,
                },
                DueAt = DueAt,
                NoticeId = NoticeId,
                Tried = Tried,
                Reason = Reason,
            };
    }

    private sealed record MessageRow
    {
        public SellerId SellerId { get; init; }

        public string CustomerKey { get; init; } = "";

        public NoticeId NoticeId { get; init; }

        public DateTimeOffset At { get; init; }
    }

    private sealed record ClosedRow
    {
        public SellerId SellerId { get; init; }

        public string Channel { get; init; } = "";

        public string Address { get; init; } = "";
    }
}
