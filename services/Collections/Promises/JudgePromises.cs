using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>
/// Once its day is over in the customer's zone a promise is judged: kept, kept in part or broken. An instalment that was not kept ends its
/// plan; what is due is asked for again. One that was not kept is judged again when something is told that may have come in time, such as a
/// transfer of that day which was booked on the next; what of its plan is not over stands again then.
/// </summary>
public sealed class JudgePromises(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    private const int AtOnce = 200;

    private const string Zones = """
        select time_zone from promise where cancelled_at is null and judged_at is null
        union
        select time_zone from promise where judge_again
        """;

    // What another instance has in hand it judges as this one would: the standing follows from facts alone.
    private const string Over = """
        select p.seller_id, p.promise_id, p.invoice_id
        from unnest(@zones, @todays) as zone (time_zone, today)
        join promise p on p.time_zone = zone.time_zone and p.date < zone.today
        where p.cancelled_at is null
        """;
    private const string Locked = "order by p.date, p.promise_id limit @atOnce for update of p skip locked";
    private const string LockOver = $"{Over} and p.judged_at is null {Locked}";
    private const string LockAgain = $"{Over} and p.judge_again and p.judged_at is not null {Locked}";
    private const string PromisesOf = """
        select seller_id, promise_id, invoice_id, customer_key, plan_id, date, amount, currency, time_zone, made_at, judged_at, standing,
            kept_amount
        from promise
        where (seller_id, invoice_id) in (select * from unnest(@sellers, @invoices)) and cancelled_at is null
        """;
    private const string Judge = """
        update promise p set judge_again = false, standing = told.standing, kept_amount = told.kept,
            judged_at = case when p.judged_at is null or told.standing = 'kept' then @now else p.judged_at end
        from unnest(@sellers, @promises, @standings, @amounts) as told (seller_id, promise_id, standing, kept)
        where p.seller_id = told.seller_id and p.promise_id = told.promise_id
        """;
    private const string EndPlans = """
        update promise set cancelled_at = @now
        where (seller_id, plan_id) in (select * from unnest(@sellers, @plans)) and cancelled_at is null and judged_at is null
        """;

    // What ended with the judgement that is taken back; not what is over, nor where another instalment was not kept, nor where something
    // else was agreed on meanwhile.
    private const string ResumePlans = """
        update promise p set cancelled_at = null
        from unnest(@sellers, @plans, @ended) as told (seller_id, plan_id, ended_at), unnest(@zones, @todays) as zone (time_zone, today)
        where p.seller_id = told.seller_id and p.plan_id = told.plan_id and p.cancelled_at = told.ended_at and p.judged_at is null
          and p.time_zone = zone.time_zone and p.date >= zone.today
          and not exists (
            select from promise other
            where other.seller_id = p.seller_id and other.plan_id = p.plan_id and other.standing in ('partial', 'broken'))
          and not exists (
            select from promise later
            where later.seller_id = p.seller_id and later.invoice_id = p.invoice_id and later.made_at >= told.ended_at
              and later.cancelled_at is null)
        """;

    /// <summary>Judges all whose day is over; how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("JudgePromises");
        var (judged, batch) = (0, 0);
        do
        {
            batch = await JudgeBatchAsync(cancellationToken);
            judged += batch;
        } while (batch == AtOnce);
        return judged;
    }

    private async Task<int> JudgeBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var days = (await connection.QueryAsync<string>(Zones, transaction: transaction))
            .Select(zone => (Zone: zone, Today: SellerDay.At(now, zone)))
            .Where(day => day.Today is not null)
            .ToArray();
        if (days.Length == 0)
        {
            return 0;
        }

        var (zones, todays) = (days.Select(day => day.Zone).ToArray(), days.Select(day => day.Today!.Value).ToArray());
        var over = (
            await connection.QueryAsync<OverRow>(
                LockOver,
                new
                {
                    zones,
                    todays,
                    atOnce = AtOnce,
                },
                transaction
            )
        ).AsList();
        over.AddRange(
            await connection.QueryAsync<OverRow>(
                LockAgain,
                new
                {
                    zones,
                    todays,
                    atOnce = AtOnce - over.Count,
                },
                transaction
            )
        );
        if (over.Count == 0)
        {
            return 0;
        }

        var whose = over.Select(each => (each.SellerId, each.InvoiceId)).Distinct().ToArray();
        var judged = await StandingsAsync(
            transaction,
            whose,
            [.. over.Select(each => (each.SellerId, each.PromiseId))],
            now,
            cancellationToken
        );
        await connection.ExecuteAsync(
            Judge,
            new
            {
                now,
                sellers = judged.Select(each => each.Row.SellerId.Value).ToArray(),
                promises = judged.Select(each => each.Row.PromiseId).ToArray(),
                standings = judged.Select(each => Word(each.Judged.Standing)).ToArray(),
                amounts = judged.Select(each => each.Judged.KeptAmount).ToArray(),
            },
            transaction
        );
        var ended = judged.Where(each => each.Row.PlanId is not null && each.Judged.Standing != PromiseStanding.Kept).ToArray();
        if (ended.Length > 0)
        {
            await connection.ExecuteAsync(
                EndPlans,
                new
                {
                    now,
                    sellers = ended.Select(each => each.Row.SellerId.Value).ToArray(),
                    plans = ended.Select(each => each.Row.PlanId!.Value).ToArray(),
                },
                transaction
            );
        }

        // What was judged again and is as it was says nothing new.
        var changed = judged.Where(each => !each.Row.Says(each.Judged)).ToArray();
        var resumed = changed
            .Where(each => each.Row is { PlanId: not null, JudgedAt: not null } && each.Judged.Standing == PromiseStanding.Kept)
            .ToArray();
        if (resumed.Length > 0)
        {
            await connection.ExecuteAsync(
                ResumePlans,
                new
                {
                    zones,
                    todays,
                    sellers = resumed.Select(each => each.Row.SellerId.Value).ToArray(),
                    plans = resumed.Select(each => each.Row.PlanId!.Value).ToArray(),
                    ended = resumed.Select(each => each.Row.JudgedAt!.Value.ToUniversalTime()).ToArray(),
                },
                transaction
            );
        }

        foreach (var (row, each) in changed)
        {
            var act = new Act
            {
                By = Actor.System(row.SellerId),
                At = now,
                Kind = "promise-judged",
                InvoiceId = row.InvoiceId,
                CustomerKey = row.CustomerKey,
                Body = new
                {
                    row.PromiseId,
                    row.PlanId,
                    row.Date,
                    row.Amount,
                    Was = row.Standing,
                    Standing = Word(each.Standing),
                    each.KeptAmount,
                },
            };
            await KeepAct.AddAsync(transaction, act, cancellationToken);
        }

        await Dunning.LookAgain.SoonAsync(transaction, whose, now, cancellationToken);
        await outbox.AppendAsync(transaction, [.. changed.Select(each => EventOf(each.Row, each.Judged, now))], cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        return over.Count;
    }

    private static async Task<IReadOnlyList<(Row Row, JudgedPromise Judged)>> StandingsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> whose,
        HashSet<(SellerId, Guid)> over,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        var asked = new
        {
            sellers = whose.Select(each => each.Seller.Value).ToArray(),
            invoices = whose.Select(each => each.Invoice.Value).ToArray(),
        };
        var promises = (await connection.QueryAsync<Row>(PromisesOf, asked, transaction)).AsList();
        var histories = await LoadHistories.OfAsync(connection, transaction, whose, cancellationToken);
        var judged = new List<(Row, JudgedPromise)>();
        foreach (var history in histories)
        {
            var (seller, invoice) = (history.Receivable.SellerId, history.Receivable.InvoiceId);
            var rows = promises.Where(row => row.SellerId == seller && row.InvoiceId == invoice).ToDictionary(row => row.PromiseId);
            judged.AddRange(
                Promise
                    .Standing([.. rows.Values.Select(row => row.Promise())], history, now)
                    .Where(each => over.Contains((seller, each.Promise.PromiseId)))
                    .Select(each => (rows[each.Promise.PromiseId], each))
            );
        }

        return judged;
    }

    private static IEvent EventOf(Row row, JudgedPromise judged, DateTimeOffset now) =>
        new PromiseJudged
        {
            EventId = EventId.New(),
            SellerId = row.SellerId,
            PromiseId = row.PromiseId,
            InvoiceId = row.InvoiceId,
            Date = row.Date,
            Currency = row.Currency,
            Amount = Money.Of(row.Amount, row.Currency).Amount,
            KeptAmount = Money.Of(judged.KeptAmount, row.Currency).Amount,
            Standing = Word(judged.Standing),
            JudgedAt = now,
        };

    private static string Word(PromiseStanding standing) =>
        standing switch
        {
            PromiseStanding.Kept => "kept",
            PromiseStanding.Partial => "partial",
            PromiseStanding.Broken => "broken",
            _ => throw new InvalidOperationException("a promise whose day is over does not stand open"),
        };

    private sealed record OverRow
    {
        public SellerId SellerId { get; init; }

        public Guid PromiseId { get; init; }

        public InvoiceId InvoiceId { get; init; }
    }

    private sealed record Row
    {
        public SellerId SellerId { get; init; }

        public Guid PromiseId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public string CustomerKey { get; init; } = "";

        public Guid? PlanId { get; init; }

        public DateOnly Date { get; init; }

        public decimal Amount { get; init; }

        public Currency Currency { get; init; }

        public string TimeZone { get; init; } = "";

        public DateTimeOffset MadeAt { get; init; }

        public DateTimeOffset? JudgedAt { get; init; }

        public string? Standing { get; init; }

        public decimal? KeptAmount { get; init; }

        public bool Says(JudgedPromise judged) => Standing == Word(judged.Standing) && KeptAmount == judged.KeptAmount;

        public Promise Promise() =>
            new()
            {
                PromiseId = PromiseId,
                Date = Date,
                Amount = Amount,
                TimeZone = TimeZone,
                MadeAt = MadeAt,
            };
    }
}
