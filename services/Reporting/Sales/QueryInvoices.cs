using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>An invoice within a row of a sales report: what it adds to that row, and the sales and the event that it comes from.</summary>
public sealed record InvoiceOfRow
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>BT-1.</summary>
    public required string Number { get; init; }

    /// <summary>full, simplified, corrective.</summary>
    public required string Kind { get; init; }

    /// <summary>The day of the sale.</summary>
    public required DateOnly OperationDate { get; init; }

    /// <summary>The sales that it is of.</summary>
    public required IReadOnlyList<string> SaleIds { get; init; }

    /// <summary>The event that told of it.</summary>
    public required EventId EventId { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What it adds to the row, without VAT.</summary>
    public required decimal TotalWithoutVat { get; init; }

    /// <summary>VAT.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>With VAT.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>Since when it is known.</summary>
    public required DateTimeOffset KnownAt { get; init; }
}

/// <summary>The invoices that a row of a sales report is made of, page by page in the order of their days.</summary>
public sealed class QueryInvoices([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const int Most = 200;

    private const string Columns = """
        s.invoice_id, s.number, s.kind, s.operation_date, s.sale_ids, s.event_id, s.currency, s.known_at
        """;
    private const string Standing = """
        s.seller_id = @seller and s.operation_date between @from and @to and s.known_at <= @asOf and s.invoices <> 0
        and (@stores::text[] is null or s.store_id = any(@stores))
        and not exists (
            select from sold_cancelled c where c.seller_id = s.seller_id and c.invoice_id = s.invoice_id and c.known_at <= @asOf
        )
        """;
    private const string Page = "order by s.operation_date, s.invoice_id limit @limit + 1";

    private const string OfSales = $"""
        select {Columns}, s.total_without_vat, s.vat_total, s.total_with_vat
        from sold s where {Standing} and (s.operation_date, s.invoice_id) > (@afterDay, @afterId)
        """;
    private const string ByTime = $"{OfSales} and (@hour is null or s.hour = @hour) {Page}";
    private const string ByStore = $"{OfSales} and s.store_id = @key {Page}";
    private const string ByTill = $"""
        {OfSales} and s.store_id || case when s.till_id = '' then '' else '/' || s.till_id end = @key {Page}
        """;
    private const string ByChannel = $"{OfSales} and s.channel = @key {Page}";
    private const string ByCustomer = $"{OfSales} and s.customer_id = @key {Page}";
    private const string ByRate = $"""
        select {Columns}, v.total_without_vat, v.vat_total, v.total_with_vat
        from sold_vat v
        join sold s on s.seller_id = v.seller_id and s.operation_date = v.operation_date and s.invoice_id = v.invoice_id
        where v.seller_id = @seller and v.operation_date between @from and @to and v.rate = @rate and {Standing}
          and (v.operation_date, v.invoice_id) > (@afterDay, @afterId) {Page}
        """;
    private const string ByProduct = $"""
        select {Columns}, l.net_amount as total_without_vat, l.gross_amount - l.net_amount as vat_total, l.gross_amount as total_with_vat
        from (
            select seller_id, operation_date, invoice_id, sum(net_amount) as net_amount, sum(gross_amount) as gross_amount
            from sold_line
            where seller_id = @seller and product = @key and operation_date between @from and @to
              and (operation_date, invoice_id) > (@afterDay, @afterId)
            group by seller_id, operation_date, invoice_id
        ) l
        join sold s on s.seller_id = l.seller_id and s.operation_date = l.operation_date and s.invoice_id = l.invoice_id
        where {Standing} {Page}
        """;

    private static readonly ReportColumn[] InvoiceColumns =
    [
        new("invoiceId", "Invoice", "Factura", ColumnKind.Text),
        new("number", "Number", "Número", ColumnKind.Text),
        new("kind", "Kind", "Tipo", ColumnKind.Text),
        new("operationDate", "Day of the sale", "Fecha de operación", ColumnKind.Date),
        new("saleIds", "Sales", "Ventas", ColumnKind.Text),
        new("eventId", "Event", "Evento", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("totalWithoutVat", "Total without VAT", "Base imponible", ColumnKind.Money),
        new("vatTotal", "VAT", "IVA", ColumnKind.Money),
        new("totalWithVat", "Total with VAT", "Total", ColumnKind.Money),
        new("knownAt", "Known since", "Conocida desde", ColumnKind.Instant),
    ];

    /// <summary>A page of them; the head has the cursor of the next where there is one.</summary>
    public async Task<Outcome<Report<InvoiceOfRow>>> MakeAsync(
        Asked asked,
        string? groupBy,
        string? key,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryInvoices");
        if (!Grouping.All.TryGetValue(string.IsNullOrEmpty(groupBy) ? "day" : groupBy, out var grouping))
        {
            return ReportingFaults.UnknownGrouping.At("groupBy", groupBy, Grouping.Names);
        }

        // The customer nobody knows and the product that is none have an empty key.
        if (key is null)
        {
            return ReportingFaults.NoKey.At("key", grouping.Name);
        }

        var days = grouping.DaysOf(key);
        decimal? rate =
            grouping.Name == "vat" && decimal.TryParse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var known)
                ? known
                : null;
        if ((grouping.IsOfTime && days is null) || (grouping.Name == "vat" && rate is null or >= 100_000m) || key.Contains('\0'))
        {
            return ReportingFaults.BadRowKey.At("key", key, grouping.Name, grouping.Example);
        }

        if (limit is < 1 or > Most)
        {
            return DoorFaults.BadParameter.At("limit", "limit", $"1-{Most}");
        }

        var after = (Day: DateOnly.MinValue, Id: Guid.Empty);
        if (!string.IsNullOrEmpty(cursor))
        {
            if (PlaceOf(cursor) is not { } place)
            {
                return DoorFaults.BadParameter.At("cursor", "cursor", "the cursor of the page before");
            }

            after = place;
        }

        var page = limit ?? Most;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (
            await connection.QueryAsync<Found>(
                new CommandDefinition(
                    SqlOf(grouping),
                    new
                    {
                        seller = asked.SellerId.Value,
                        stores = asked.Stores,
                        from = days is { } narrow && narrow.First > asked.From ? narrow.First : asked.From,
                        to = days is { } narrower && narrower.Last < asked.To ? narrower.Last : asked.To,
                        asOf = asked.AsOf,
                        key,
                        rate = rate ?? 0m,
                        hour = days?.Hour,
                        afterDay = after.Day,
                        afterId = after.Id,
                        limit = page,
                    },
                    cancellationToken: cancellationToken
                )
            )
        ).ToList();
        var head = new Dictionary<string, object?>();
        if (found.Count > page)
        {
            found.RemoveAt(page);
            head["cursor"] = CursorOf(found[^1].OperationDate, found[^1].InvoiceId.Value);
        }

        return new Report<InvoiceOfRow>
        {
            Name = "sales-invoices",
            Columns = InvoiceColumns,
            Cells = Cells,
            Rows = Rows.Of(found.Select(row => row.Rounded())),
            Head = head,
        };
    }

    private static string SqlOf(Grouping grouping) =>
        grouping.Name switch
        {
            "store" => ByStore,
            "till" => ByTill,
            "channel" => ByChannel,
            "customer" => ByCustomer,
            "vat" => ByRate,
            "sku" => ByProduct,
            _ => ByTime.Replace("@hour is null", "@hour::smallint is null", StringComparison.Ordinal),
        };

    private static object?[] Cells(InvoiceOfRow row) =>
        [
            row.InvoiceId.ToString(),
            row.Number,
            row.Kind,
            row.OperationDate,
            string.Join(' ', row.SaleIds),
            row.EventId.ToString(),
            row.Currency.Code,
            row.TotalWithoutVat,
            row.VatTotal,
            row.TotalWithVat,
            row.KnownAt,
        ];

    private static string CursorOf(DateOnly day, Guid invoice) =>
        Convert
            .ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} {invoice:D}")))
            .Replace('+', '-')
            .Replace('/', '_')
            .TrimEnd('=');

    private static (DateOnly Day, Guid Id)? PlaceOf(string cursor)
    {
        Span<byte> bytes = stackalloc byte[64];
        var padded = cursor.Replace('-', '+').Replace('_', '/') + new string('=', (4 - cursor.Length % 4) % 4);
        if (cursor.Length > 80 || !Convert.TryFromBase64String(padded, bytes, out var length) || length != 47)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes[..length]);
        return
            DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && Guid.TryParseExact(text[11..], "D", out var id)
            ? (day, id)
            : null;
    }

    private sealed record Found
    {
        public InvoiceId InvoiceId { get; init; }

        public string Number { get; init; } = "";

        public string Kind { get; init; } = "";

        public DateOnly OperationDate { get; init; }

        public string[] SaleIds { get; init; } = [];

        public EventId EventId { get; init; }

        public Currency Currency { get; init; }

        public decimal TotalWithoutVat { get; init; }

        public decimal VatTotal { get; init; }

        public decimal TotalWithVat { get; init; }

        public DateTimeOffset KnownAt { get; init; }

        public InvoiceOfRow Rounded() =>
            new()
            {
                InvoiceId = InvoiceId,
                Number = Number,
                Kind = Kind,
                OperationDate = OperationDate,
                SaleIds = SaleIds,
                EventId = EventId,
                Currency = Currency,
                TotalWithoutVat = Money.Of(TotalWithoutVat, Currency).Amount,
                VatTotal = Money.Of(VatTotal, Currency).Amount,
                TotalWithVat = Money.Of(TotalWithVat, Currency).Amount,
                KnownAt = KnownAt,
            };
    }
}
