using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Timing;

/// <summary>
/// What came of messages: a message was answered where something that it told of was paid within 48 hours. Each is learned from once, when
/// these have passed. Messages that went at the policy's own time teach as those do whose time was chosen.
/// </summary>
public sealed class LearnAnswers(NpgsqlDataSource database, TimeProvider clock)
{
    private const int AtOnce = 1000;

    private const string Take = """
        with due as (
            select seller_id, notice_id from notice n
            where n.issued_at <= @before and n.issued_at > @notBefore
              and not exists (select from learned_notice l where l.seller_id = n.seller_id and l.notice_id = n.notice_id)
            order by n.issued_at
            limit @atOnce
        )
        insert into learned_notice (seller_id, notice_id, learned_at)
        select seller_id, notice_id, @now from due order by seller_id, notice_id
        on conflict do nothing
        returning seller_id, notice_id
        """;
    private const string Answers = """
        select n.seller_id, n.customer_key, coalesce(c.channel, n.channel) as channel, c.local_hour, n.issued_at,
            coalesce(s.time_zone, 'Europe/Madrid') as zone,
            exists (select from dunning_step d
                    join settlement done on done.seller_id = d.seller_id and done.invoice_id = d.invoice_id
                    where d.seller_id = n.seller_id and d.notice_id = n.notice_id
                      and done.paid and done.settled_at > n.issued_at and done.settled_at <= n.issued_at + interval '48 hours') as answered
        from notice n
        left join seller s on s.seller_id = n.seller_id
        left join send_choice c on c.seller_id = n.seller_id and c.notice_id = n.notice_id
        where (n.seller_id, n.notice_id) in (select * from unnest(@sellers::text[], @notices::uuid[]))
        """;
    private const string Make = """
        insert into answer_habit (seller_id, customer_key, sent, answered)
        select seller_id, customer_key, array_fill(0::real, array[@cells]), array_fill(0::real, array[@cells])
        from unnest(@sellers::text[], @customers::text[]) as told (seller_id, customer_key) order by 1, 2
        on conflict do nothing
        """;
    private const string Lock = """
        select * from answer_habit where (seller_id, customer_key) in (select * from unnest(@sellers::text[], @customers::text[]))
        order by seller_id, customer_key for update
        """;
    private const string Write = """
        update answer_habit set sent = $3, answered = $4 where seller_id = $1 and customer_key = $2
        """;

    private static readonly TimeSpan Window = TimeSpan.FromHours(48);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(60);

    /// <summary>Learns of all whose window has passed; how many messages.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("LearnAnswers");
        var learned = 0;
        int batch;
        do
        {
            batch = await LearnBatchAsync(cancellationToken);
            learned += batch;
        } while (batch == AtOnce);
        return learned;
    }

    private async Task<int> LearnBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var taken = (
            await connection.QueryAsync<(string Seller, Guid Notice)>(
                new CommandDefinition(
                    Take,
                    new
                    {
                        before = now - Window,
                        notBefore = now - Forgotten,
                        now,
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

        var answers = (
            await connection.QueryAsync<AnswerRow>(
                new CommandDefinition(
                    Answers,
                    new { sellers = taken.Select(each => each.Seller).ToArray(), notices = taken.Select(each => each.Notice).ToArray() },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        )
            .Select(answer => (Answer: answer, answer.Cell))
            .Where(each => each.Cell is not null)
            .ToArray();
        // The seller's own row has no customer; its key sorts before all others, so that the order of locks is one.
        var keys = answers
            .SelectMany(each =>
                new[]
                {
                    (Seller: each.Answer.SellerId.Value, Customer: ""),
                    (Seller: each.Answer.SellerId.Value, Customer: each.Answer.CustomerKey),
                }
            )
            .Distinct()
            .ToArray();
        if (keys.Length > 0)
        {
            var parameters = new
            {
                sellers = keys.Select(key => key.Seller).ToArray(),
                customers = keys.Select(key => key.Customer).ToArray(),
                cells = AnswerHabit.Cells,
            };
            await connection.ExecuteAsync(new CommandDefinition(Make, parameters, transaction, cancellationToken: cancellationToken));
            var habits = (
                await connection.QueryAsync<HabitRow>(
                    new CommandDefinition(Lock, parameters, transaction, cancellationToken: cancellationToken)
                )
            ).ToDictionary(row => (row.SellerId, row.CustomerKey));
            foreach (var (answer, cell) in answers)
            {
                foreach (var customer in new[] { "", answer.CustomerKey })
                {
                    var habit = habits[(answer.SellerId.Value, customer)];
                    habit.Sent[cell!.Value]++;
                    habit.Answered[cell.Value] += answer.Answered ? 1 : 0;
                }
            }

            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var habit in habits.Values)
            {
                batch.BatchCommands.Add(
                    new NpgsqlBatchCommand(Write)
                    {
                        Parameters =
                        {
                            new() { Value = habit.SellerId },
                            new() { Value = habit.CustomerKey },
                            new() { Value = habit.Sent },
                            new() { Value = habit.Answered },
                        },
                    }
                );
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return taken.Count;
    }

    private sealed record AnswerRow
    {
        public SellerId SellerId { get; init; }

        public string CustomerKey { get; init; } = "";

        public string Channel { get; init; } = "";

        public short? LocalHour { get; init; }

        public DateTimeOffset IssuedAt { get; init; }

        public string Zone { get; init; } = "";

        public bool Answered { get; init; }

        /// <summary>By the hour that was chosen for the customer's place, else by the seller's clock.</summary>
        public int? Cell =>
            AnswerHabit.CellOf(Channel, HourBand.Of(LocalHour is { } hour ? new TimeOnly(hour, 0) : TimeOnly.FromDateTime(SellerTime())));

        private DateTime SellerTime() =>
            TimeZoneInfo
                .ConvertTime(
                    IssuedAt,
                    TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone)
                        ? zone
                        : TimeZoneInfo.FindSystemTimeZoneById(SellerDay.UsualZone)
                )
                .DateTime;
    }

    private sealed record HabitRow
    {
        public string SellerId { get; init; } = "";

        public string CustomerKey { get; init; } = "";

        public float[] Sent { get; init; } = [];

        public float[] Answered { get; init; } = [];
    }
}
