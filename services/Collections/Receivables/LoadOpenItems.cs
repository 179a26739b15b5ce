using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>Reads what is open with all that bears on asking for it, in one statement a batch; everybody who asks for money reads it here.</summary>
public static class LoadOpenItems
{
    // Holds, promises, disputes and claims are few: each is found by an index of those that stand, and mostly there is none. Nobody is asked
    // for what somebody is about to give up, until that is refused.
    private const string Items = """
        select r.seller_id, r.invoice_id, r.number, r.customer_key, r.customer_id, r.customer_name, r.email, r.phone,
            coalesce(r.language, s.language, 'es') as language, coalesce(r.business, false) as business, r.store_id, r.place,
            s.time_zone as seller_zone, r.currency, r.total_with_vat, r.amount_due, r.due_date, r.issue_date, r.opened_at, r.overdue_at,
            r.payment_reference,
            h.holds, p.promises, least(coalesce(d.amount, 0), r.amount_due) as disputed_amount, c.claims
        from receivable r
        left join seller s on s.seller_id = r.seller_id
        left join lateral (
            select json_agg(json_build_object('holdId', one.hold_id, 'reason', one.reason, 'until', one.until, 'ofCustomer', one.of_customer)
                order by one.placed_at)::text as holds
            from (
                select hold_id, reason, until, false as of_customer, placed_at from hold
                where seller_id = r.seller_id and invoice_id = r.invoice_id and released_at is null
                union all
                select hold_id, reason, until, true, placed_at from customer_hold
                where seller_id = r.seller_id and customer_key = r.customer_key and released_at is null
                union all
                select write_off_id, 'write-off', null, false, asked_at from write_off
                where seller_id = r.seller_id and invoice_id = r.invoice_id and state in ('asked', 'approved')
            ) one
        ) h on true
        left join lateral (
            select json_agg(json_build_object('date', date, 'amount', amount::text, 'timeZone', time_zone))::text as promises
            from promise
            where seller_id = r.seller_id and invoice_id = r.invoice_id and cancelled_at is null and judged_at is null
        ) p on true
        left join lateral (
            select sum(amount) as amount from dispute where seller_id = r.seller_id and invoice_id = r.invoice_id and resolved_at is null
        ) d on true
        left join lateral (
            select json_agg(json_build_object('claimId', claim_id, 'kind', kind, 'amount', amount::text) order by created_at, claim_id)::text
                as claims
            from claim
            where seller_id = r.seller_id and invoice_id = r.invoice_id and paid_at is null and waived_at is null and currency = r.currency
        ) c on true
        where r.opened_at is not null and r.settled_at is null
        """;
    private const string OfReceivables =
        $"{Items} and (r.seller_id, r.invoice_id) in (select * from unnest(@sellers::text[], @invoices::uuid[]))"
        + " order by r.seller_id, r.customer_key, r.due_date, r.invoice_id";
    private const string OfCustomers =
        $"{Items} and (r.seller_id, r.customer_key) in (select * from unnest(@sellers::text[], @customers::text[]))"
        + " order by r.seller_id, r.customer_key, r.due_date, r.invoice_id";
    private const string OfSeller = $"{Items} and r.seller_id = @seller order by r.customer_key, r.due_date, r.invoice_id";

    /// <summary>Those of these receivables that are open, by seller, customer and due date.</summary>
    public static Task<IReadOnlyList<OpenItem>> OfReceivablesAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> receivables,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        LoadAsync(
            connection,
            new CommandDefinition(
                OfReceivables,
                new
                {
                    sellers = receivables.Select(each => each.Seller.Value).ToArray(),
                    invoices = receivables.Select(each => each.Invoice.Value).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            ),
            now
        );

    /// <summary>Everything open of these customers, by seller, customer and due date.</summary>
    public static Task<IReadOnlyList<OpenItem>> OfCustomersAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, string CustomerKey)> customers,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        LoadAsync(
            connection,
            new CommandDefinition(
                OfCustomers,
                new
                {
                    sellers = customers.Select(each => each.Seller.Value).ToArray(),
                    customers = customers.Select(each => each.CustomerKey).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            ),
            now
        );

    /// <summary>Everything open of a seller, by customer and due date, as it is read.</summary>
    public static async IAsyncEnumerable<OpenItem> OfSellerAsync(
        NpgsqlConnection connection,
        SellerId seller,
        DateTimeOffset now,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var rows = connection.QueryUnbufferedAsync<Row>(OfSeller, new { seller = seller.Value });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row.Item(now);
        }
    }

    private static async Task<IReadOnlyList<OpenItem>> LoadAsync(
        NpgsqlConnection connection,
        CommandDefinition command,
        DateTimeOffset now
    ) => [.. (await connection.QueryAsync<Row>(command)).Select(row => row.Item(now))];

    private sealed record Row
    {
        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public string Number { get; init; } = "";

        public string CustomerKey { get; init; } = "";

        public CustomerId? CustomerId { get; init; }

        public string? CustomerName { get; init; }

        public string? Email { get; init; }

        public string? Phone { get; init; }

        public string Language { get; init; } = "";

        public bool Business { get; init; }

        public StoreId? StoreId { get; init; }

        public string? Place { get; init; }

        public string? SellerZone { get; init; }

        public Currency Currency { get; init; }

        public decimal TotalWithVat { get; init; }

        public decimal AmountDue { get; init; }

        public DateOnly DueDate { get; init; }

        public DateOnly? IssueDate { get; init; }

        public DateTimeOffset OpenedAt { get; init; }

        public DateTimeOffset? OverdueAt { get; init; }

        public string PaymentReference { get; init; } = "";

        public string? Holds { get; init; }

        public string? Promises { get; init; }

        public decimal DisputedAmount { get; init; }

        public string? Claims { get; init; }

        public OpenItem Item(DateTimeOffset now) =>
            new()
            {
                SellerId = SellerId,
                InvoiceId = InvoiceId,
                Number = Number,
                CustomerKey = CustomerKey,
                CustomerId = CustomerId,
                CustomerName = CustomerName,
                Email = string.IsNullOrWhiteSpace(Email) ? null : Email,
                Phone = string.IsNullOrWhiteSpace(Phone) ? null : Phone,
                Language = Language,
                Business = Business,
                StoreId = StoreId,
                Place = Place,
                SellerZone = SellerZone,
                Currency = Currency,
                TotalWithVat = Money.Of(TotalWithVat, Currency).Amount,
                AmountDue = Money.Of(AmountDue, Currency).Amount,
                DueDate = DueDate,
                IssueDate = IssueDate,
                OpenedAt = OpenedAt,
                OverdueAt = OverdueAt,
                PaymentReference = PaymentReference,
                Holds = Holds is null ? [] : HoldsOn(SellerDay.At(now, SellerZone ?? SellerDay.UsualZone)),
                OpenPromise = Promises is null ? null : PromiseAt(now),
                DisputedAmount = Money.Of(DisputedAmount, Currency).Amount,
                Claims = Claims is null ? [] : JsonSerializer.Deserialize<OpenClaim[]>(Claims, Wire.Tolerant)!,
            };

        /// <summary>Those whose day is not over count, together; one that is over and not judged yet counts where there is no other.</summary>
        private OpenPromise PromiseAt(DateTimeOffset now)
        {
            var all = JsonSerializer.Deserialize<GivenWord[]>(Promises!, Wire.Tolerant)!;
            var standing = Array.FindAll(all, each => now < SellerDay.EndOf(each.Date, each.TimeZone));
            var open = standing.Length > 0 ? standing : all;
            return new OpenPromise(open.Min(each => each.Date), Money.Of(open.Sum(each => each.Amount), Currency).Amount);
        }

        /// <summary>By the seller's day as .NET knows it: a zone that the database does not know stops nobody.</summary>
        private StandingHold[] HoldsOn(DateOnly? today) =>
            [
                .. JsonSerializer
                    .Deserialize<StandingHold[]>(Holds!, Wire.Tolerant)!
                    .Where(hold => hold.Until is not { } until || !(until < today)),
            ];
    }

    private sealed record GivenWord
    {
        public required DateOnly Date { get; init; }

        public required decimal Amount { get; init; }

        public required string TimeZone { get; init; }
    }
}
