using System.Diagnostics.Metrics;
using Dapper;
using MimeKit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Reports;

/// <summary>What a report came to: recorded, repeated (known before), unknown (about no mail of ours) or ignored (it changes nothing).</summary>
public sealed record RecordedReport(string Status, TransmissionId? TransmissionId = null)
{
    /// <summary>It is kept, and its effect has been had.</summary>
    public const string Recorded = "recorded";

    /// <summary>It was kept before.</summary>
    public const string Repeated = "repeated";

    /// <summary>It names no transmission that its bringer may know of.</summary>
    public const string Unknown = "unknown";

    /// <summary>It is no report, or says nothing of the one who was written to.</summary>
    public const string Ignored = "ignored";
}

/// <summary>
/// A report about a mail is kept once, by whatever way and however often it comes, and has its effect in the same transaction: the mail's
/// state, an address that gets nothing more, a consent that ends. It has to name the transmission and the one who was written to, which
/// only that person and the servers on the way know.
/// </summary>
public sealed partial class RecordReport(
    NpgsqlDataSource database,
    Outbox outbox,
    ApplyReports apply,
    KeepConsent consent,
    WakeSenders senders,
    TimeProvider clock,
    ILogger<RecordReport> log
)
{
    /// <summary>It came to the mailbox that reports are read from.</summary>
    public const string ByMailbox = "mailbox";

    /// <summary>It came by POST.</summary>
    public const string ByApi = "api";

    // What was never handed over cannot be reported of. A sign-in link is nobody's business but that person's.
    private const string Lock = """
        select seller_id, transmission_id, purpose, recipient from transmission
        where transmission_id = @id and channel = 'email' and attempts > 0
            and (@seller::text is null or (seller_id = @seller and purpose <> 'sign-in'))
        for update
        """;

    // Nobody needs to hear a hundred different things of one mail.
    private const string KeepOnce = """
        insert into mail_report (seller_id, transmission_id, kind, fingerprint, status, detail, source, recorded_at)
        select @seller, @id, @kind, @fingerprint, @status, @detail, @source, @now
        where (select count(*) from mail_report where seller_id = @seller and transmission_id = @id) < 100
        on conflict do nothing
        """;

    private const string SendNothingMore = """
        insert into unreachable_address (seller_id, channel, address, reason, since)
        values (@seller, 'email', lower(@address), @reason, @now)
        on conflict do nothing
        """;

    private static readonly Counter<long> Reports = Telemetry.Meter.CreateCounter<long>("delivery.reports");

    /// <summary>Records a report that a seller brings as the bytes of a mail.</summary>
    public async Task<Outcome<RecordedReport>> RunAsync(SellerId seller, ReadOnlyMemory<byte> mail, CancellationToken cancellationToken)
    {
        if (mail.IsEmpty)
        {
            return DeliveryFaults.NoMail.With("0 bytes");
        }

        MimeMessage message;
        try
        {
            using var bytes = new MemoryStream(mail.ToArray(), writable: false);
            message = await MimeMessage.LoadAsync(bytes, cancellationToken);
        }
        catch (FormatException unreadable)
        {
            return DeliveryFaults.NoMail.With(unreadable.Message);
        }

        using (message)
        {
            return await RunAsync(seller, message, ByApi, cancellationToken);
        }
    }

    /// <summary>Records a report; about that seller's mails only, or anybody's where it came to our own mailbox.</summary>
    public async Task<RecordedReport> RunAsync(SellerId? seller, MimeMessage message, string source, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("RecordReport");
        var recorded = await RecordAsync(seller, ReadMailReport.From(message), source, cancellationToken);
        Reports.Add(1, new KeyValuePair<string, object?>("source", source), new KeyValuePair<string, object?>("status", recorded.Status));
        return recorded;
    }

    private async Task<RecordedReport> RecordAsync(SellerId? seller, MailReport? report, string source, CancellationToken cancellationToken)
    {
        if (report is null)
        {
            return new RecordedReport(RecordedReport.Ignored);
        }

        if (report.TransmissionId is not { } id)
        {
            return new RecordedReport(RecordedReport.Unknown);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var sent = await connection.QueryFirstOrDefaultAsync<Sent>(Lock, new { id = id.Value, seller = seller?.Value }, transaction);
        if (sent is null)
        {
            return new RecordedReport(RecordedReport.Unknown);
        }

        if (report.Of(sent.Recipient) is not { } fate)
        {
            return new RecordedReport(RecordedReport.Ignored, id);
        }

        var now = clock.GetUtcNow();
        var facts = new
        {
            seller = sent.SellerId.Value,
            id = id.Value,
            kind = fate.KindName,
            fingerprint = fate.Fingerprint(),
            status = fate.Status,
            detail = fate.Detail,
            source,
            now,
        };
        if (await connection.ExecuteAsync(KeepOnce, facts, transaction) == 0)
        {
            return new RecordedReport(RecordedReport.Repeated, id);
        }

        if (sent.Purpose is Purpose.Invoice or Purpose.Reminder)
        {
            await EndAddressAsync(transaction, sent, fate, now, cancellationToken);
        }

        var changed = await apply.RunAsync(transaction, sent.SellerId, id, cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        LogRecorded(fate.KindName, id, sent.SellerId.Value, fate.Status);
        if (changed)
        {
            // It may go out on another channel now.
            senders.Wake();
        }

        return new RecordedReport(RecordedReport.Recorded, id);
    }

    /// <summary>An address that is no more, and one whose owner complained, gets nothing more; who complained wants no offers either.</summary>
    private async Task EndAddressAsync(
        NpgsqlTransaction transaction,
        Sent sent,
        ReportedFate fate,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!fate.IsOfAddress && fate.Kind != ReportKind.Complained)
        {
            return;
        }

        await transaction.Connection!.ExecuteAsync(
            SendNothingMore,
            new
            {
                seller = sent.SellerId.Value,
                address = sent.Recipient,
                reason = ReportedFate.ReasonOf(fate.KindName, fate.Status, fate.Detail),
                now,
            },
            transaction
        );
        if (fate.Kind == ReportKind.Complained)
        {
            await consent.WithdrawAsync(transaction, sent.SellerId, sent.Recipient, "complaint", now, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Reported {Kind}: {TransmissionId} of seller {SellerId} {Status}")]
    private partial void LogRecorded(string kind, TransmissionId transmissionId, string sellerId, string? status);

    private sealed record Sent
    {
        public SellerId SellerId { get; init; }
        public string Purpose { get; init; } = "";
        public string Recipient { get; init; } = "";
    }
}
