using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Interest;

/// <summary>Why a claim ends.</summary>
public sealed record ClaimEnd
{
    /// <summary>The payment's reference, or why the seller gives it up.</summary>
    public string? Why { get; init; }
}

/// <summary>A claim was paid, or the seller gives it up; either is final. The invoice's balance has no part in it.</summary>
public sealed class SettleClaim(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Lock =
        $"select {ListClaims.Columns} from claim where seller_id = @seller and claim_id = @claim and invoice_id = @invoice for update";
    private const string CustomerOf = "select customer_key from receivable where seller_id = @seller and invoice_id = @invoice";
    private const string Pay = "update claim set paid_at = @now where seller_id = @seller and claim_id = @claim";
    private const string Waive = "update claim set waived_at = @now where seller_id = @seller and claim_id = @claim";

    /// <summary>Ends it; the same end again changes nothing.</summary>
    public async Task<Outcome<ClaimBody>> RunAsync(
        Actor actor,
        string invoiceId,
        string claimId,
        bool paid,
        Outcome<ClaimEnd> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("SettleClaim");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (!paid && request.Value.Why is null)
        {
            return CollectionsFaults.NoReason.At("why", Act.LongestReason);
        }

        if (request.Value.Why is { } why && Act.Reason(why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        if (!InvoiceId.TryParse(invoiceId, out var invoice) || !Guid.TryParseExact(claimId, "D", out var claim))
        {
            return CollectionsFaults.NoClaim.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var asked = new
        {
            seller = actor.SellerId.Value,
            invoice = invoice.Value,
            claim,
            now,
        };
        var row = await connection.QuerySingleOrDefaultAsync<ClaimBody>(Lock, asked, transaction);
        if (row is null)
        {
            return CollectionsFaults.NoClaim.With();
        }

        var found = row with { Amount = Money.Of(row.Amount, row.Currency).Amount };
        var state = paid ? "paid" : "waived";
        if (found.State != "due")
        {
            return found.State == state ? found : CollectionsFaults.ClaimEnded.With(found.State);
        }

        await connection.ExecuteAsync(paid ? Pay : Waive, asked, transaction);
        var act = new Act
        {
            By = actor,
            At = now,
            Kind = paid ? "claim-paid" : "claim-waived",
            InvoiceId = invoice,
            CustomerKey = await connection.ExecuteScalarAsync<string>(CustomerOf, asked, transaction),
            Why = request.Value.Why?.Trim(),
            Body = new
            {
                ClaimId = claim,
                found.Amount,
                found.Currency,
            },
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return found with { State = state, PaidAt = paid ? now : null, WaivedAt = paid ? null : now };
    }
}
