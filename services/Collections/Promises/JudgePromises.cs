using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>
/// Once its day is over in the customer's zone a promise is judged, once: kept, kept in part or broken. An instalment that was not kept
/// ends its plan; what is due is asked for again.
/// </summary>
public sealed class JudgePromises(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    private const int AtOnce = 200;

    private const string Zones = "select distinct time_zone from promise where cancelled_at is null and judged_at is null";

    // What another instance has in hand it judges as this one would: the standing follows from facts alone.
    private const string LockOver = """
        select p.seller_id, p.promise_id, p.invoice_id
        from unnest(@zones, @todays) as zone (time_zone, today)
        join promise p on p.time_zone = zone.time_zone and p.date < zone.today
        where p.cancelled_at is null and p.judged_at is null
        order by p.date, p.promise_id
        limit @atOnce
        for update of p skip locked
        """;
    private const string PromisesOf = """
        select seller_id, promise_id, invoice_id, customer_key, plan_id, date, amount, currency, time_zone, made_at
        from promise
        where (seller_id, invoice_id) in (select * from unnest(@sellers, @invoices)) and cancelled_at is null
        """;
    private const string Judge = """
        update promise p set judged_at = @now, standing = told.standing, kept_amount = told.kept
        from unnest(@sellers, @promises, @standings, @amounts) as told (seller_id, promise_id, standing, kept)
        where p.seller_id = told.seller_id and p.promise_id = told.promise_id
        """;
    private const string EndPlans = """
        update promise set cancelled_at = @now
        where (seller_id, plan_id) in (select * from unnest(@sellers, @plans)) and cancelled_at is null and judged_at is null
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

        var over = (
            await connection.QueryAsync<Over>(
                LockOver,
                new
                {
                    zones = days.Select(day => day.Zone).ToArray(),
                    todays = days.Select(day => day.Today!.Value).ToArray(),
                    atOnce = AtOnce,
                },
                transaction
            )
        ).AsList();
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

        foreach (var (row, each) in judged)
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
                    Standing = Word(each.Standing),
                    each.KeptAmount,
                },
            };
            await KeepAct.AddAsync(transaction, act, cancellationToken);
        }

        await Dunning.LookAgain.SoonAsync(transaction, whose, now, cancellationToken);
        await outbox.AppendAsync(transaction, [.. judged.Select(each => EventOf(each.Row, each.Judged, now))], cancellationToken);
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

    private sealed record Over
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
