using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>From now on a customer is reminded of nothing that it owes or will owe; who said so, when and why is kept.</summary>
public sealed class HoldCustomer(NpgsqlDataSource database, TimeProvider clock)
{
    private const string IsKnown = """
        select (select time_zone from seller where seller_id = @seller) as time_zone,
            exists (select from receivable where seller_id = @seller and customer_key = @customer and opened_at is not null) as known
        """;
    private const string Place = """
        insert into customer_hold (seller_id, customer_key, hold_id, reason, placed_by_name, placed_at, until)
        values (@seller, @CustomerKey, @HoldId, @Reason, @PlacedBy, @PlacedAt, @Until)
        """;
    private const string OpenOfCustomer = """
        select invoice_id from receivable
        where seller_id = @seller and customer_key = @customer and opened_at is not null and settled_at is null
        """;

    /// <summary>Places it.</summary>
    public async Task<Outcome<Hold>> RunAsync(
        Actor actor,
        string customerKey,
        Outcome<HoldRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("HoldCustomer");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (Act.Reason(request.Value.Reason, CollectionsFaults.HoldWithoutReason, "reason").Refused(out var noReason))
        {
            return noReason;
        }

        if (customerKey.Length is 0 or > 320 || customerKey.Contains('\0'))
        {
            return CollectionsFaults.NoCustomer.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var whose = new { seller = actor.SellerId.Value, customer = customerKey };
        var (zone, known) = await connection.QuerySingleAsync<(string?, bool)>(IsKnown, whose, transaction);
        if (!known)
        {
            return CollectionsFaults.NoCustomer.With();
        }

        var now = clock.GetUtcNow();
        if (request.Value.EndFault(SellerDay.At(now, zone ?? SellerDay.UsualZone)) is { } end)
        {
            return end;
        }

        var hold = new Hold
        {
            HoldId = Guid.CreateVersion7(),
            CustomerKey = customerKey,
            Reason = request.Value.Reason.Trim(),
            Until = request.Value.Until,
            PlacedBy = actor.Name,
            PlacedAt = now,
        };
        await connection.ExecuteAsync(
            Place,
            new
            {
                whose.seller,
                hold.CustomerKey,
                hold.HoldId,
                hold.Reason,
                hold.PlacedBy,
                hold.PlacedAt,
                hold.Until,
            },
            transaction
        );
        await KeepAct.AddAsync(transaction, hold.Placed(actor), cancellationToken);
        await LookAgainAsync(transaction, actor.SellerId, customerKey, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return hold;
    }

    /// <summary>All that a customer owes is looked at anew.</summary>
    internal static async Task LookAgainAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        string customerKey,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var whose = new { seller = seller.Value, customer = customerKey };
        var open = (await transaction.Connection!.QueryAsync<InvoiceId>(OpenOfCustomer, whose, transaction)).AsList();
        if (open.Count > 0)
        {
            await LookAgain.SoonAsync(transaction, [.. open.Select(invoice => (seller, invoice))], now, cancellationToken);
        }
    }
}
