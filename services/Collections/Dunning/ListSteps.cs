using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A step of an invoice as it is shown.</summary>
public sealed record StepAnswer
{
    /// <summary>Its name.</summary>
    public required string Step { get; init; }

    /// <summary>planned, sent or skipped.</summary>
    public required string State { get; init; }

    /// <summary>Why it waits or was skipped; a notice's own reason where one carries it.</summary>
    public string? Reason { get; init; }

    /// <summary>The policy it is of.</summary>
    public required string PolicyId { get; init; }

    /// <summary>Which version of it.</summary>
    public required int PolicyVersion { get; init; }

    /// <summary>none, staff or stop-selling: what follows inside the house once it is sent.</summary>
    public required string Escalation { get; init; }

    /// <summary>When it was due.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it went.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The notice that carries it, the same for all that one message asks for.</summary>
    public NoticeId? NoticeId { get; init; }

    /// <summary>What it goes or went by.</summary>
    public string? Channel { get; init; }

    /// <summary>Where.</summary>
    public string? Recipient { get; init; }

    /// <summary>Channels that it went out by in vain.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];
}

/// <summary>What was and will be said about an invoice.</summary>
public sealed record StepAnswers(InvoiceId InvoiceId, IReadOnlyList<StepAnswer> Steps);

/// <summary>The steps of an invoice that were looked at, the earliest first, each with what became of it and why.</summary>
public sealed class ListSteps(NpgsqlDataSource database)
{
    private const string IsThere = """
        select exists (select from receivable where seller_id = @seller and invoice_id = @invoice and opened_at is not null)
        """;
    private const string Steps = """
        select s.step, s.state, coalesce(s.reason, case when n.issued_at is null then n.waits_because end) as reason, s.policy_id,
            s.policy_version, s.escalation, s.due_at, s.sent_at, s.notice_id, n.channel, n.recipient, s.tried
        from dunning_step s
        left join notice n on n.notice_id = s.notice_id
        where s.seller_id = @seller and s.invoice_id = @invoice
        order by s.due_at nulls last, s.step
        """;

    /// <summary>Lists them.</summary>
    public async Task<Outcome<StepAnswers>> RunAsync(SellerId seller, string invoiceId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ListSteps");
        if (!InvoiceId.TryParse(invoiceId, out var invoice))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var of = new { seller = seller.Value, invoice = invoice.Value };
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsThere, of, cancellationToken: cancellationToken)))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Steps, of, cancellationToken: cancellationToken));
        return new StepAnswers(invoice, [.. rows.Select(row => row.Answer())]);
    }

    private sealed record Row
    {
        public string Step { get; init; } = "";

        public string State { get; init; } = "";

        public string? Reason { get; init; }

        public string PolicyId { get; init; } = "";

        public int PolicyVersion { get; init; }

        public string Escalation { get; init; } = "";

        public DateTimeOffset? DueAt { get; init; }

        public DateTimeOffset? SentAt { get; init; }

        public NoticeId? NoticeId { get; init; }

        public string? Channel { get; init; }

        public string? Recipient { get; init; }

        public string[] Tried { get; init; } = [];

        public StepAnswer Answer() =>
            new()
            {
                Step = Step,
                State = State,
                Reason = Reason,
                PolicyId = PolicyId,
                PolicyVersion = PolicyVersion,
                Escalation = Escalation,
                DueAt = DueAt,
                SentAt = SentAt,
                NoticeId = NoticeId,
                Channel = Channel,
                Recipient = Recipient,
                Tried = Tried,
            };
    }
}
