using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Which hold: of an invoice or of a customer.</summary>
public sealed record HoldOf(string HoldId, string? InvoiceId, string? CustomerKey);

/// <summary>A hold ends, and the customer is reminded again of what is due; one that has ended stays ended.</summary>
public sealed class ReleaseHold(NpgsqlDataSource database, TimeProvider clock)
{
    // The row is locked: of two that release it one does.
    private const string LockOfInvoice = """
        select h.released_at is not null as released, r.customer_key
        from hold h join receivable r using (seller_id, invoice_id)
        where h.seller_id = @seller and h.invoice_id = @invoice and h.hold_id = @hold
        for update of h
        """;
    private const string LockOfCustomer = """
        select released_at is not null as released, customer_key from customer_hold
        where seller_id = @seller and customer_key = @customer and hold_id = @hold
        for update
        """;
    private const string ReleaseOfInvoice = """
        update hold set released_at = @now, released_why = @why where seller_id = @seller and invoice_id = @invoice and hold_id = @hold
        """;
    private const string ReleaseOfCustomer = """
        update customer_hold set released_at = @now, released_why = @why
        where seller_id = @seller and customer_key = @customer and hold_id = @hold
        """;

    /// <summary>Ends it; true where it stood.</summary>
    public async Task<Outcome<ReleasedHold>> RunAsync(Actor actor, HoldOf which, string? why, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ReleaseHold");
        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (why is not null && Act.Reason(why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        var invoice = default(InvoiceId);
        if (
            !Guid.TryParseExact(which.HoldId, "D", out var hold)
            || (which.InvoiceId is not null && !InvoiceId.TryParse(which.InvoiceId, out invoice))
            || which.CustomerKey?.Contains('\0') == true
        )
        {
            return CollectionsFaults.NoHold.With();
        }

        var ofCustomer = which.InvoiceId is null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var asked = new
        {
            seller = actor.SellerId.Value,
            invoice = invoice.Value,
            customer = which.CustomerKey,
            hold,
            now,
            why = why?.Trim(),
        };
        var found = await connection.QuerySingleOrDefaultAsync<Row>(ofCustomer ? LockOfCustomer : LockOfInvoice, asked, transaction);
        if (found is null)
        {
            return CollectionsFaults.NoHold.With();
        }

        if (found.Released)
        {
            return new ReleasedHold(hold, false);
        }

        await connection.ExecuteAsync(ofCustomer ? ReleaseOfCustomer : ReleaseOfInvoice, asked, transaction);
        var act = new Act
        {
            By = actor,
            At = now,
            Kind = "hold-released",
            InvoiceId = ofCustomer ? null : invoice,
            CustomerKey = found.CustomerKey,
            Why = asked.why,
            Body = new { HoldId = hold },
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        if (ofCustomer)
        {
            await HoldCustomer.LookAgainAsync(transaction, actor.SellerId, found.CustomerKey, now, cancellationToken);
        }
        else
        {
            await LookAgain.SoonAsync(transaction, [(actor.SellerId, invoice)], now, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new ReleasedHold(hold, true);
    }

    private sealed record Row
    {
        public bool Released { get; init; }

        public string CustomerKey { get; init; } = "";
    }
}

/// <summary>A hold that has ended, and whether it ended now.</summary>
public sealed record ReleasedHold(Guid HoldId, bool Now);
