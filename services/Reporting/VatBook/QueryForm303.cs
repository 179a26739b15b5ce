using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>A box's row, in the reader's language.</summary>
public sealed record FormRow(string Box, string Concept, decimal Amount);

/// <summary>What the invoices of a period declare, for form 303: the sums of its days of operation.</summary>
public sealed class QueryForm303([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const string Sums = """
        select corrective as is_corrective, operation_key, nullif(qualification, '') as qualification, nullif(exemption, '') as exemption,
            nullif(rate, -1) as rate, nullif(surcharge_rate, -1) as surcharge_rate, sum(taxable_amount) as taxable_amount,
            sum(vat_amount) as vat_amount, sum(surcharge_amount) as surcharge_amount
        from told
        group by corrective, operation_key, qualification, exemption, rate, surcharge_rate
        having sum(entries) <> 0
        order by corrective, operation_key, qualification, exemption, rate, surcharge_rate
        """;
    private const string Now = $"""
        with told as (select * from vat_sum where seller_id = @seller and operation_date between @from and @to)
        {Sums}
        """;

    // What was known before an hour is in the sums; of the hour that was under way, what the facts say that had been had by then.
    private const string Then = $"""
        with told as (
            select corrective, operation_key, qualification, exemption, rate, surcharge_rate, entries, taxable_amount, vat_amount, surcharge_amount
            from vat_sum
            where seller_id = @seller and operation_date between @from and @to and known_hour < @hour
            union all
            select left(record_type, 1) = 'R', operation_key, coalesce(qualification, ''), coalesce(exemption, ''), coalesce(rate, -1),
                coalesce(surcharge_rate, -1), sign, sign * taxable_amount, sign * coalesce(vat_amount, 0), sign * coalesce(surcharge_amount, 0)
            from (
                select e.*, 1 as sign from vat_entry e
                where e.seller_id = @seller and e.known_at >= @hour and e.known_at <= @asOf
                union all
                select e.*, -1 from vat_cancelled c join vat_entry e using (seller_id, invoice_id)
                where c.seller_id = @seller and e.known_at <= @asOf and c.known_at <= @asOf
                    and (c.known_at >= @hour or (e.known_at >= @hour and c.known_at < @hour))
            ) fact
            where operation_date between @from and @to and record_type <> 'F3'
        )
        {Sums}
        """;

    private static readonly ReportColumn[] Columns =
    [
        new("box", "Box", "Casilla", ColumnKind.Text),
        new("concept", "Concept", "Concepto", ColumnKind.Text),
        new("amount", "Amount", "Importe", ColumnKind.Money),
    ];

    /// <summary>The report of a period of the form.</summary>
    public async Task<Outcome<Report<FormRow>>> MakeAsync(
        Asked asked,
        int? year,
        string? period,
        string language,
        CancellationToken cancellationToken
    )
    {
        if (year is not { } of || period is null || FormPeriod.Read(of, period) is not { } days)
        {
            return ReportingFaults.NoFormPeriod.At("period");
        }

        var boxes = Form303.Of(await RunAsync(asked.SellerId, days.From, days.To, asked.KnownAt, cancellationToken));
        return new Report<FormRow>
        {
            Name = "form-303",
            Columns = Columns,
            Cells = row => [row.Box, row.Concept, row.Amount],
            Rows = Rows.Of(boxes.Select(box => new FormRow(box.Box, language == "es" ? box.Spanish : box.English, box.Amount))),
            Head = new Dictionary<string, object?>
            {
                ["form"] = Form303.Version,
                ["year"] = days.Year,
                ["period"] = days.Period,
                ["from"] = days.From,
                ["to"] = days.To,
            },
        };
    }

    /// <summary>The sums, as known at an instant or, where none is given, now.</summary>
    public async Task<IReadOnlyList<DeclaredSum>> RunAsync(
        SellerId seller,
        DateOnly from,
        DateOnly to,
        DateTimeOffset? knownAt,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryForm303");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var sums = await connection.QueryAsync<DeclaredSum>(
            new CommandDefinition(
                knownAt is null ? Now : Then,
                new
                {
                    seller = seller.Value,
                    from,
                    to,
                    asOf = knownAt,
                    hour = knownAt is { } at ? FirstOfHour(at) : default,
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. sums.Select(sum => sum with { Rate = Plain(sum.Rate), SurchargeRate = Plain(sum.SurchargeRate) })];
    }

    private static DateTimeOffset FirstOfHour(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);

    private static decimal? Plain(decimal? rate) => rate / 1.0000000000000000000000000000m;
}
