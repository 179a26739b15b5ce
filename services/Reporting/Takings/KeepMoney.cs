using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>
/// What is told of invoices, payments and reminders is kept once, and the sums change by the difference of what the facts of its invoice or
/// payment add now and added before. Whoever keeps a batch has the sellers' turn, so nobody else changes them meanwhile.
/// </summary>
public sealed partial class KeepMoney : IProjection
{
    private const string KeepFacts = """
        insert into taking_fact
            (seller_id, subject, event_id, known_at, kind, at, day, currency, amount, part, date, means, provider, payment, version)
        select * from unnest(@sellers, @subjects, @events, @known, @kinds, @at, @days, @currencies, @amounts, @parts, @dates, @means, @providers,
            @payments, @versions)
        on conflict do nothing
        returning subject, event_id
        """;
    private const string KeepChanges = """
        insert into taking_change (seller_id, change_id, known_at, kind, day, due, means, provider, currency, amount, count)
        select * from unnest(@sellers, @ids, @known, @kinds, @days, @dues, @means, @providers, @currencies, @amounts, @counts)
        """;
    private const string AddUp = """
        insert into taking_sum as sum (seller_id, kind, day, due, means, provider, currency, amount, count)
        select seller_id, kind, day, due, means, provider, currency, sum(amount), sum(count)::bigint
        from unnest(@sellers, @known, @kinds, @days, @dues, @means, @providers, @currencies, @amounts, @counts)
            as told (seller_id, known_at, kind, day, due, means, provider, currency, amount, count)
        group by 1, 2, 3, 4, 5, 6, 7
        on conflict (seller_id, kind, day, due, means, provider, currency) do update
        set amount = sum.amount + excluded.amount, count = sum.count + excluded.count
        """;
    private const string AddUpHours = """
        insert into taking_hour as sum (seller_id, kind, day, known_hour, due, means, provider, currency, amount, count)
        select seller_id, kind, day, date_trunc('hour', known_at, 'UTC'), due, means, provider, currency, sum(amount), sum(count)::bigint
        from unnest(@sellers, @known, @kinds, @days, @dues, @means, @providers, @currencies, @amounts, @counts)
            as told (seller_id, known_at, kind, day, due, means, provider, currency, amount, count)
        group by 1, 2, 3, 4, 5, 6, 7, 8
        on conflict (seller_id, kind, day, known_hour, due, means, provider, currency) do update
        set amount = sum.amount + excluded.amount, count = sum.count + excluded.count
        """;
    private const string ZonesOf = "select seller_id, time_zone from seller where seller_id = any(@sellers)";
    private const string AddUpDueDates = """
        insert into taking_due as sum (seller_id, due, currency, amount, count)
        select seller_id, due, currency, sum(amount), sum(count)::bigint
        from unnest(@sellers, @known, @kinds, @days, @dues, @means, @providers, @currencies, @amounts, @counts)
            as told (seller_id, known_at, kind, day, due, means, provider, currency, amount, count)
        where kind = 'owed'
        group by seller_id, due, currency
        on conflict (seller_id, due, currency) do update
        set amount = sum.amount + excluded.amount, count = sum.count + excluded.count
        """;
    private const string KeepDebts = """
        insert into debt (seller_id, invoice_id, number, customer_id, currency, due_date, amount_due)
        select * from unnest(@sellers, @invoices, @numbers, @customers, @currencies, @dues, @amounts)
        on conflict (seller_id, invoice_id) do update set due_date = excluded.due_date, amount_due = excluded.amount_due
        """;
    private const string KeepForecasts = """
        insert into forecast (seller_id, event_id, known_at, as_of, currency, made_at)
        select * from unnest(@sellers, @events, @known, @days, @currencies, @made)
        on conflict do nothing
        """;
    private const string KeepForecastDays = """
        insert into forecast_day (seller_id, event_id, date, amount, low, high)
        select * from unnest(@sellers, @events, @dates, @amounts, @lows, @highs)
        on conflict do nothing
        """;

    /// <inheritdoc />
    public string Name => "money";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } =
    ["taking_fact", "forecast", "forecast_day", "taking_change", "taking_hour", "taking_sum", "taking_due", "debt"];

    /// <inheritdoc />
    public async Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        await KeepForecastsAsync(
            transaction,
            [.. told.Where(each => each.Event is ForecastMade).Select(each => ((ForecastMade)each.Event, each.KnownAt))],
            cancellationToken
        );
        var facts = await FactsOfAsync(transaction, told, cancellationToken);
        if (facts.Length == 0)
        {
            return;
        }

        var isNew = await KeepFactsAsync(transaction, facts, cancellationToken);
        if (isNew.Count == 0)
        {
            return;
        }

        var knownAt = facts
            .Where(each => isNew.Contains((each.Fact.Subject, each.Fact.EventId.Value)))
            .DistinctBy(each => (each.Fact.SellerId, each.Fact.Subject, each.Fact.EventId))
            .ToDictionary(each => (each.Fact.SellerId, each.Fact.Subject, each.Fact.EventId), each => each.KnownAt);
        var touched = knownAt.Keys.Select(key => (key.SellerId, key.Subject)).ToHashSet();
        var known = await LoadTakings.FactsOfAsync(transaction.Connection!, transaction, touched, null, cancellationToken);
        var changes = new SortedDictionary<DateTimeOffset, TakingSums>();
        var debts = new List<Open>();
        foreach (var subject in touched)
        {
            var all = known[subject]
                .Select(fact => (fact, knownAt.TryGetValue((fact.SellerId, fact.Subject, fact.EventId), out var at) ? at : default));
            if (Follow([.. all], changes) is { } open)
            {
                debts.Add(open);
            }
        }

        await WriteAsync(
            transaction,
            [.. changes.SelectMany(at => at.Value.All.Select(sum => (at.Key, sum.Key, sum.Value)))],
            debts,
            cancellationToken
        );
    }

    /// <summary>
    /// What the facts of one invoice or payment change, each when it became known; those that were known before have no instant. The result
    /// is what is open, where the invoice ever was.
    /// </summary>
    private static Open? Follow(
        IReadOnlyList<(TakingFact Fact, DateTimeOffset KnownAt)> facts,
        SortedDictionary<DateTimeOffset, TakingSums> changes
    )
    {
        List<TakingFact> had = [.. facts.Where(each => each.KnownAt == default).Select(each => each.Fact)];
        var before = TakingSums.Of(had);
        var wasOpen = before.IsEverOpen;
        foreach (var step in facts.Where(each => each.KnownAt != default).GroupBy(each => each.KnownAt).OrderBy(step => step.Key))
        {
            had.AddRange(step.Select(each => each.Fact));
            var after = TakingSums.Of(had);
            if (!changes.TryGetValue(step.Key, out var change))
            {
                changes[step.Key] = change = new TakingSums();
            }

            change.AddChange(before, after);
            before = after;
            wasOpen |= after.IsEverOpen;
        }

        return wasOpen ? Open.Of(before, had) : null;
    }

    private static async Task<(TakingFact Fact, DateTimeOffset KnownAt)[]> FactsOfAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        var zones = await ZonesAsync(transaction, [.. told.Select(each => each.Event.SellerId.Value).Distinct()], cancellationToken);
        return
        [
            .. told.SelectMany(each =>
                TakingFact
                    .Of(each.Event, SellerClock.ZoneOf(zones.GetValueOrDefault(each.Event.SellerId.Value)))
                    .Select(fact => (fact, each.KnownAt))
            ),
        ];
    }

    private static async Task<Dictionary<string, string>> ZonesAsync(
        NpgsqlTransaction transaction,
        string[] sellers,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(ZonesOf, transaction.Connection, transaction)
        {
            Parameters = { new("sellers", sellers) },
        };
        var zones = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            zones[reader.GetString(0)] = reader.GetString(1);
        }

        return zones;
    }

    private static async Task<HashSet<(Guid Subject, Guid Event)>> KeepFactsAsync(
        NpgsqlTransaction transaction,
        (TakingFact Fact, DateTimeOffset KnownAt)[] facts,
        CancellationToken cancellationToken
    )
    {
        // What is told twice in one batch is kept once.
        var each = facts.DistinctBy(one => (one.Fact.SellerId, one.Fact.Subject, one.Fact.EventId)).ToArray();
        await using var command = new NpgsqlCommand(KeepFacts, transaction.Connection, transaction)
        {
            Parameters =
            {
                Texts("sellers", each, one => one.Fact.SellerId.Value),
                new("subjects", each.Select(one => one.Fact.Subject).ToArray()),
                new("events", each.Select(one => one.Fact.EventId.Value).ToArray()),
                Instants("known", each, one => one.KnownAt),
                Texts("kinds", each, one => one.Fact.Kind),
                Instants("at", each, one => one.Fact.At),
                new("days", each.Select(one => one.Fact.Day).ToArray()),
                Texts("currencies", each, one => one.Fact.Currency.Code),
                new("amounts", each.Select(one => one.Fact.Amount).ToArray()),
                new("parts", each.Select(one => one.Fact.Part).ToArray()),
                new("dates", NpgsqlDbType.Array | NpgsqlDbType.Date) { Value = each.Select(one => one.Fact.Date).ToArray() },
                Texts("means", each, one => one.Fact.Means),
                Texts("providers", each, one => one.Fact.Provider),
                new("payments", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = each.Select(one => one.Fact.Payment).ToArray() },
                new("versions", each.Select(one => one.Fact.Version).ToArray()),
            },
        };
        var kept = new HashSet<(Guid, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            kept.Add((reader.GetGuid(0), reader.GetGuid(1)));
        }

        return kept;
    }

    private static async Task WriteAsync(
        NpgsqlTransaction transaction,
        (DateTimeOffset KnownAt, SumKey Key, SumFigure Figure)[] changes,
        List<Open> debts,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        if (changes.Length > 0)
        {
            batch.BatchCommands.Add(
                Command(
                    KeepChanges,
                    changes,
                    new NpgsqlParameter("ids", changes.Select(each => Guid.CreateVersion7(each.KnownAt)).ToArray())
                )
            );
            batch.BatchCommands.Add(Command(AddUp, changes));
            batch.BatchCommands.Add(Command(AddUpHours, changes));
            batch.BatchCommands.Add(Command(AddUpDueDates, changes));
        }

        if (debts.Count > 0)
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(KeepDebts)
                {
                    Parameters =
                    {
                        Texts("sellers", debts, each => each.SellerId.Value),
                        new("invoices", debts.Select(each => each.InvoiceId).ToArray()),
                        Texts("numbers", debts, each => each.Number),
                        Texts("customers", debts, each => each.Customer),
                        Texts("currencies", debts, each => each.Currency.Code),
                        new("dues", debts.Select(each => each.Due).ToArray()),
                        new("amounts", debts.Select(each => each.AmountDue).ToArray()),
                    },
                }
            );
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(
        string sql,
        (DateTimeOffset KnownAt, SumKey Key, SumFigure Figure)[] changes,
        params NpgsqlParameter[] others
    )
    {
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                Texts("sellers", changes, each => each.Key.Seller.Value),
                Instants("known", changes, each => each.KnownAt),
                Texts("kinds", changes, each => each.Key.Kind),
                new("days", changes.Select(each => each.Key.Day).ToArray()),
                new("dues", changes.Select(each => each.Key.Due).ToArray()),
                Texts("means", changes, each => each.Key.Means),
                Texts("providers", changes, each => each.Key.Provider),
                Texts("currencies", changes, each => each.Key.Currency.Code),
                new("amounts", changes.Select(each => each.Figure.Amount).ToArray()),
                new("counts", changes.Select(each => each.Figure.Count).ToArray()),
            },
        };
        command.Parameters.AddRange(others);
        return command;
    }

    private static async Task KeepForecastsAsync(
        NpgsqlTransaction transaction,
        (ForecastMade Forecast, DateTimeOffset KnownAt)[] told,
        CancellationToken cancellationToken
    )
    {
        if (told.Length == 0)
        {
            return;
        }

        var each = told.DistinctBy(one => one.Forecast.EventId).ToArray();
        var days = each.SelectMany(one => one.Forecast.Days.DistinctBy(day => day.Date).Select(day => (one.Forecast, Day: day))).ToArray();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(KeepForecasts)
            {
                Parameters =
                {
                    Texts("sellers", each, one => one.Forecast.SellerId.Value),
                    new("events", each.Select(one => one.Forecast.EventId.Value).ToArray()),
                    Instants("known", each, one => one.KnownAt),
                    new("days", each.Select(one => one.Forecast.AsOf).ToArray()),
                    Texts("currencies", each, one => one.Forecast.Currency.Code),
                    Instants("made", each, one => one.Forecast.MadeAt),
                },
            }
        );
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(KeepForecastDays)
            {
                Parameters =
                {
                    Texts("sellers", days, one => one.Forecast.SellerId.Value),
                    new("events", days.Select(one => one.Forecast.EventId.Value).ToArray()),
                    new("dates", days.Select(one => one.Day.Date).ToArray()),
                    new("amounts", days.Select(one => one.Day.Amount).ToArray()),
                    new("lows", NpgsqlDbType.Array | NpgsqlDbType.Numeric) { Value = days.Select(one => one.Day.Low).ToArray() },
                    new("highs", NpgsqlDbType.Array | NpgsqlDbType.Numeric) { Value = days.Select(one => one.Day.High).ToArray() },
                },
            }
        );
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Texts<T>(string name, IReadOnlyCollection<T> each, Func<T, string> value) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = each.Select(value).ToArray() };

    private static NpgsqlParameter Instants<T>(string name, IReadOnlyCollection<T> each, Func<T, DateTimeOffset> value) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = each.Select(one => value(one).ToUniversalTime()).ToArray() };

    /// <summary>What is open of an invoice that was open at the end of a day, by what is known now or was at any time before.</summary>
    private sealed record Open(
        SellerId SellerId,
        Guid InvoiceId,
        string Number,
        string Customer,
        Currency Currency,
        DateOnly Due,
        decimal AmountDue
    )
    {
        public static Open Of(TakingSums sums, IReadOnlyList<TakingFact> facts)
        {
            var issued = Debt.IssuedIn(facts)!;
            return new Open(
                issued.SellerId,
                issued.Subject,
                issued.Means,
                issued.Provider,
                issued.Currency,
                issued.Date ?? SumKey.NoDate,
                sums.All.Where(sum => sum.Key.Kind == SumKind.Owed).Sum(sum => sum.Value.Amount)
            );
        }
    }
}
