using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// A reminder that came back, or that Delivery gave up, has its steps due again by their next channel; an address that is the cause is
/// closed until something reaches it again. Whoever complained of one has read it: nothing of it goes another way. Told before the notice
/// was recorded as issued, it waits until that is.
/// </summary>
public sealed class ApplyFailures(NpgsqlDataSource database, TimeProvider clock)
{
    private const int AtOnce = 100;

    // As Delivery's reasons begin (its ReportedFate, faults and channels).
    private const string Complaint = "complaint:";

    private static readonly string[] OfMailAddress = ["5", "DEL-SEND-02", "DEL-SEND-07", Complaint];
    private static readonly string[] OfNumber = ["400", "410", "422", "DEL-SEND-07"];

    private const string TakeFailed = """
        select f.seller_id, f.transmission_id, f.channel, f.recipient, f.reason, f.failed_at, n.notice_id
        from failed_message f
        join notice n on n.seller_id = f.seller_id and n.transmission_id = f.transmission_id and n.issued_at is not null
        where f.applied_at is null
        order by f.failed_at
        limit @atOnce
        for update of f skip locked
        """;

    // Whether the notice that it was is recorded yet or not, nobody else is to be written to there.
    private const string OfNoNotice = """
        select f.seller_id, f.channel, f.recipient, f.reason, f.failed_at
        from failed_message f
        where f.applied_at is null and f.failed_at >= @since
          and not exists (
              select from notice n where n.seller_id = f.seller_id and n.transmission_id = f.transmission_id and n.issued_at is not null
          )
          and not exists (
              select from closed_address c
              where c.seller_id = f.seller_id and c.channel = f.channel and c.address = lower(btrim(f.recipient)) and c.closed_at >= f.failed_at
          )
        order by f.failed_at
        limit @atOnce
        """;
    private const string Fail =
        "update notice set failed_at = coalesce(failed_at, @FailedAt), waits_because = @Reason where notice_id = @NoticeId";
    private const string Close = """
        insert into closed_address (seller_id, channel, address, closed_at) values (@SellerId, @Channel, lower(btrim(@Recipient)), @FailedAt)
        on conflict (seller_id, channel, address) do update set closed_at = greatest(closed_address.closed_at, excluded.closed_at)
        """;
    private const string Applied = """
        update failed_message set applied_at = @now where seller_id = @SellerId and transmission_id = @TransmissionId
        """;

    // What went is recorded within the hour; what never is says nothing for ever.
    private static readonly TimeSpan Recorded = TimeSpan.FromDays(1);

    /// <summary>Acts on all that are known; how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ApplyFailures");
        await CloseAsync(cancellationToken);
        var applied = 0;
        while (await ApplyBatchAsync(cancellationToken) is > 0 and var batch)
        {
            applied += batch;
        }

        return applied;
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var failed = await connection.QueryAsync<Failed>(
            new CommandDefinition(
                OfNoNotice,
                new { atOnce = AtOnce, since = clock.GetUtcNow() - Recorded },
                cancellationToken: cancellationToken
            )
        );
        foreach (var each in failed.Where(IsOfAddress))
        {
            await connection.ExecuteAsync(new CommandDefinition(Close, each, cancellationToken: cancellationToken));
        }
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
            if (IsOfAddress(each))
            {
                await connection.ExecuteAsync(new CommandDefinition(Close, each, transaction, cancellationToken: cancellationToken));
            }

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

    /// <summary>
    /// Whether there is nobody at the address. A mail server or gateway that was away for days, or wants to be paid or signed in to, says
    /// nothing of it.
    /// </summary>
    private static bool IsOfAddress(Failed failed) =>
        (failed.Channel == "email" ? OfMailAddress : OfNumber).Any(begin => failed.Reason.StartsWith(begin, StringComparison.Ordinal));

    private sealed record Failed
    {
        public SellerId SellerId { get; init; }

        public string TransmissionId { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Recipient { get; init; } = "";

        public string Reason { get; init; } = "";

        public DateTimeOffset FailedAt { get; init; }

        public NoticeId NoticeId { get; init; }
    }
}
