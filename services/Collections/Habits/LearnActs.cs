using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// What came of people's acts: an act was about everything that its customer had overdue, and each of those invoices was paid within
/// fourteen days or was not. Each act is learned from once, when its window has passed.
/// </summary>
public sealed partial class LearnActs(NpgsqlDataSource database, TimeProvider clock, ILogger<LearnActs> log)
{
    private const int AtOnce = 200;

    // What was missed for two months is not learned any more: the window is long forgotten, and the look stays short.
    private const string Due = """
        from act a
        where a.kind in ('call', 'email', 'sms', 'letter', 'visit', 'plan-made') and a.customer_key is not null
          and a.at <= @before and a.at > @notBefore
          and not exists (select from judged_act j where j.seller_id = a.seller_id and j.act_id = a.act_id)
        """;
    private const string Sellers = $"select distinct a.seller_id {Due} order by a.seller_id";
    private const string Take = $"""
        with due as (
            select seller_id, act_id {Due} and (@seller::text is null or a.seller_id = @seller)
            order by a.at
            limit @atOnce
        )
        insert into judged_act (seller_id, act_id, judged_at)
        select seller_id, act_id, @now from due order by seller_id, act_id
        on conflict do nothing
        returning seller_id, act_id
        """;
    private const string Outcomes = """
        select a.seller_id, a.customer_key, a.kind, a.at, coalesce(s.time_zone, 'Europe/Madrid') as zone,
            coalesce(r.business, false) as business, r.due_date, done.settled_at, done.paid
        from act a
        left join seller s on s.seller_id = a.seller_id
        join receivable r on r.seller_id = a.seller_id and r.customer_key = a.customer_key
        left join settlement done on done.seller_id = r.seller_id and done.invoice_id = r.invoice_id
        where (a.seller_id, a.act_id) in (select * from unnest(@sellers::text[], @acts::uuid[]))
          and r.opened_at <= a.at and r.due_date < (a.at at time zone coalesce(s.time_zone, 'Europe/Madrid'))::date
          and (done.settled_at is null or done.settled_at > a.at)
        order by a.at, a.act_id
        """;

    private static readonly TimeSpan Window = TimeSpan.FromDays(ActKinds.Window);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(60);

    /// <summary>Learns of all whose window has passed; how many acts.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("LearnActs");
        try
        {
            return await LearnAsync(null, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogApart(exception, exception.Message);
        }

        // One seller's trouble is not the others': each is learned of alone, and whose trouble it is waits for its next morning.
        var learned = 0;
        foreach (var seller in await SellersAsync(cancellationToken))
        {
            try
            {
                learned += await LearnAsync(seller, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception, seller, exception.Message);
            }
        }

        return learned;
    }

    private async Task<IReadOnlyList<string>> SellersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var sellers = await connection.QueryAsync<string>(
            new CommandDefinition(Sellers, new { before = now - Window, notBefore = now - Forgotten }, cancellationToken: cancellationToken)
        );
        return sellers.AsList();
    }

    private async Task<int> LearnAsync(string? seller, CancellationToken cancellationToken)
    {
        var learned = 0;
        int batch;
        do
        {
            batch = await LearnBatchAsync(seller, cancellationToken);
            learned += batch;
        } while (batch == AtOnce);
        return learned;
    }

    private async Task<int> LearnBatchAsync(string? seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var taken = (
            await connection.QueryAsync<(string Seller, Guid Act)>(
                new CommandDefinition(
                    Take,
                    new
                    {
                        before = now - Window,
                        notBefore = now - Forgotten,
                        now,
                        seller,
                        atOnce = AtOnce,
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        if (taken.Count == 0)
        {
            return 0;
        }

        var outcomes = (
            await connection.QueryAsync<OutcomeRow>(
                new CommandDefinition(
                    Outcomes,
                    new { sellers = taken.Select(each => each.Seller).ToArray(), acts = taken.Select(each => each.Act).ToArray() },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        )
            // Nobody paid what was given up on or should never have been asked for; that says nothing of the act.
            .Where(each => each.SettledAt is null || each.SettledAt > each.At + Window || each.Paid == true)
            .ToArray();
        if (outcomes.Length > 0)
        {
            var habits = await KeepHabits.LockAsync(
                transaction,
                [.. outcomes.Select(each => (each.SellerId, each.CustomerKey, each.Business)).Distinct()],
                cancellationToken
            );
            foreach (var outcome in outcomes)
            {
                var hazard = habits
                    .Chances(outcome.SellerId)
                    .Customer(outcome.Business, habits.Customer(outcome.SellerId, outcome.CustomerKey));
                var day = SellerDay.At(outcome.At, outcome.Zone) ?? SellerDay.At(outcome.At, SellerDay.UsualZone)!.Value;
                var unmoved = 1 - hazard.Within(outcome.DueDate, day, ActKinds.Window);
                var paid = outcome.Paid == true && outcome.SettledAt <= outcome.At + Window;
                var kind = ActKinds.Of(outcome.Kind)!.Value;
                habits.Learn(
                    outcome.SellerId,
                    outcome.CustomerKey,
                    outcome.Business,
                    habit => habit.With(kind, paid, unmoved),
                    habit => habit.With(kind, paid, unmoved)
                );
            }

            await habits.WriteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return taken.Count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Acts are learned of seller by seller: {Reason}")]
    private partial void LogApart(Exception exception, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The acts of seller {Seller} are learned another morning: {Reason}")]
    private partial void LogFailed(Exception exception, string seller, string reason);

    private sealed record OutcomeRow
    {
        public SellerId SellerId { get; init; }

        public string CustomerKey { get; init; } = "";

        public string Kind { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public string Zone { get; init; } = "";

        public bool Business { get; init; }

        public DateOnly DueDate { get; init; }

        public DateTimeOffset? SettledAt { get; init; }

        public bool? Paid { get; init; }
    }
}
