using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>Which receivables are asked for.</summary>
public sealed record ReceivableFilter
{
    /// <summary>open, overdue or settled; all where absent.</summary>
    public string? Status { get; init; }

    /// <summary>current, 1-30, 31-60, 61-90 or 90+; holds for what is not settled.</summary>
    public string? Bucket { get; init; }

    /// <summary>The seller's own name for a customer, or what a receivable says under customerKey; everybody's where absent.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Only that of this invoice.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>At most so many, up to 200.</summary>
    public int? Limit { get; init; }

    /// <summary>The stores that whoever asks is held to, which no address says; all where absent.</summary>
    internal string[]? Stores { get; init; }
}

/// <summary>A receivable as it is shown.</summary>
public sealed record ReceivableBody
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public required string Number { get; init; }

    /// <summary>The seller's own name for the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>Whose it is: the seller's own name for the customer, else the address, else nobody's but this invoice's.</summary>
    public required string CustomerKey { get; init; }

    /// <summary>The customer's name.</summary>
    public string? CustomerName { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What the invoice came to.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>What is open.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>When it is due.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>How it stands today.</summary>
    public required ReceivableStatus Status { get; init; }

    /// <summary>How long past its due date; absent once settled.</summary>
    public string? Bucket { get; init; }

    /// <summary>Days past the due date, zero while it has not passed.</summary>
    public required int DaysOverdue { get; init; }

    /// <summary>Reminders issued.</summary>
    public required int Reminders { get; init; }

    /// <summary>Whether a hold keeps it from being reminded.</summary>
    public required bool OnHold { get; init; }

    /// <summary>The next day that the customer gave its word for.</summary>
    public DateOnly? PromisedOn { get; init; }

    /// <summary>How much of what is open the customer disputes; absent where it does not.</summary>
    public decimal? Disputed { get; init; }

    /// <summary>Interest and compensation claimed beside it in its currency; absent where there is none.</summary>
    public decimal? Claimed { get; init; }

    /// <summary>When nothing was open any more.</summary>
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>A page of receivables, the longest due first.</summary>
public sealed record ReceivablePage(IReadOnlyList<ReceivableBody> Items, string? NextCursor);

/// <summary>What customers owe a seller today, invoice by invoice, the longest due first.</summary>
public sealed class ListReceivables(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostAtOnce = 200;
    private const int Usual = 50;

    private const string ZoneOfSeller = "select time_zone from seller where seller_id = @seller";
    private const string Page = """
        select r.*,
            (select count(*) from dunning_step n
             where n.seller_id = r.seller_id and n.invoice_id = r.invoice_id and n.state = 'sent')::int as reminders,
            exists (select from hold h
                    where h.seller_id = r.seller_id and h.invoice_id = r.invoice_id and h.released_at is null
                      and (h.until is null or h.until >= @today)
                    union all
                    select from customer_hold h
                    where h.seller_id = r.seller_id and h.customer_key = r.customer_key and h.released_at is null
                      and (h.until is null or h.until >= @today)) as on_hold,
            (select min(p.date) from promise p
             where p.seller_id = r.seller_id and p.invoice_id = r.invoice_id and p.cancelled_at is null and p.judged_at is null)
                as promised_on,
            least(r.amount_due, (select coalesce(sum(d.amount), 0) from dispute d
                                 where d.seller_id = r.seller_id and d.invoice_id = r.invoice_id and d.resolved_at is null)) as disputed,
            (select coalesce(sum(c.amount), 0) from claim c
             where c.seller_id = r.seller_id and c.invoice_id = r.invoice_id and c.paid_at is null and c.waived_at is null
               and c.currency = r.currency) as claimed,
            r.customer_key
        from receivable r
        where r.seller_id = @seller and r.opened_at is not null
          and (@customer::text is null or r.customer_key = @customer)
          and (@invoice::uuid is null or r.invoice_id = @invoice)
          and (@stores::text[] is null or r.store_id = any(@stores))
          and (@settled::boolean is null or (r.settled_at is not null) = @settled)
          and (@dueFrom::date is null or r.due_date >= @dueFrom)
          and (@dueTo::date is null or r.due_date <= @dueTo)
          and (@afterDue::date is null or (r.due_date, r.invoice_id) > (@afterDue, @afterInvoice::uuid))
        order by r.due_date, r.invoice_id
        limit @limit
        """;

    /// <summary>One page.</summary>
    public async Task<Outcome<ReceivablePage>> RunAsync(SellerId seller, ReceivableFilter filter, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ListReceivables");
        if (filter.Status is not (null or "open" or "overdue" or "settled"))
        {
            return CollectionsFaults.UnknownStatus.At("status", filter.Status);
        }

        var bucket = filter.Bucket is null ? null : AgeingBucket.Named(filter.Bucket);
        if (filter.Bucket is not null && bucket is null)
        {
            return CollectionsFaults.UnknownBucket.At("bucket", filter.Bucket);
        }

        if (filter.CustomerId is { } customer && (customer.Length is 0 or > 320 || customer.Contains('\0')))
        {
            return DoorFaults.BadParameter.At("customerId", "customerId", customer.Replace('\0', ' '));
        }

        var invoice = default(InvoiceId);
        if (filter.InvoiceId is { } named && !Contracts.InvoiceId.TryParse(named, out invoice))
        {
            return DoorFaults.BadParameter.At("invoiceId", "invoiceId", named);
        }

        if (filter.Limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.At("limit", "limit", $"1 … {MostAtOnce}");
        }

        var after = default((DateOnly Due, Guid Invoice)?);
        if (filter.Cursor is { } cursor && (after = Cursor.Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.At("cursor", "cursor", cursor);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOfSeller, new { seller = seller.Value });
        var today = SellerDay.At(clock.GetUtcNow(), zone ?? SellerDay.UsualZone)!.Value;
        var (from, to) = DueBetween(filter.Status, bucket, today);
        var limit = filter.Limit ?? Usual;
        var rows = (
            await connection.QueryAsync<Receivable, Attention, (Receivable Receivable, Attention Attention)>(
                Page,
                (receivable, attention) => (receivable, attention),
                new
                {
                    seller = seller.Value,
                    settled = filter.Status is null && bucket is null ? default(bool?) : filter.Status == "settled",
                    customer = filter.CustomerId,
                    invoice = filter.InvoiceId is null ? default(Guid?) : invoice.Value,
                    stores = filter.Stores,
                    today,
                    dueFrom = from,
                    dueTo = to,
                    afterDue = after?.Due,
                    afterInvoice = after?.Invoice,
                    limit = limit + 1,
                },
                splitOn: "reminders"
            )
        ).AsList();
        var items = rows.Take(limit).Select(row => Show(row.Receivable, row.Attention, today)).ToArray();
        return new ReceivablePage(items, rows.Count > limit ? Cursor.Of(items[^1]) : null);
    }

    /// <summary>The due dates that a status and a bucket leave, both inclusive.</summary>
    private static (DateOnly? From, DateOnly? To) DueBetween(string? status, AgeingBucket? bucket, DateOnly today)
    {
        var days = status switch
        {
            "open" => (From: int.MinValue, To: 0),
            "overdue" => (From: 1, To: int.MaxValue),
            _ => (From: int.MinValue, To: int.MaxValue),
        };
        var from = Math.Max(days.From, bucket?.From ?? int.MinValue);
        var to = Math.Min(days.To, bucket?.To ?? int.MaxValue);
        return (to == int.MaxValue ? null : today.AddDays(-to), from == int.MinValue ? null : today.AddDays(-from));
    }

    private static ReceivableBody Show(Receivable receivable, Attention attention, DateOnly today)
    {
        var settled = receivable.SettledAt is not null;
        return new ReceivableBody
        {
            InvoiceId = receivable.InvoiceId,
            Number = receivable.Number!,
            CustomerId = receivable.CustomerId,
            CustomerKey = attention.CustomerKey,
            CustomerName = receivable.CustomerName,
            Currency = receivable.Currency,
            TotalWithVat = Money.Of(receivable.TotalWithVat, receivable.Currency).Amount,
            AmountDue = Money.Of(receivable.AmountDue, receivable.Currency).Amount,
            DueDate = receivable.DueDate,
            Status = receivable.StatusOn(today),
            Bucket = settled ? null : AgeingBucket.Of(receivable.DaysOverdueOn(today)).Name,
            DaysOverdue = settled ? 0 : Math.Max(0, receivable.DaysOverdueOn(today)),
            Reminders = attention.Reminders,
            OnHold = attention.OnHold,
            PromisedOn = attention.PromisedOn,
            Disputed = attention.Disputed > 0m ? Money.Of(attention.Disputed, receivable.Currency).Amount : null,
            Claimed = attention.Claimed > 0m ? Money.Of(attention.Claimed, receivable.Currency).Amount : null,
            SettledAt = receivable.SettledAt,
        };
    }

    private sealed record Attention
    {
        public int Reminders { get; init; }

        public bool OnHold { get; init; }

        public DateOnly? PromisedOn { get; init; }

        public decimal Disputed { get; init; }

        public decimal Claimed { get; init; }

        public string CustomerKey { get; init; } = "";
    }

    private static class Cursor
    {
        public static string Of(ReceivableBody last) =>
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{last.DueDate:yyyy-MM-dd}|{last.InvoiceId}"));

        public static (DateOnly Due, Guid Invoice)? Read(string cursor)
        {
            if (!Base64Url.IsValid(cursor))
            {
                return null;
            }

            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('|');
            return
                parts.Length == 2
                && DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due)
                && Guid.TryParseExact(parts[1], "D", out var invoice)
                ? (due, invoice)
                : null;
        }
    }
}
