using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>Something that became known of a period's sales, and what it changed in them.</summary>
public sealed record ChangeOfSales
{
    /// <summary>When it became known.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>issued or cancelled.</summary>
    public required string What { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>BT-1.</summary>
    public required string Number { get; init; }

    /// <summary>full, simplified, corrective.</summary>
    public required string Kind { get; init; }

    /// <summary>The day of the sale.</summary>
    public required DateOnly OperationDate { get; init; }

    /// <summary>The event that told of it.</summary>
    public required EventId EventId { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What it changed, without VAT.</summary>
    public required decimal TotalWithoutVat { get; init; }

    /// <summary>VAT.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>With VAT.</summary>
    public required decimal TotalWithVat { get; init; }
}

/// <summary>What a report says now and did not say at an earlier instant: each invoice and cancellation that became known between.</summary>
public sealed class QueryChanges([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    // A cancellation that was known before its invoice changed nothing when it came.
    private const string Between = """
        select s.known_at, 'issued', s.invoice_id, s.number, s.kind, s.operation_date, s.event_id, s.currency,
            s.total_without_vat, s.vat_total, s.total_with_vat
        from sold s
        where s.seller_id = @seller and s.known_at > @since and s.known_at <= @asOf and s.operation_date between @from and @to
          and s.invoices <> 0 and (@stores::text[] is null or s.store_id = any(@stores))
        union all
        select greatest(s.known_at, c.known_at), 'cancelled', s.invoice_id, s.number, s.kind, s.operation_date, c.event_id, s.currency,
            -s.total_without_vat, -s.vat_total, -s.total_with_vat
        from sold_cancelled c join sold s on s.seller_id = c.seller_id and s.invoice_id = c.invoice_id
        where c.seller_id = @seller and greatest(s.known_at, c.known_at) > @since and greatest(s.known_at, c.known_at) <= @asOf
          and s.operation_date between @from and @to and s.invoices <> 0
          and (@stores::text[] is null or s.store_id = any(@stores))
        order by 1, 3, 2 desc
        """;

    private static readonly ReportColumn[] Columns =
    [
        new("knownAt", "Known since", "Conocido desde", ColumnKind.Instant),
        new("what", "What", "Qué", ColumnKind.Text),
        new("invoiceId", "Invoice", "Factura", ColumnKind.Text),
        new("number", "Number", "Número", ColumnKind.Text),
        new("kind", "Kind", "Tipo", ColumnKind.Text),
        new("operationDate", "Day of the sale", "Fecha de operación", ColumnKind.Date),
        new("eventId", "Event", "Evento", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("totalWithoutVat", "Total without VAT", "Base imponible", ColumnKind.Money),
        new("vatTotal", "VAT", "IVA", ColumnKind.Money),
        new("totalWithVat", "Total with VAT", "Total", ColumnKind.Money),
    ];

    /// <summary>What became known after an instant, up to the one the report stands at.</summary>
    public Outcome<Report<ChangeOfSales>> Make(Asked asked, DateTimeOffset since, CancellationToken cancellationToken) =>
        since >= asked.AsOf
            ? ReportingFaults.NoSince.At("since")
            : new Report<ChangeOfSales>
            {
                Name = "sales-changes",
                Columns = Columns,
                Cells = row =>
                    [
                        row.KnownAt,
                        row.What,
                        row.InvoiceId.ToString(),
                        row.Number,
                        row.Kind,
                        row.OperationDate,
                        row.EventId.ToString(),
                        row.Currency.Code,
                        row.TotalWithoutVat,
                        row.VatTotal,
                        row.TotalWithVat,
                    ],
                Rows = RowsAsync(asked, since, cancellationToken),
                Head = new Dictionary<string, object?> { ["since"] = since },
            };

    private async IAsyncEnumerable<ChangeOfSales> RowsAsync(
        Asked asked,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Between, connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new("seller", asked.SellerId.Value),
                new("since", NpgsqlDbType.TimestampTz) { Value = since.UtcDateTime },
                new("asOf", NpgsqlDbType.TimestampTz) { Value = asked.AsOf.UtcDateTime },
                new("from", asked.From),
                new("to", asked.To),
                new("stores", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = (object?)asked.Stores ?? DBNull.Value },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var currency = Currency.Of(reader.GetString(7));
            yield return new ChangeOfSales
            {
                KnownAt = await reader.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken),
                What = reader.GetString(1),
                InvoiceId = InvoiceId.Of(reader.GetGuid(2)),
                Number = reader.GetString(3),
                Kind = reader.GetString(4),
                OperationDate = await reader.GetFieldValueAsync<DateOnly>(5, cancellationToken),
                EventId = EventId.Of(reader.GetGuid(6)),
                Currency = currency,
                TotalWithoutVat = Money.Of(reader.GetDecimal(8), currency).Amount,
                VatTotal = Money.Of(reader.GetDecimal(9), currency).Amount,
                TotalWithVat = Money.Of(reader.GetDecimal(10), currency).Amount,
            };
        }
    }
}
