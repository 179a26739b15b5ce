using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>What is owed, by how long it has been due; the date is the last day that is counted.</summary>
public sealed record Ageing(DateTimeOffset AsOf, DateOnly Date, IReadOnlyList<AgeingRow> Rows);

/// <summary>One currency's amount of one bucket.</summary>
public sealed record AgeingRow(Currency Currency, string Bucket, decimal AmountDue, int Receivables);

/// <summary>
/// What customers owe a seller, by currency and by how long it has been due; every bucket of a currency that has any. As of today, or as
/// of the end of any day before in the seller's zone, by what is known now of that day.
/// </summary>
public sealed class GetAgeing(NpgsqlDataSource database, TimeProvider clock)
{
    private const string ZoneOfSeller = "select time_zone from seller where seller_id = @seller";
    private const string OpenByDay = """
        select currency, due_date, sum(amount_due) as amount_due, count(*)::int as receivables
        from receivable
        where seller_id = @seller and opened_at is not null and settled_at is null
          and (@stores::text[] is null or store_id = any(@stores))
        group by currency, due_date
        """;

    // ReceivableHistory.DueAt says the same of one receivable. What was settled, and of which nothing is later than the instant, owed
    // nothing then.
    private const string OpenByDayAsOf = """
        with owed as (
            select r.currency, r.due_date,
                case
                    when r.cancelled_at <= @at then 0
                    when r.paid_at <= @at and (c.at is null or r.paid_at >= c.at) then 0
                    else greatest(0, coalesce(c.amount_due, r.issued_due))
                end as amount
            from receivable r
            left join lateral (
                select at, amount_due
                from (
                    select version, at, amount_due from receivable_change where seller_id = r.seller_id and invoice_id = r.invoice_id
                    union all
                    select r.balance_version, r.balance_at, r.balance_due where r.balance_version > 0
                ) change
                where at <= @at order by version desc limit 1
            ) c on true
            where r.seller_id = @seller and r.opened_at is not null and r.number is not null
              and (@stores::text[] is null or r.store_id = any(@stores))
              and coalesce(r.issued_at, r.opened_at) <= @at
              and (r.settled_at is null or greatest(r.settled_at, r.balance_at, r.paid_at, r.cancelled_at) > @at)
        )
        select currency, due_date, sum(amount) as amount_due, count(*)::int as receivables
        from owed where amount > 0
        group by currency, due_date
        """;

    /// <summary>The ageing as of now.</summary>
    public async Task<Ageing> RunAsync(SellerId seller, string[]? stores, CancellationToken cancellationToken) =>
        (await RunAsync(seller, null, stores, cancellationToken)).Value;

    /// <summary>The ageing as of the end of a day; of now where no day is given. Of some stores, or of all where none are named.</summary>
    public async Task<Outcome<Ageing>> RunAsync(SellerId seller, string? asOf, string[]? stores, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("GetAgeing");
        var day = default(DateOnly?);
        if (asOf is not null)
        {
            if (!DateOnly.TryParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given))
            {
                return DoorFaults.BadParameter.At("asOf", "asOf", asOf);
            }

            day = given;
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOfSeller, new { seller = seller.Value }) ?? SellerDay.UsualZone;
        var today = SellerDay.At(now, zone)!.Value;
        if (day > today)
        {
            return CollectionsFaults.AgeingToCome.At("asOf", day.Value.ToString("O", CultureInfo.InvariantCulture));
        }

        // A day that is not over is today, and today is now.
        if (day is not { } past || past == today)
        {
            var open = await connection.QueryAsync<OpenDay>(OpenByDay, new { seller = seller.Value, stores });
            return new Ageing(now, today, Buckets(open, today));
        }

        // The last instant that tables tell apart.
        var at = SellerDay.EndOf(past, zone).AddMicroseconds(-1);
        var owed = await connection.QueryAsync<OpenDay>(
            OpenByDayAsOf,
            new
            {
                seller = seller.Value,
                stores,
                at,
            }
        );
        return new Ageing(at, past, Buckets(owed, past));
    }

    private static IReadOnlyList<AgeingRow> Buckets(IEnumerable<OpenDay> open, DateOnly today) =>
        [
            .. open.ToLookup(day => day.Currency)
                .OrderBy(currency => currency.Key.Code, StringComparer.Ordinal)
                .SelectMany(currency =>
                    AgeingBucket.All.Select(bucket =>
                    {
                        var within = currency.Where(day => AgeingBucket.Of(today.DayNumber - day.DueDate.DayNumber) == bucket).ToArray();
                        return new AgeingRow(
                            currency.Key,
                            bucket.Name,
                            Money.Of(within.Sum(day => day.AmountDue), currency.Key).Amount,
                            within.Sum(day => day.Receivables)
                        );
                    })
                ),
        ];

    private sealed record OpenDay
    {
        public Currency Currency { get; init; }

        public DateOnly DueDate { get; init; }

        public decimal AmountDue { get; init; }

        public int Receivables { get; init; }
    }
}
