using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>What is owed, by how long it has been due.</summary>
public sealed record Ageing(DateTimeOffset AsOf, IReadOnlyList<AgeingRow> Rows);

/// <summary>One currency's amount of one bucket.</summary>
public sealed record AgeingRow(Currency Currency, string Bucket, decimal AmountDue, int Receivables);

/// <summary>What customers owe a seller today, by currency and by how long it has been due; every bucket of a currency that has any.</summary>
public sealed class GetAgeing(NpgsqlDataSource database, TimeProvider clock)
{
    private const string ZoneOfSeller = "select time_zone from seller where seller_id = @seller";
    private const string OpenByDay = """
        select currency, due_date, sum(amount_due) as amount_due, count(*)::int as receivables
        from receivable
        where seller_id = @seller and opened_at is not null and settled_at is null
        group by currency, due_date
        """;

    /// <summary>The ageing as of now.</summary>
    public async Task<Ageing> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("GetAgeing");
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOfSeller, new { seller = seller.Value });
        var today = SellerDay.At(now, zone ?? SellerDay.UsualZone)!.Value;
        var days = (await connection.QueryAsync<OpenDay>(OpenByDay, new { seller = seller.Value })).ToLookup(day => day.Currency);
        return new Ageing(
            now,
            [
                .. days.OrderBy(currency => currency.Key.Code, StringComparer.Ordinal)
                    .SelectMany(currency =>
                        AgeingBucket.All.Select(bucket =>
                        {
                            var within = currency
                                .Where(day => AgeingBucket.Of(today.DayNumber - day.DueDate.DayNumber) == bucket)
                                .ToArray();
                            return new AgeingRow(
                                currency.Key,
                                bucket.Name,
                                Money.Of(within.Sum(day => day.AmountDue), currency.Key).Amount,
                                within.Sum(day => day.Receivables)
                            );
                        })
                    ),
            ]
        );
    }

    private sealed record OpenDay
    {
        public Currency Currency { get; init; }

        public DateOnly DueDate { get; init; }

        public decimal AmountDue { get; init; }

        public int Receivables { get; init; }
    }
}
