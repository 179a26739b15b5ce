using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Reports;

/// <summary>
/// What was reported of a mail becomes its state, the later truth over the earlier: sent, delivered, bounced, complained. A mail that came
/// back or was complained of is told once for each, and an invoice that came back goes out on the seller's next channel.
/// </summary>
public sealed class ApplyReports(Outbox outbox, RerouteInvoices reroute, TimeProvider clock)
{
    /// <summary>
    /// Whether anything was reported of it; in a statement of its own, after the one that records its acceptance, so that a report that
    /// was committed meanwhile is seen.
    /// </summary>
    internal const string IsReported = "select exists (select from mail_report where seller_id = @seller and transmission_id = @id)";

    private const string Strongest = """
        select kind, status, detail from mail_report
        where seller_id = @seller and transmission_id = @id and kind in ('delivered', 'bounced', 'complained')
        order by case kind when 'complained' then 3 when 'bounced' then 2 else 1 end desc, recorded_at
        limit 1
        """;

    // One that still waits for its acceptance to be recorded becomes this right after; one that was given up stays given up.
    private const string Advance = """
        update transmission set status = @kind, last_error = coalesce(@reason, last_error)
        where seller_id = @seller and transmission_id = @id
            and case status when 'sent' then 1 when 'delivered' then 2 when 'bounced' then 3 else 9 end
                < case @kind when 'delivered' then 2 when 'bounced' then 3 else 4 end
        returning invoice_id, purpose, channel, recipient
        """;

    /// <summary>
    /// In the caller's transaction, last before its commit: whoever holds the transmission's row records its acceptance or a report, and
    /// then asks for this. True where its state changed.
    /// </summary>
    public async Task<bool> RunAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        TransmissionId transmission,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        var of = new { seller = seller.Value, id = transmission.Value };
        if (await connection.QuerySingleOrDefaultAsync<Row>(Strongest, of, transaction) is not { } report)
        {
            return false;
        }

        var isFailure = report.Kind is "bounced" or "complained";
        var reason = ReportedFate.ReasonOf(report.Kind, report.Status, report.Detail);
        var changed = await connection.QuerySingleOrDefaultAsync<Changed>(
            Advance,
            new
            {
                of.seller,
                of.id,
                kind = report.Kind,
                reason = isFailure ? reason : null,
            },
            transaction
        );
        if (changed is null)
        {
            return false;
        }

        if (isFailure && changed.Purpose is Purpose.Invoice or Purpose.Reminder)
        {
            if (report.Kind == "bounced")
            {
                await reroute.QueueAsync(transaction, [new EndedTransmission(seller, transmission)], cancellationToken);
            }

            await outbox.AppendAsync(
                transaction,
                new TransmissionFailed
                {
                    EventId = EventId.New(),
                    SellerId = seller,
                    InvoiceId = changed.InvoiceId,
                    TransmissionId = transmission,
                    Channel = changed.Channel,
                    Purpose = changed.Purpose,
                    Recipient = changed.Recipient,
                    Reason = reason,
                    FailedAt = clock.GetUtcNow(),
                },
                cancellationToken
            );
        }

        return true;
    }

    private sealed record Row
    {
        public string Kind { get; init; } = "";
        public string? Status { get; init; }
        public string? Detail { get; init; }
    }

    private sealed record Changed
    {
        public InvoiceId? InvoiceId { get; init; }
        public string Purpose { get; init; } = "";
        public string Channel { get; init; } = "";
        public string Recipient { get; init; } = "";
    }
}
