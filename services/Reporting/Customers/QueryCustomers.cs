using Dapper;
using Npgsql;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Customers;

/// <summary>A customer's row.</summary>
public sealed record CustomerRow
{
    /// <summary>The customer.</summary>
    public required string Customer { get; init; }

    /// <summary>Currency of the value.</summary>
    public required string Currency { get; init; }

    /// <summary>The first day bought on in the period.</summary>
    public required DateOnly First { get; init; }

    /// <summary>The last day bought on.</summary>
    public required DateOnly Last { get; init; }

    /// <summary>Days from that to the end of the period.</summary>
    public required int Recency { get; init; }

    /// <summary>Invoices, corrective ones apart.</summary>
    public required long Frequency { get; init; }

    /// <summary>With VAT, net of what came back.</summary>
    public required decimal Value { get; init; }

    /// <summary>1 to 5.</summary>
    public required int RecencyScore { get; init; }

    /// <summary>1 to 5.</summary>
    public required int FrequencyScore { get; init; }

    /// <summary>1 to 5.</summary>
    public required int ValueScore { get; init; }

    /// <summary>How likely a silence as long is for this customer's rhythm, percent.</summary>
    public decimal? SilenceChance { get; init; }
}

/// <summary>The customers of a period by how recently, how often and for how much they bought; who bought anonymously is nobody here.</summary>
public sealed class QueryCustomers([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const string Bought = """
        select customer_id as customer, currency, min(day) filter (where sold > 0) as first, max(day) filter (where sold > 0) as last,
            count(*) filter (where sold > 0) as days, sum(sold)::bigint as invoices, sum(value) as value
        from (
            select customer_id, currency, day, sum(invoices - return_invoices) as sold, sum(total_with_vat) as value from told
            where customer_id <> '' group by customer_id, currency, day
        ) daily
        group by customer_id, currency
        having sum(sold) > 0 and bool_or(sold > 0)
        """;
    private static readonly string Now = $"with {KnownAt.Told(KnownAt.Customers, back: false)} {Bought}";
    private static readonly string Then = $"with {KnownAt.Told(KnownAt.Customers, back: true)} {Bought}";

    private static readonly ReportColumn[] Columns =
    [
        new("customer", "Customer", "Cliente", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("first", "First purchase", "Primera compra", ColumnKind.Date),
        new("last", "Last purchase", "Última compra", ColumnKind.Date),
        new("recency", "Days since", "Días desde", ColumnKind.Whole),
        new("frequency", "Invoices", "Facturas", ColumnKind.Whole),
        new("value", "Value", "Valor", ColumnKind.Money),
        new("recencyScore", "Recency 1-5", "Recencia 1-5", ColumnKind.Whole),
        new("frequencyScore", "Frequency 1-5", "Frecuencia 1-5", ColumnKind.Whole),
        new("valueScore", "Value 1-5", "Valor 1-5", ColumnKind.Whole),
        new("silenceChance", "Chance of the silence %", "Probabilidad del silencio %", ColumnKind.Percent),
    ];

    /// <summary>The report.</summary>
    public async Task<Outcome<Report<CustomerRow>>> MakeAsync(Asked asked, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("QueryCustomers");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var bought = await connection.QueryAsync<Bought>(
            new CommandDefinition(asked.KnownAt is null ? Now : Then, Values(asked), cancellationToken: cancellationToken)
        );
        var rows = CustomerValue
            .Of([.. bought.Select(each => each with { Value = Money(each.Value, each.Currency) })], asked.To)
            .Select(each => new CustomerRow
            {
                Customer = each.Bought.Customer,
                Currency = each.Bought.Currency,
                First = each.Bought.First,
                Last = each.Bought.Last,
                Recency = each.Recency,
                Frequency = each.Bought.Invoices,
                Value = each.Bought.Value,
                RecencyScore = each.RecencyScore,
                FrequencyScore = each.FrequencyScore,
                ValueScore = each.ValueScore,
                SilenceChance = each.SilenceChance,
            });
        return new Report<CustomerRow>
        {
            Name = "customers",
            Columns = Columns,
            Cells = row =>
                [
                    row.Customer,
                    row.Currency,
                    row.First,
                    row.Last,
                    (long)row.Recency,
                    row.Frequency,
                    row.Value,
                    (long)row.RecencyScore,
                    (long)row.FrequencyScore,
                    (long)row.ValueScore,
                    row.SilenceChance,
                ],
            Rows = Rows.Of(rows),
        };
    }

    private static object Values(Asked asked)
    {
        var spans = Spans.Of(asked.From, asked.To, "d");
        return new
        {
            seller = asked.SellerId.Value,
            from = asked.From,
            to = asked.To,
            asOf = asked.AsOf,
            grains = spans.Grains,
            firsts = spans.Firsts,
            lasts = spans.Lasts,
        };
    }

    internal static decimal Money(decimal amount, string currency) => Contracts.Money.Of(amount, Contracts.Currency.Of(currency)).Amount;
}
