using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Checkouts;

namespace RetailInvoicing.Payments.Providers;

/// <summary>An account's notices taken on, and what becomes of each: applied, put off, or given up.</summary>
public sealed partial class ApplyNotices
{
    private const int MostOfReason = 500;

    // One instance at a time books for an account: two would wait for each other's locks.
    private const string LockOthersOut = "select pg_try_advisory_xact_lock(hashtextextended('provider-notices ' || @Name, 0))";

    private const string NextOnes = """
        select event_id, received_at, facts, attempts from provider_notice
        where seller_id = @SellerId and provider = @Provider and state = 'waiting' and next_try_at <= @Now
        order by next_try_at, position limit @Most for update skip locked
        """;

    private const string Write = """
        update provider_notice p
        set state = n.state, attempts = n.attempts, next_try_at = n.next_try_at, reason = n.reason
        from unnest(@Events, @States, @Attempts, @Tries, @Reasons) as n (event_id, state, attempts, next_try_at, reason)
        where p.seller_id = @SellerId and p.provider = @Provider and p.event_id = n.event_id and p.state = 'waiting'
        """;

    /// <summary>The account cannot be opened: its notices wait until it can be.</summary>
    private async Task<bool> PutOffAllAsync(DueAccount due, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var rows = await TakeAsync(connection, transaction, due, AtOnce, now, cancellationToken);
        // However long it takes: what is missing is an operator's key, and nothing of theirs.
        var written = rows.ConvertAll(row =>
            row with
            {
                State = "waiting",
                NextTryAt = now + pace.WaitWhileAway,
                Reason = "the account cannot be opened here",
            }
        );
        await WriteAsync(connection, transaction, due, written, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count > 0;
    }

    private static async Task<List<Row>> TakeAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        DueAccount due,
        int most,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var isMine = await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                LockOthersOut,
                new { Name = $"{due.SellerId} {due.Provider}" },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return isMine
            ? (
                await connection.QueryAsync<Row>(
                    new CommandDefinition(
                        NextOnes,
                        new
                        {
                            due.SellerId,
                            due.Provider,
                            Now = now,
                            Most = most,
                        },
                        transaction,
                        cancellationToken: cancellationToken
                    )
                )
            ).ToList()
            : [];
    }

    /// <summary>
    /// What becomes of a notice: it is applied where nothing holds it up, else it waits, and is given up after days. By then everything
    /// that is ours is known: what is told of any other payment is of what the seller does there without us.
    /// </summary>
    private Row After(Row row, IReadOnlyList<PutOffFact> putOff, DateTimeOffset now)
    {
        var attempts = row.Attempts + 1;
        var waits = putOff.Count > 0;
        var isOver = waits && now - row.ReceivedAt >= pace.NoticesGivenUpAfter;
        var reason = waits ? putOff[0].Reason : null;
        return row with
        {
            Attempts = attempts,
            State =
                !waits || (isOver && putOff.All(each => each.IsForeign)) ? "applied"
                : isOver ? "failed"
                : "waiting",
            NextTryAt = waits && !isOver ? now + pace.NoticeWaitAfter(attempts, Random.Shared.NextDouble()) : null,
            Reason = reason is { Length: > MostOfReason } ? reason[..MostOfReason] : reason,
        };
    }

    private static Task<int> WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        DueAccount due,
        List<Row> rows,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Write,
                new
                {
                    due.SellerId,
                    due.Provider,
                    Events = rows.Select(each => each.EventId).ToArray(),
                    States = rows.Select(each => each.State).ToArray(),
                    Attempts = rows.Select(each => each.Attempts).ToArray(),
                    Tries = rows.Select(each => each.NextTryAt?.ToUniversalTime()).ToArray(),
                    Reasons = rows.Select(each => each.Reason).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );

    private sealed record Row
    {
        public string EventId { get; init; } = "";

        public DateTimeOffset ReceivedAt { get; init; }

        public string Facts { get; init; } = "[]";

        public int Attempts { get; init; }

        public string State { get; init; } = "";

        public DateTimeOffset? NextTryAt { get; init; }

        public string? Reason { get; init; }
    }
}
