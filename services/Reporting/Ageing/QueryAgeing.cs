using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Ageing;

/// <summary>An open invoice that an amount of the ageing is made of.</summary>
public sealed record OwedInvoice
{
    /// <summary>The invoice.</summary>
    public InvoiceId InvoiceId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public string? Number { get; init; }

    /// <summary>The seller's own name for the customer.</summary>
    public string? CustomerId { get; init; }

    /// <summary>When it is due.</summary>
    public DateOnly DueDate { get; init; }

    /// <summary>Currency of the amount.</summary>
    public Currency Currency { get; init; }

    /// <summary>What is open of it.</summary>
    public decimal AmountDue { get; init; }
}

/// <summary>What customers owed at the end of a day, by how long it had been due then, and the invoices that it is made of.</summary>
public sealed class QueryAgeing([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const int LooksAt = 1000;
    private const int MostAtOnce = 200;
    private const int Usual = 50;

    private const string Owed = """
        select due, currency, sum(amount) as amount, sum(count)::bigint as count
        from owed group by due, currency having sum(amount) <> 0 or sum(count) <> 0
        """;
    private const string OwedNow = $"with {LoadTakings.OwedNow} {Owed}";
    private const string OwedThen = $"with {LoadTakings.OwedThen} {Owed}";

    private const string EverOpen = """
        select d.invoice_id, d.number, nullif(d.customer_id, '') as customer_id, d.due_date, d.currency
        from debt d
        where d.seller_id = @seller
          and (@first::date is null or d.due_date >= @first) and (@last::date is null or d.due_date <= @last)
          and (@afterDue::date is null or (d.due_date, d.invoice_id) > (@afterDue, @afterInvoice::uuid))
        """;
    private const string InOrder = "order by d.due_date, d.invoice_id limit @atOnce";
    private const string Candidates = $"{EverOpen} {InOrder}";

    // Of today, by all that is known: what is settled is passed over.
    private const string OpenNow = $"{EverOpen} and d.amount_due <> 0 {InOrder}";

    /// <summary>The ageing at the end of a day of the seller; of the day that the answer stands at, where none is named.</summary>
    public async Task<Outcome<Report<AgeingRow>>> MakeAsync(Asked asked, DateOnly? date, CancellationToken cancellationToken)
    {
        var day = await DayAsync(asked, date, cancellationToken);
        if (day.Refused(out var fault))
        {
            return fault;
        }

        return new Report<AgeingRow>
        {
            Name = "ageing",
            Columns = AgeingColumns.Columns,
            Cells = AgeingColumns.Cells,
            Rows = Rows.Of(await RunAsync(asked.SellerId, day.Value, asked.KnownAt, cancellationToken)),
            Head = new Dictionary<string, object?> { ["date"] = day.Value },
        };
    }

    /// <summary>A page of the invoices that the ageing, or one bucket of it, is made of.</summary>
    public async Task<Outcome<Report<OwedInvoice>>> MakeListAsync(
        Asked asked,
        DateOnly? date,
        string? bucket,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (bucket is not null && !AgeingBuckets.Names.Contains(bucket))
        {
            return ReportingFaults.UnknownBucket.At("bucket", bucket, string.Join(", ", AgeingBuckets.Names));
        }

        if (limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.At("limit", "limit", $"1 … {MostAtOnce}");
        }

        var after = default((DateOnly Due, Guid Invoice)?);
        if (cursor is not null && (after = Cursor.Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.At("cursor", "cursor", cursor);
        }

        var day = await DayAsync(asked, date, cancellationToken);
        if (day.Refused(out var fault))
        {
            return fault;
        }

        var page = await ListAsync(
            asked.SellerId,
            day.Value,
            date is null && asked.KnownAt is null,
            bucket,
            asked.KnownAt,
            after,
            limit ?? Usual,
            cancellationToken
        );
        var head = new Dictionary<string, object?> { ["date"] = day.Value };
        if (page.LookedAt is { } last)
        {
            head["nextCursor"] = Cursor.Of(last);
        }

        return new Report<OwedInvoice>
        {
            Name = "ageing-invoices",
            Columns = OwedInvoiceColumns.Columns,
            Cells = OwedInvoiceColumns.Cells,
            Rows = Rows.Of(page.Items),
            Head = head,
        };
    }

    /// <summary>The day that is asked for; nobody knows what will be owed on one to come.</summary>
    private async Task<Outcome<DateOnly>> DayAsync(Asked asked, DateOnly? date, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var zone = await connection.QuerySingleOrDefaultAsync<string?>(
            new CommandDefinition(LoadTakings.ZoneOfSeller, new { seller = asked.SellerId.Value }, cancellationToken: cancellationToken)
        );
        var today = SellerClock.DayOf(asked.AsOf, SellerClock.ZoneOf(zone));
        return date > today ? ReportingFaults.DayToCome.At("date", LoadTakings.Text(date.Value), LoadTakings.Text(today)) : date ?? today;
    }

    /// <summary>The ageing at the end of a day, as known at an instant or, where none is given, now.</summary>
    public async Task<IReadOnlyList<AgeingRow>> RunAsync(
        SellerId seller,
        DateOnly on,
        DateTimeOffset? knownAt,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryAgeing");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var owed = await connection.QueryAsync<OwedByDueDate>(
            new CommandDefinition(
                knownAt is null ? OwedNow : OwedThen,
                new
                {
                    seller = seller.Value,
                    // The day after: all of what is asked for stands before it.
                    since = on.AddDays(1),
                    to = on,
                    asOf = knownAt,
                    sinceHour = knownAt is { } at ? LoadTakings.FirstOfHour(at) : default,
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. AgeingBuckets.Rows(owed, on)];
    }

    /// <summary>
    /// A page of the invoices that a bucket, or all of them, are made of. A page looks at so many that were ever open, so it may show fewer
    /// than were asked for, and none, and go on all the same.
    /// </summary>
    private async Task<OwedPage> ListAsync(
        SellerId seller,
        DateOnly on,
        bool isNow,
        string? bucket,
        DateTimeOffset? knownAt,
        (DateOnly Due, Guid Invoice)? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryAgeing.List");
        var (first, last) = bucket is null ? (null, null) : AgeingBuckets.DueDates(bucket, on);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var candidates = (
            await connection.QueryAsync<OwedInvoice>(
                new CommandDefinition(
                    isNow ? OpenNow : Candidates,
                    new
                    {
                        seller = seller.Value,
                        first,
                        last,
                        afterDue = after?.Due,
                        afterInvoice = after?.Invoice,
                        atOnce = LooksAt,
                    },
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        var facts = await LoadTakings.FactsOfAsync(
            connection,
            null,
            [.. candidates.Select(each => (seller, each.InvoiceId.Value))],
            knownAt,
            cancellationToken
        );
        var (shown, next) = (new List<OwedInvoice>(), default(OwedInvoice));
        foreach (var candidate in candidates)
        {
            var open = TakingSums
                .Of([.. facts[(seller, candidate.InvoiceId.Value)]])
                .All.Where(sum => sum.Key.Kind == SumKind.Owed && sum.Key.Day <= on)
                .Sum(sum => sum.Value.Amount);
            next = candidate;
            if (open != 0m)
            {
                shown.Add(candidate with { AmountDue = Money.Of(open, candidate.Currency).Amount });
            }

            if (shown.Count == limit)
            {
                break;
            }
        }

        var isLast = candidates.Count < LooksAt && (next is null || next == candidates[^1]);
        return new OwedPage(shown, isLast ? null : next);
    }

    private static class Cursor
    {
        public static string Of(OwedInvoice last) =>
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{LoadTakings.Text(last.DueDate)}|{last.InvoiceId}"));

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

/// <summary>Invoices of an ageing, and the last one that was looked at; none after the last page.</summary>
internal sealed record OwedPage(IReadOnlyList<OwedInvoice> Items, OwedInvoice? LookedAt);

/// <summary>The invoices of an ageing as formats with columns write them.</summary>
public static class OwedInvoiceColumns
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<ReportColumn> Columns { get; } =
    [
        new("invoiceId", "Invoice", "Factura", ColumnKind.Text),
        new("number", "Number", "Número", ColumnKind.Text),
        new("customerId", "Customer", "Cliente", ColumnKind.Text),
        new("dueDate", "Due date", "Vencimiento", ColumnKind.Date),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("amountDue", "Amount due", "Importe pendiente", ColumnKind.Money),
    ];

    /// <summary>A row's cells.</summary>
    public static object?[] Cells(OwedInvoice row) =>
        [row.InvoiceId.ToString(), row.Number, row.CustomerId, row.DueDate, row.Currency.Code, row.AmountDue];
}
