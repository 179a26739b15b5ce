using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// A reminder that came back, or that Delivery gave up, has its steps due again by their next channel. Whoever complained of one has read
/// it: nothing of it goes another way. Told before the notice was recorded as issued, it waits until that is.
/// </summary>
public sealed class ApplyFailures(NpgsqlDataSource database, TimeProvider clock)
{
    private const int AtOnce = 100;

    /// <summary>How Delivery's reason begins where somebody complained.</summary>
    internal const string Complaint = "complaint:";

    private const string TakeFailed = """
        select f.seller_id, f.transmission_id, f.channel, f.reason, f.failed_at, n.notice_id
        from failed_message f
        join notice n on n.seller_id = f.seller_id and n.transmission_id = f.transmission_id and n.issued_at is not null
        where f.applied_at is null
        order by f.failed_at
        limit @atOnce
        for update of f skip locked
        """;

    private const string Fail =
        "update notice set failed_at = coalesce(failed_at, @FailedAt), waits_because = @Reason where notice_id = @NoticeId";
    private const string Applied = """
        update failed_message set applied_at = @now where seller_id = @SellerId and transmission_id = @TransmissionId
        """;

    /// <summary>Acts on all that are known; how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ApplyFailures");
        var applied = 0;
        while (await ApplyBatchAsync(cancellationToken) is > 0 and var batch)
        {
            applied += batch;
        }

        return applied;
    }

    private async Task<int> ApplyBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var failed = (
            await connection.QueryAsync<Failed>(
                new CommandDefinition(TakeFailed, new { atOnce = AtOnce }, transaction, cancellationToken: cancellationToken)
            )
        ).AsList();
        foreach (var each in failed)
        {
            await connection.ExecuteAsync(new CommandDefinition(Fail, each, transaction, cancellationToken: cancellationToken));
            if (!each.Reason.StartsWith(Complaint, StringComparison.Ordinal))
            {
                var receivables = await KeepSteps.TakeAnotherWayAsync(
                    transaction,
                    each.NoticeId,
                    each.Reason.StartsWith(Reminder.TooLate, StringComparison.Ordinal) ? null : each.Channel,
                    StepReason.CameBack,
                    now,
                    cancellationToken
                );
                await LookAgain.SoonAsync(transaction, receivables, now, cancellationToken);
            }

            await connection.ExecuteAsync(
                new CommandDefinition(
                    Applied,
                    new
                    {
                        each.SellerId,
                        each.TransmissionId,
                        now,
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );
        }

        await transaction.CommitAsync(cancellationToken);
        return failed.Count;
    }

    private sealed record Failed
    {
        public SellerId SellerId { get; init; }

        public string TransmissionId { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Reason { get; init; } = "";

        public DateTimeOffset FailedAt { get; init; }

        public NoticeId NoticeId { get; init; }
    }
}
