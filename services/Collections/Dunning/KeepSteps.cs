using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A step of an invoice as it is kept.</summary>
public sealed record KeptStep(
    SellerId SellerId,
    InvoiceId InvoiceId,
    Policy Policy,
    PolicyStep Step,
    StepState State,
    DateTimeOffset? DueAt,
    NoticeId? NoticeId,
    string? Reason
);

/// <summary>What is decided about steps is kept; what went once never goes back, and there is one row for each step of an invoice.</summary>
public static class KeepSteps
{
    private const string Told = """
        insert into dunning_step
            (seller_id, invoice_id, step, policy_id, policy_version, state, due_at, notice_id, reason, escalation, decided_at, sent_at)
        select told.*, @now, case when told.state = 'sent' then @now end
        from unnest(@sellers::text[], @invoices::uuid[], @steps::text[], @policies::text[], @versions::integer[], @states::text[],
            @due::timestamptz[], @notices::uuid[], @reasons::text[], @escalations::text[])
            as told (seller_id, invoice_id, step, policy_id, policy_version, state, due_at, notice_id, reason, escalation)
        order by told.seller_id, told.invoice_id, told.step
        on conflict (seller_id, invoice_id, step) do update set
            policy_id = excluded.policy_id, policy_version = excluded.policy_version, state = excluded.state,
            due_at = coalesce(excluded.due_at, dunning_step.due_at), notice_id = coalesce(excluded.notice_id, dunning_step.notice_id),
            reason = excluded.reason, escalation = excluded.escalation, decided_at = excluded.decided_at, sent_at = excluded.sent_at
        """;
    private const string Decided = $"""
        {Told}
        where dunning_step.state = 'planned' and dunning_step.notice_id is null
          and (excluded.state, excluded.notice_id, excluded.reason)
              is distinct from (dunning_step.state, dunning_step.notice_id, dunning_step.reason)
        returning seller_id, invoice_id, step
        """;
    private const string OfMyNotice = $"""
        {Told}
        where dunning_step.state = 'planned'
        returning seller_id, invoice_id, step
        """;

    // Also one that was left out here after a former asking had taken it along.
    private const string MarkSent = """
        update dunning_step s set state = 'sent', sent_at = @now, notice_id = @notice, reason = null, decided_at = @now
        from unnest(@sellers::text[], @invoices::uuid[], @steps::text[]) as told (seller_id, invoice_id, step)
        where s.seller_id = told.seller_id and s.invoice_id = told.invoice_id and s.step = told.step and s.state <> 'sent'
        returning s.invoice_id, s.step, cardinality(s.tried) = 0 as first
        """;
    private const string DetachRest = """
        update dunning_step set notice_id = null, reason = coalesce(reason, 'not-yet'), decided_at = @now
        where notice_id = @notice and state = 'planned'
        returning seller_id, invoice_id
        """;
    private const string MarkSentAndDetachRest = $"""
        {MarkSent};
        {DetachRest}
        """;
    private const string OnAnotherWay = """
        update dunning_step set state = 'planned', notice_id = null, sent_at = null, reason = @reason, decided_at = @now,
            tried = case when @channel::text is null then tried else array_append(tried, @channel::text) end
        where notice_id = @notice and state <> 'skipped'
        returning seller_id, invoice_id
        """;

    /// <summary>Keeps decisions about steps that no notice carries; those that were changed by it.</summary>
    public static Task<IReadOnlySet<(string Seller, Guid Invoice, string Step)>> DecideAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<KeptStep> steps,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => KeepAsync(Decided, transaction, steps, now, cancellationToken);

    /// <summary>Keeps what became of steps of a notice that the caller holds.</summary>
    public static Task ConcludeAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<KeptStep> steps,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => KeepAsync(OfMyNotice, transaction, steps, now, cancellationToken);

    /// <summary>
    /// What a notice told of has gone, and whatever else it was to carry waits on its own again; the steps that went, and whether by their
    /// first message.
    /// </summary>
    public static async Task<IReadOnlyList<(InvoiceId Invoice, string Step, bool First)>> MarkSentAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        NoticeId notice,
        IReadOnlyCollection<(InvoiceId Invoice, string Step)> carried,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var sent = await transaction.Connection!.QueryAsync<(Guid Invoice, string Step, bool First)>(
            new CommandDefinition(
                MarkSentAndDetachRest,
                new
                {
                    sellers = carried.Select(_ => seller.Value).ToArray(),
                    invoices = carried.Select(each => each.Invoice.Value).ToArray(),
                    steps = carried.Select(each => each.Step).ToArray(),
                    notice = notice.Value,
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return [.. sent.Select(row => (InvoiceId.Of(row.Invoice), row.Step, row.First))];
    }

    /// <summary>What a notice was to carry waits on its own again: it has not gone, and will not; whose it is.</summary>
    public static async Task<IReadOnlyList<(SellerId Seller, InvoiceId Invoice)>> DetachAsync(
        NpgsqlTransaction transaction,
        NoticeId notice,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await transaction.Connection!.QueryAsync<(string Seller, Guid Invoice)>(
            new CommandDefinition(DetachRest, new { notice = notice.Value, now }, transaction, cancellationToken: cancellationToken)
        );
        return [.. rows.Select(row => (SellerId.Of(row.Seller), InvoiceId.Of(row.Invoice)))];
    }

    /// <summary>
    /// The steps of a notice that reached nobody are due again, by another channel than the one that is said, by any where none is; whose
    /// they are.
    /// </summary>
    public static async Task<IReadOnlyList<(SellerId Seller, InvoiceId Invoice)>> TakeAnotherWayAsync(
        NpgsqlTransaction transaction,
        NoticeId notice,
        string? channel,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await transaction.Connection!.QueryAsync<(string Seller, Guid Invoice)>(
            new CommandDefinition(
                OnAnotherWay,
                new
                {
                    notice = notice.Value,
                    channel,
                    reason,
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return [.. rows.Select(row => (SellerId.Of(row.Seller), InvoiceId.Of(row.Invoice)))];
    }

    private static async Task<IReadOnlySet<(string Seller, Guid Invoice, string Step)>> KeepAsync(
        string sql,
        NpgsqlTransaction transaction,
        IReadOnlyCollection<KeptStep> steps,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (steps.Count == 0)
        {
            return new HashSet<(string, Guid, string)>();
        }

        var rows = await transaction.Connection!.QueryAsync<(string, Guid, string)>(
            new CommandDefinition(
                sql,
                new
                {
                    sellers = steps.Select(each => each.SellerId.Value).ToArray(),
                    invoices = steps.Select(each => each.InvoiceId.Value).ToArray(),
                    steps = steps.Select(each => each.Step.Step).ToArray(),
                    policies = steps.Select(each => each.Policy.PolicyId).ToArray(),
                    versions = steps.Select(each => each.Policy.Version).ToArray(),
                    states = steps.Select(each => WordOf(each.State)).ToArray(),
                    due = steps.Select(each => each.DueAt?.ToUniversalTime()).ToArray(),
                    notices = steps.Select(each => each.NoticeId?.Value).ToArray(),
                    reasons = steps.Select(each => each.Reason).ToArray(),
                    escalations = steps.Select(each => each.Step.Escalation).ToArray(),
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return rows.ToHashSet();
    }

    private static string WordOf(StepState state) =>
        state switch
        {
            StepState.Sent => "sent",
            StepState.Skipped => "skipped",
            _ => "planned",
        };
}
