using System.Runtime.CompilerServices;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>
/// The book of issued invoices of a period, by day of operation, then of issue, then by number; what was cancelled is not in it. Its lines come
/// as they are read.
/// </summary>
public sealed class QueryBook([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database, QueryForm303 declared)
{
    private const string Lines = """
        select e.invoice_id, e.part, e.record_type, e.issue_date, e.operation_date, e.series, e.number, e.buyer_id_type, e.buyer_country,
            e.buyer_id, e.buyer_name, e.operation_key, e.qualification, e.exemption, e.total, e.taxable_amount, e.rate, e.vat_amount,
            e.surcharge_rate, e.surcharge_amount
        from vat_entry e
        where e.seller_id = @seller and e.operation_date between @from and @to and e.known_at <= @asOf
            and not exists (
                select from vat_cancelled c where c.seller_id = e.seller_id and c.invoice_id = e.invoice_id and c.known_at <= @asOf
            )
        order by e.operation_date, e.issue_date, e.series, e.number, e.invoice_id, e.part
        """;

    // A year of a large shop takes longer to read than a request may; whoever stops reading stops it.
    private const int Longest = 3600;

    /// <summary>The report: its lines, and what they declare together.</summary>
    public async Task<Outcome<Report<BookEntry>>> MakeAsync(Asked asked, CancellationToken cancellationToken)
    {
        var sums = await declared.RunAsync(asked.SellerId, asked.From, asked.To, asked.KnownAt, cancellationToken);
        return new Report<BookEntry>
        {
            Name = "vat-book",
            Columns = BookLayout.Named,
            Cells = BookLayout.Cells,
            Rows = RunAsync(asked.SellerId, asked.From, asked.To, asked.AsOf, cancellationToken),
            Head = new Dictionary<string, object?> { ["layout"] = BookLayout.Version, ["declared"] = Declared.Of(sums) },
        };
    }

    /// <summary>The lines, as known at an instant.</summary>
    public async IAsyncEnumerable<BookEntry> RunAsync(
        SellerId seller,
        DateOnly from,
        DateOnly to,
        DateTimeOffset knownAt,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryBook");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Lines, connection)
        {
            CommandTimeout = Longest,
            Parameters = { new("seller", seller.Value), new("from", from), new("to", to), new("asOf", knownAt.ToUniversalTime()) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new BookEntry
            {
                SellerId = seller,
                InvoiceId = InvoiceId.Of(reader.GetGuid(0)),
                Part = reader.GetInt16(1),
                RecordType = reader.GetString(2),
                IssueDate = await reader.GetFieldValueAsync<DateOnly>(3, cancellationToken),
                OperationDate = await reader.GetFieldValueAsync<DateOnly>(4, cancellationToken),
                Series = reader.GetString(5),
                Number = reader.GetString(6),
                BuyerIdType = Text(7),
                BuyerCountry = Text(8),
                BuyerId = Text(9),
                BuyerName = reader.GetString(10),
                OperationKey = reader.GetString(11),
                Qualification = Text(12),
                Exemption = Text(13),
                Total = Coins(14)!.Value,
                TaxableAmount = Coins(15)!.Value,
                Rate = Percent(16),
                VatAmount = Coins(17),
                SurchargeRate = Percent(18),
                SurchargeAmount = Coins(19),
            };
        }

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        decimal? Coins(int column) => reader.IsDBNull(column) ? null : Money.Of(reader.GetDecimal(column), Currency.Eur).Amount;
        // Without the zeros that the table's scale adds.
        decimal? Percent(int column) => reader.IsDBNull(column) ? null : reader.GetDecimal(column) / 1.0000000000000000000000000000m;
    }
}
