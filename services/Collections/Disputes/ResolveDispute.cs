using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Disputes;

/// <summary>How a dispute ends.</summary>
public sealed record DisputeResolution
{
    /// <summary>accepted, rejected or withdrawn.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why.</summary>
    public required string Why { get; init; }
}

/// <summary>
/// A dispute ends: rejected or withdrawn, the amount is asked for again; accepted, what is not owed is taken off by a corrective invoice or a
/// write-off, which are acts of their own.
/// </summary>
public sealed class ResolveDispute(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly string[] Outcomes = ["accepted", "rejected", "withdrawn"];

    private const string Lock = """
        select d.dispute_id, d.invoice_id, d.line_id, d.currency, d.amount, d.reason, d.raised_at, d.outcome, d.resolved_at
        from dispute d
        where d.seller_id = @seller and d.dispute_id = @dispute and d.invoice_id = @invoice
        for update
        """;
    private const string CustomerOf = "select customer_key from receivable where seller_id = @seller and invoice_id = @invoice";
    private const string Resolve = """
        update dispute set resolved_at = @now, outcome = @outcome where seller_id = @seller and dispute_id = @dispute
        """;

    /// <summary>Ends it.</summary>
    public async Task<Outcome<DisputeBody>> RunAsync(
        Actor actor,
        string invoiceId,
        string disputeId,
        Outcome<DisputeResolution> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("ResolveDispute");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (!Outcomes.Contains(request.Value.Outcome))
        {
            return CollectionsFaults.UnknownOutcome.At("outcome", request.Value.Outcome);
        }

        if (Act.Reason(request.Value.Why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        if (!InvoiceId.TryParse(invoiceId, out var invoice) || !Guid.TryParseExact(disputeId, "D", out var dispute))
        {
            return CollectionsFaults.NoDispute.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var asked = new
        {
            seller = actor.SellerId.Value,
            invoice = invoice.Value,
            dispute,
            outcome = request.Value.Outcome,
            now,
        };
        var found = await connection.QuerySingleOrDefaultAsync<DisputeBody>(Lock, asked, transaction);
        if (found is null)
        {
            return CollectionsFaults.NoDispute.With();
        }

        if (found.ResolvedAt is not null)
        {
            return CollectionsFaults.DisputeResolved.With(found.Outcome);
        }

        await connection.ExecuteAsync(Resolve, asked, transaction);
        var act = new Act
        {
            By = actor,
            At = now,
            Kind = "dispute-resolved",
            InvoiceId = invoice,
            CustomerKey = await connection.ExecuteScalarAsync<string>(CustomerOf, asked, transaction),
            Why = request.Value.Why.Trim(),
            Body = new { DisputeId = dispute, request.Value.Outcome },
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        await Dunning.LookAgain.SoonAsync(transaction, [(actor.SellerId, invoice)], now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return found with { Amount = Money.Of(found.Amount, found.Currency).Amount, Outcome = request.Value.Outcome, ResolvedAt = now };
    }
}
