using System.Diagnostics;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// An invoice that did not reach its buyer is sent to the same address by the same channel again; within a minute, or while it still waits, asking again
/// sends nothing more.
/// </summary>
public sealed class ResendTransmission(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Original = """
        select purpose from transmission where seller_id = @SellerId and transmission_id = @TransmissionId and purpose <> 'sign-in'
        """;

    // Two clicks at once count the same resends, and so the unique key lets one of them in.
    private const string QueueOnce = """
        with family as (
            select f.* from transmission o
            join transmission f using (seller_id, invoice_id, purpose, recipient)
            where o.seller_id = @SellerId and o.transmission_id = @TransmissionId
        )
        insert into transmission
            (seller_id, transmission_id, invoice_id, purpose, occasion, recipient, channel, due_at, trace_parent, created_at)
        select seller_id, @New, invoice_id, purpose, 'resend-' || (select count(*) from family), recipient, channel, @Now, @TraceParent, @Now
        from family
        where transmission_id = @TransmissionId
            and not exists (select from family where status = 'queued')
            and not exists (select from family where occasion <> '' and created_at > @Now - interval '1 minute')
        on conflict on constraint transmission_once do nothing;
        notify transmission
        """;

    private const string Newest = $"""
        select {ListTransmissions.Columns} from transmission
        where (seller_id, invoice_id, purpose, recipient) in (
            select seller_id, invoice_id, purpose, recipient from transmission
            where seller_id = @SellerId and transmission_id = @TransmissionId
        )
        order by created_at desc, transmission_id desc
        limit 1
        """;

    /// <summary>Queues it again; answers the transmission that carries it.</summary>
    public async Task<Outcome<Transmission>> RunAsync(SellerId seller, string transmissionId, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("ResendTransmission");
        if (!TransmissionId.TryParse(transmissionId, out var id))
        {
            return DeliveryFaults.NoTransmission.With(transmissionId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var of = new { SellerId = seller, TransmissionId = id };
        switch (await connection.QuerySingleOrDefaultAsync<string>(Original, of))
        {
            case null:
                return DeliveryFaults.NoTransmission.With(transmissionId);
            case Purpose.Invoice:
                break;
            case var other:
                return DeliveryFaults.NotAgain.With(other);
        }

        await connection.ExecuteAsync(
            QueueOnce,
            new
            {
                SellerId = seller,
                TransmissionId = id,
                New = TransmissionId.New(),
                Now = clock.GetUtcNow(),
                TraceParent = Activity.Current?.Id,
            }
        );
        return await connection.QuerySingleAsync<Transmission>(Newest, of);
    }
}
