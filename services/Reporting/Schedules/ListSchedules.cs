using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>A mail of a schedule: of which period, whether it was sent.</summary>
public sealed record ReportMail
{
    /// <summary>The period: 2026-11-16_2026-11-22.</summary>
    public required string Period { get; init; }

    /// <summary>Its Message-ID, which follows from schedule and period.</summary>
    public required string MessageId { get; init; }

    /// <summary>sent, waiting or given-up.</summary>
    public required string Status { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the mail server took it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Why it was not sent.</summary>
    public string? Trouble { get; init; }
}

/// <summary>A schedule as it is told, with its last mails.</summary>
public sealed record ScheduleView
{
    /// <summary>The seller's name for it.</summary>
    public required string ScheduleId { get; init; }

    /// <summary>What was asked for.</summary>
    public required ScheduleRequest Schedule { get; init; }

    /// <summary>When it is mailed next; absent where it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Its last mails, the newest first.</summary>
    public IReadOnlyList<ReportMail> Mails { get; init; } = [];
}

/// <summary>A seller's schedules, and what became of their mails.</summary>
public sealed class ListSchedules(NpgsqlDataSource database)
{
    private const string All = """
        select schedule_id, request::text as request, next_at from report_schedule
        where seller_id = @seller and (@schedule::text is null or schedule_id = @schedule)
        order by schedule_id
        """;
    private const string Mails = """
        select schedule_id, period, message_id, attempts, sent_at, trouble, given_up_at from (
            select m.*, row_number() over (partition by schedule_id order by period desc) as place from report_mail m
            where seller_id = @seller and (@schedule::text is null or schedule_id = @schedule)
        ) ranked
        where place <= 20
        order by schedule_id, period desc
        """;

    /// <summary>All of them.</summary>
    public async Task<IReadOnlyList<ScheduleView>> RunAsync(SellerId seller, CancellationToken cancellationToken) =>
        await ReadAsync(seller, null, cancellationToken);

    /// <summary>One of them.</summary>
    public async Task<Outcome<ScheduleView>> GetAsync(SellerId seller, string scheduleId, CancellationToken cancellationToken) =>
        (await ReadAsync(seller, scheduleId, cancellationToken)) is [var found] ? found : ReportingFaults.NoSchedule.With(scheduleId);

    private async Task<IReadOnlyList<ScheduleView>> ReadAsync(SellerId seller, string? schedule, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var asked = new { seller = seller.Value, schedule };
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(All, asked, cancellationToken: cancellationToken));
        var mails = (await connection.QueryAsync<Mail>(new CommandDefinition(Mails, asked, cancellationToken: cancellationToken))).ToLookup(
            mail => mail.ScheduleId
        );
        return
        [
            .. rows.Select(row => new ScheduleView
            {
                ScheduleId = row.ScheduleId,
                Schedule = JsonSerializer.Deserialize<ScheduleRequest>(row.Request, Wire.Tolerant)!,
                NextAt = row.NextAt,
                Mails =
                [
                    .. mails[row.ScheduleId]
                        .Select(mail => new ReportMail
                        {
                            Period = mail.Period,
                            MessageId = mail.MessageId,
                            Status =
                                mail.SentAt is not null ? "sent"
                                : mail.GivenUpAt is not null ? "given-up"
                                : "waiting",
                            Attempts = mail.Attempts,
                            SentAt = mail.SentAt,
                            Trouble = mail.SentAt is null ? mail.Trouble : null,
                        }),
                ],
            }),
        ];
    }

    private sealed record Row
    {
        public required string ScheduleId { get; init; }

        public required string Request { get; init; }

        public DateTimeOffset? NextAt { get; init; }
    }

    private sealed record Mail
    {
        public required string ScheduleId { get; init; }

        public required string Period { get; init; }

        public required string MessageId { get; init; }

        public int Attempts { get; init; }

        public DateTimeOffset? SentAt { get; init; }

        public string? Trouble { get; init; }

        public DateTimeOffset? GivenUpAt { get; init; }
    }
}
