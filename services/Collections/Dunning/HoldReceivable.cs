using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A hold as it is asked for.</summary>
public sealed record HoldRequest
{
    /// <summary>Why nobody is to be reminded.</summary>
    public required string Reason { get; init; }

    /// <summary>Its last day in the seller's zone; until it is released where absent.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>A hold with an end has it within so many years.</summary>
    public const int MostYears = 5;

    /// <summary>Why its end is none, on a day of the seller's: it is over, or in another age.</summary>
    public Fault? EndFault(DateOnly? today) =>
        Until is not { } until || today is not { } day ? null
        : until < day ? CollectionsFaults.HoldInThePast.At("until")
        : until > day.AddYears(MostYears) ? CollectionsFaults.HoldTooLong.At("until", MostYears)
        : null;
}

/// <summary>A hold that stands.</summary>
public sealed record Hold
{
    /// <summary>The hold.</summary>
    public required Guid HoldId { get; init; }

    /// <summary>The invoice; absent where it is of everything that a customer owes.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The customer.</summary>
    public required string CustomerKey { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Its last day.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Who: the API key, or the member of staff.</summary>
    public required string PlacedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset PlacedAt { get; init; }
}

/// <summary>From now on the customer is not reminded of this invoice; who said so, when and why is kept.</summary>
public sealed class HoldReceivable(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Place = """
        insert into hold (seller_id, invoice_id, hold_id, reason, placed_by, placed_by_name, placed_at, until)
        values (@seller, @InvoiceId, @HoldId, @Reason, @key, @PlacedBy, @PlacedAt, @Until)
        """;

    /// <summary>Places it.</summary>
    public async Task<Outcome<Hold>> RunAsync(
        Actor actor,
        string invoiceId,
        Outcome<HoldRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("HoldReceivable");
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

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await FindReceivable.LockAsync(transaction, actor.SellerId, invoiceId, cancellationToken);
        if (found.Refused(out var none))
        {
            return none;
        }

        if (found.Value.Settled)
        {
            return CollectionsFaults.HoldOnSettled.With();
        }

        var now = clock.GetUtcNow();
        if (request.Value.EndFault(found.Value.SellerDayAt(now)) is { } end)
        {
            return end;
        }

        var hold = new Hold
        {
            HoldId = Guid.CreateVersion7(),
            InvoiceId = found.Value.InvoiceId,
            CustomerKey = found.Value.CustomerKey,
            Reason = request.Value.Reason.Trim(),
            Until = request.Value.Until,
            PlacedBy = actor.Name,
            PlacedAt = now,
        };
        await connection.ExecuteAsync(
            Place,
            new
            {
                seller = actor.SellerId.Value,
                InvoiceId = found.Value.InvoiceId,
                hold.HoldId,
                hold.Reason,
                key = actor.Key?.Value,
                hold.PlacedBy,
                hold.PlacedAt,
                hold.Until,
            },
            transaction
        );
        await KeepAct.AddAsync(transaction, hold.Placed(actor), cancellationToken);
        await LookAgain.SoonAsync(transaction, [(actor.SellerId, found.Value.InvoiceId)], now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return hold;
    }
}

/// <summary>What is written down of holds.</summary>
internal static class HoldActs
{
    /// <summary>It was placed.</summary>
    public static Act Placed(this Hold hold, Actor by) =>
        new()
        {
            By = by,
            At = hold.PlacedAt,
            Kind = "hold-placed",
            InvoiceId = hold.InvoiceId,
            CustomerKey = hold.CustomerKey,
            Why = hold.Reason,
            Body = new { hold.HoldId, hold.Until },
        };
}
