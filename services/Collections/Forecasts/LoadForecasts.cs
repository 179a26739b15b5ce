using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>Reads what bears on when open invoices are paid, and says when they will be.</summary>
public static class LoadForecasts
{
    private const string Promises = """
        select customer_key, count(*) filter (where standing = 'kept')::int as kept, count(*)::int as judged
        from promise
        where seller_id = @seller and customer_key = any (@customers) and judged_at is not null
        group by customer_key
        """;
    private const string CalibrationOf = "select lower, upper, outcomes, told, held from forecast_calibration where seller_id = @seller";

    /// <summary>The forecasts of everything open of these customers, which are all of one seller and each whole.</summary>
    public static async Task<IReadOnlyList<(OpenItem Item, PayForecast Forecast)>> OfAsync(
        NpgsqlConnection connection,
        SellerChances chances,
        Calibration calibration,
        IReadOnlyList<OpenItem> items,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        var debtors = await DebtorsAsync(connection, chances, items, today, cancellationToken);
        return
        [
            .. items.Select(item =>
            {
                var (hazard, keeps) = debtors[item.CustomerKey];
                var outlook = new PayOutlook
                {
                    DueDate = item.DueDate,
                    PromisedOn = item.OpenPromise?.Date,
                    KeepsPromises = keeps,
                    DisputedShare = item.AmountDue > 0m ? (double)(item.DisputedAmount / item.AmountDue) : 0,
                };
                return (item, PayForecast.Of(outlook, hazard, calibration, today));
            }),
        ];
    }

    /// <summary>How many of their judged promises these customers kept; those that made none are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, (int Kept, int Judged)>> PromisesAsync(
        NpgsqlConnection connection,
        SellerId seller,
        IReadOnlyCollection<string> customers,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryAsync<(string Customer, int Kept, int Judged)>(
                new CommandDefinition(
                    Promises,
                    new { seller = seller.Value, customers = customers.Distinct().ToArray() },
                    cancellationToken: cancellationToken
                )
            )
        ).ToDictionary(row => row.Customer, row => (row.Kept, row.Judged));

    /// <summary>The seller's calibration, and how intervals that were told did.</summary>
    public static async Task<(Calibration Calibration, int Told, int Held)> CalibrationAsync(
        NpgsqlConnection connection,
        SellerId seller,
        CancellationToken cancellationToken
    )
    {
        var row = await connection.QuerySingleOrDefaultAsync<CalibrationRow>(
            new CommandDefinition(CalibrationOf, new { seller = seller.Value }, cancellationToken: cancellationToken)
        );
        return row is null
            ? (Calibration.None, 0, 0)
            : (
                new Calibration
                {
                    Lower = row.Lower,
                    Upper = row.Upper,
                    Outcomes = row.Outcomes,
                },
                row.Told,
                row.Held
            );
    }

    private static async Task<IReadOnlyDictionary<string, (PaymentHazard Hazard, double Keeps)>> DebtorsAsync(
        NpgsqlConnection connection,
        SellerChances chances,
        IReadOnlyList<OpenItem> items,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        if (items.Count == 0)
        {
            return new Dictionary<string, (PaymentHazard, double)>();
        }

        var seller = items[0].SellerId;
        var customers = items.Select(item => (seller, item.CustomerKey)).Distinct().ToArray();
        var habits = await LoadHabits.CustomersAsync(connection, null, customers, cancellationToken);
        var acts = await LoadHabits.ActsAsync(connection, null, customers, cancellationToken);
        var promises = await PromisesAsync(connection, seller, [.. customers.Select(each => each.CustomerKey)], cancellationToken);
        return items
            .GroupBy(item => item.CustomerKey)
            .ToDictionary(
                owed => owed.Key,
                owed =>
                {
                    var (kept, judged) = promises.GetValueOrDefault(owed.Key);
                    return (
                        OpenHazard.Of(
                            chances,
                            habits.GetValueOrDefault((seller, owed.Key)) ?? Habit.None,
                            [.. owed],
                            [.. acts[(seller, owed.Key)]],
                            today
                        ),
                        // As Promises scores them: a uniform prior.
                        (kept + 1.0) / (judged + 2.0)
                    );
                }
            );
    }

    private sealed record CalibrationRow
    {
        public float Lower { get; init; }

        public float Upper { get; init; }

        public int Outcomes { get; init; }

        public int Told { get; init; }

        public int Held { get; init; }
    }
}
