using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>
/// What is expected to come in, once a seller and day, however many instances there are and whoever asks first. The same look counts how
/// long what is open has been open, holds past forecasts against what came of them, and keeps some of today's to be looked back at.
/// </summary>
public sealed class MakeForecast(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    private const int CustomersAtOnce = 1000;

    // The seller's run is held from its first look to its commit: a second instance waits, and finds it made.
    private const string WaitForMyTurn = "select pg_advisory_xact_lock(72658, hashtext(@seller))";
    private const string ZoneOfSeller = "select time_zone from seller where seller_id = @seller";
    private const string Made = "select made_at, days::text as days from forecast_run where seller_id = @seller and as_of = @today";
    private const string OpenByDates = """
        select coalesce(business, false) as business, coalesce(issue_date, (opened_at at time zone @zone)::date) as issue_date, due_date,
            count(*)::int as count
        from receivable
        where seller_id = @seller and opened_at is not null and settled_at is null
        group by 1, 2, 3
        """;
    private const string SomeCustomers = """
        select * from customer_habit where seller_id = @seller and paid >= 2 order by last_paid_on desc nulls last limit 5000
        """;
    private const string KeepOpen = """
        insert into seller_habit as known
            (seller_id, business, paid_by_age, days_by_age, paid_by_month_part, expected_by_month_part, acts, act_unpaid, act_unmoved,
             open_days_by_age, open_expected_by_month_part, customer_weight)
        values (@seller, @business, @ages, @ages, @parts, @parts, @kinds, @kinds, @kinds, @openDays, @openExpected, @weight)
        on conflict (seller_id, business) do update
        set open_days_by_age = excluded.open_days_by_age, open_expected_by_month_part = excluded.open_expected_by_month_part,
            customer_weight = excluded.customer_weight
        """;

    private const string KeepRun = """
        insert into forecast_run (seller_id, as_of, made_at, days) values (@seller, @today, @now, @days::jsonb)
        """;

    /// <summary>The seller's forecast of today, made now unless it was made already.</summary>
    public async Task<ForecastRun> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("MakeForecast");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var zone = await connection.QuerySingleOrDefaultAsync<string>(
            new CommandDefinition(ZoneOfSeller, new { seller = seller.Value }, cancellationToken: cancellationToken)
        );
        var (now, known) = (clock.GetUtcNow(), zone ?? SellerDay.UsualZone);
        var today = SellerDay.At(now, known) ?? SellerDay.At(now, SellerDay.UsualZone)!.Value;
        if (await FindAsync(connection, null, seller, today, cancellationToken) is { } before)
        {
            return before;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(WaitForMyTurn, new { seller = seller.Value }, transaction, cancellationToken: cancellationToken)
        );
        if (await FindAsync(connection, transaction, seller, today, cancellationToken) is { } meanwhile)
        {
            return meanwhile;
        }

        var (chances, open) = await LearnOpenAsync(connection, transaction, seller, known, today, cancellationToken);
        var calibration = await KeepCalibration.RunAsync(connection, transaction, seller, today, now, cancellationToken);
        var (sums, kept) = await ForecastAsync(seller, chances, calibration, today, now, cancellationToken);
        await KeepScoresAsync(connection, kept, cancellationToken);
        await KeepOpenAsync(connection, transaction, seller, chances, open, cancellationToken);
        var days = sums.Rows();
        await connection.ExecuteAsync(
            new CommandDefinition(
                KeepRun,
                new
                {
                    seller = seller.Value,
                    today,
                    now,
                    days = JsonSerializer.Serialize(days, Wire.Tolerant),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await outbox.AppendAsync(transaction, [.. EventsOf(seller, days, today, now)], cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        return new ForecastRun(today, now, days);
    }

    /// <summary>One event a currency: amounts of two do not add up.</summary>
    private static IEnumerable<IEvent> EventsOf(SellerId seller, IReadOnlyList<ExpectedDay> days, DateOnly today, DateTimeOffset now) =>
        days.GroupBy(day => day.Currency)
            .Select(currency => new ForecastMade
            {
                EventId = EventId.New(),
                SellerId = seller,
                AsOf = today,
                Currency = currency.Key,
                Days =
                [
                    .. currency.Select(day => new ForecastDay
                    {
                        Date = day.Date,
                        Amount = day.Amount,
                        Low = day.Low,
                        High = day.High,
                    }),
                ],
                MadeAt = now,
            });

    private static async Task<ForecastRun?> FindAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        SellerId seller,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        var row = await connection.QuerySingleOrDefaultAsync<RunRow>(
            new CommandDefinition(Made, new { seller = seller.Value, today }, transaction, cancellationToken: cancellationToken)
        );
        return row is null ? null : new ForecastRun(today, row.MadeAt, JsonSerializer.Deserialize<ExpectedDay[]>(row.Days, Wire.Tolerant)!);
    }

    private static async Task<(SellerChances Chances, IReadOnlyDictionary<bool, Habit> Open)> LearnOpenAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        SellerId seller,
        string zone,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        var before = (await LoadHabits.ChancesAsync(connection, transaction, [seller], cancellationToken))[seller];
        var open = new Dictionary<bool, Habit> { [true] = Habit.None, [false] = Habit.None };
        var dates = await connection.QueryAsync<DatesRow>(
            new CommandDefinition(OpenByDates, new { seller = seller.Value, zone }, transaction, cancellationToken: cancellationToken)
        );
        foreach (var each in dates)
        {
            // Through yesterday: today has not passed.
            var exposure = new Exposure
            {
                From = each.IssueDate,
                To = today.AddDays(-1),
                Due = each.DueDate,
                Paid = false,
            };
            open[each.Business] = open[each.Business].With(exposure, before.Segment(each.Business), each.Count);
        }

        var weight = new HazardWeight();
        var customers = await connection.QueryAsync<HabitRow>(
            new CommandDefinition(SomeCustomers, new { seller = seller.Value }, transaction, cancellationToken: cancellationToken)
        );
        foreach (var customer in customers)
        {
            weight.Add(customer.Habit(), before.Seller);
        }

        var best = weight.Best();
        return (SellerChances.Of(before.Businesses, before.Consumers, open[true], open[false], best, best), open);
    }

    /// <summary>Last of all: whoever settles an invoice of the seller waits for these rows, and not for the forecast.</summary>
    private static async Task KeepOpenAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        SellerId seller,
        SellerChances chances,
        IReadOnlyDictionary<bool, Habit> open,
        CancellationToken cancellationToken
    )
    {
        foreach (var (business, sums) in open.OrderBy(each => each.Key))
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    KeepOpen,
                    new
                    {
                        seller = seller.Value,
                        business,
                        ages = new float[AgeBand.Count],
                        parts = new float[MonthPart.Count],
                        kinds = new float[ActKinds.Count],
                        openDays = sums.DaysByAge,
                        openExpected = sums.ExpectedByMonthPart,
                        weight = (float)chances.Weight(business),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );
        }
    }

    private async Task<(ForecastSums Sums, IReadOnlyList<KeptForecast> Kept)> ForecastAsync(
        SellerId seller,
        SellerChances chances,
        Calibration calibration,
        DateOnly today,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (sums, kept) = (new ForecastSums(today), new List<KeptForecast>());
        // Read beside the transaction: what comes in meanwhile is tomorrow's.
        await using var items = await database.OpenConnectionAsync(cancellationToken);
        await using var others = await database.OpenConnectionAsync(cancellationToken);
        var (together, customers) = (new List<OpenItem>(), 0);
        await foreach (var item in LoadOpenItems.OfSellerAsync(items, seller, now, cancellationToken))
        {
            if (together.Count == 0 || together[^1].CustomerKey != item.CustomerKey)
            {
                if (customers == CustomersAtOnce)
                {
                    await AddAsync();
                }

                customers++;
            }

            together.Add(item);
        }

        await AddAsync();
        return (sums, kept);

        async Task AddAsync()
        {
            foreach (var (item, forecast) in await LoadForecasts.OfAsync(others, chances, calibration, together, today, cancellationToken))
            {
                sums.Add(item.Currency, item.AmountDue, forecast);
                if (IsKept(item.InvoiceId, today))
                {
                    kept.Add(new KeptForecast(item, forecast, today));
                }
            }

            together.Clear();
            customers = 0;
        }
    }

    /// <summary>One day a week, another for each invoice.</summary>
    private static bool IsKept(InvoiceId invoice, DateOnly today) => invoice.Value.ToByteArray()[15] % 7 == today.DayNumber % 7;

    private static async Task KeepScoresAsync(
        NpgsqlConnection connection,
        IReadOnlyList<KeptForecast> kept,
        CancellationToken cancellationToken
    )
    {
        if (kept.Count == 0)
        {
            return;
        }

        await using var copy = await connection.BeginBinaryImportAsync(
            "copy forecast_score (seller_id, invoice_id, made_on, quantile_days, from_day, to_day) from stdin (format binary)",
            cancellationToken
        );
        foreach (var (item, forecast, today) in kept)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(item.SellerId.Value, cancellationToken);
            await copy.WriteAsync(item.InvoiceId.Value, cancellationToken);
            await copy.WriteAsync(today, cancellationToken);
            await copy.WriteAsync(forecast.Curve.Days.ToArray(), cancellationToken);
            await copy.WriteAsync((short)(forecast.From.DayNumber - today.DayNumber), cancellationToken);
            if (forecast.To is { } to)
            {
                await copy.WriteAsync((short)(to.DayNumber - today.DayNumber), cancellationToken);
            }
            else
            {
                await copy.WriteNullAsync(cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private sealed record KeptForecast(OpenItem Item, PayForecast Forecast, DateOnly Today);

    private sealed record RunRow
    {
        public DateTimeOffset MadeAt { get; init; }

        public string Days { get; init; } = "";
    }

    private sealed record DatesRow
    {
        public bool Business { get; init; }

        public DateOnly IssueDate { get; init; }

        public DateOnly DueDate { get; init; }

        public int Count { get; init; }
    }
}

/// <summary>A seller's forecast of a day.</summary>
public sealed record ForecastRun(DateOnly AsOf, DateTimeOffset MadeAt, IReadOnlyList<ExpectedDay> Days);
