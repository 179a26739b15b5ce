using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A queued notice, or the one that was queued under the same id before, with what it tells of.</summary>
public sealed record QueuedNotice(
    TransmissionId TransmissionId,
    string Status,
    DateTimeOffset QueuedAt,
    IReadOnlyList<(InvoiceId Invoice, string Step)> Carried
);

/// <summary>Collections has a customer reminded of one or several invoices, once for each notice's id, by mail or by a channel of the seller's.</summary>
public sealed class SendNotice(NpgsqlDataSource database, TimeProvider clock)
{
    // Asked again with another first invoice it is still the same notice: whatever was queued under its id first stands.
    private const string QueueOnce = $"""
        {WithdrawNotice.OneAtATime};
        with queued as (
            insert into transmission
                (seller_id, transmission_id, invoice_id, purpose, occasion, recipient, channel, urgency, due_at, trace_parent, created_at)
            select @Seller, @Transmission, @First, 'reminder', @Key, @Recipient, @Channel, 1, @Now, @TraceParent, @Now
            where (@Channel = 'email' or exists (select from channel where seller_id = @Seller and channel = @Channel and enabled))
              and not exists (select from withdrawn_notice where seller_id = @Seller and notice_id = @Key)
            on conflict do nothing
            returning seller_id, transmission_id
        ), said as (
            insert into transmission_content (seller_id, transmission_id, customer_id, body)
            select seller_id, transmission_id, @Customer, @Body from queued
        )
        insert into transmission_item (seller_id, transmission_id, place, invoice_id, step)
        select q.seller_id, q.transmission_id, i.place, i.invoice_id, i.step
        from queued q cross join unnest(@Invoices::uuid[], @Steps::text[]) with ordinality as i (invoice_id, step, place);
        notify transmission
        """;
    private const string Withdrawn = "select exists (select from withdrawn_notice where seller_id = @Seller and notice_id = @Key)";

    /// <summary>Queues it.</summary>
    public async Task<Outcome<QueuedNotice>> RunAsync(AskedNotice notice, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("SendNotice");
        var items = notice.Content.Items;
        var asked = new
        {
            Seller = notice.SellerId.Value,
            Transmission = TransmissionId.New().Value,
            First = items[0].InvoiceId.Value,
            notice.Key,
            notice.Recipient,
            notice.Channel,
            Now = clock.GetUtcNow(),
            TraceParent = Activity.Current?.Id,
            Customer = notice.Content.CustomerId?.Value,
            Body = JsonSerializer.Serialize(notice.Content, Wire.Tolerant),
            Invoices = items.Select(item => item.InvoiceId.Value).ToArray(),
            Steps = items.Select(item => item.Step).ToArray(),
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(QueueOnce, asked, cancellationToken: cancellationToken));
        if (await LoadNotice.OfAsync(connection, notice.SellerId, notice.Key, cancellationToken) is { } queued)
        {
            return queued;
        }

        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Withdrawn, asked, cancellationToken: cancellationToken))
            ? DeliveryFaults.NoticeWithdrawn.With(notice.Key)
            : DeliveryFaults.NoticeChannelOff.With(notice.Channel);
    }
}
