using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Interest;

/// <summary>What is to be claimed.</summary>
public sealed record ClaimRequest
{
    /// <summary>interest, recovery or both; both where absent.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>Why.</summary>
    public string? Why { get; init; }
}

/// <summary>
/// The seller claims from a business what it owes beside a late invoice: the interest until today of the days that were not claimed yet,
/// and the compensation once. The invoice stays as it is.
/// </summary>
public sealed class AskClaims(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly string[] Both = [MakeClaims.OfInterest, MakeClaims.OfRecovery];

    /// <summary>Claims it.</summary>
    public async Task<Outcome<ClaimList>> RunAsync(
        Actor actor,
        string invoiceId,
        Outcome<ClaimRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("AskClaims");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        var kinds = request.Value.Kinds ?? Both;
        if (kinds.Count == 0 || !kinds.All(Both.Contains))
        {
            return CollectionsFaults.UnknownClaim.At("kinds");
        }

        if (request.Value.Why is { } why && Act.Reason(why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        // Under the receivable's lock: of two that claim at once the second finds what the first claimed.
        var found = await FindReceivable.LockAsync(transaction, actor.SellerId, invoiceId, cancellationToken);
        if (found.Refused(out var none))
        {
            return none;
        }

        var claimable = await GetInterest.OfAsync(transaction, actor.SellerId, found.Value, null, now, cancellationToken);
        if (claimable.Refused(out var refused))
        {
            return refused;
        }

        if (kinds.Contains(MakeClaims.OfInterest) && claimable.Value.Interest.UnknownFrom is { } unknown)
        {
            return CollectionsFaults.RateUnknown.With(unknown.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        }

        var claims = claimable.Value.Claims.Where(claim => kinds.Contains(claim.Kind)).ToArray();
        if (claims.Length == 0)
        {
            return CollectionsFaults.NothingToClaim.With();
        }

        var kept = await MakeClaims.KeepAsync(transaction, actor, request.Value.Why?.Trim(), claims, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClaimList([.. kept.Select(claim => ClaimBody.Of(claim, now))]);
    }
}
