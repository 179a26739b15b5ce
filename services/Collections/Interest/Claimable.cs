using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Interest;

/// <summary>What can be claimed beside one late invoice of a business, and is not claimed yet.</summary>
public sealed record Claimable
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The interest of the days that were not claimed yet.</summary>
    public required LateInterest Interest { get; init; }

    /// <summary>Whether the compensation is owed and was never claimed.</summary>
    public required bool Recovery { get; init; }

    /// <summary>The claims that would be made.</summary>
    public required IReadOnlyList<NewClaim> Claims { get; init; }

    /// <summary>
    /// Of a receivable whose interest was claimed until a day, or never: what is owed until that other day. Whoever was late for one day
    /// owes the compensation.
    /// </summary>
    public static Claimable Of(
        ReceivableHistory history,
        InterestRates rates,
        string zone,
        DateOnly until,
        DateOnly? claimedUntil,
        bool recoveryClaimed
    )
    {
        var receivable = history.Receivable;
        var first = receivable.DueDate!.Value.AddDays(1);
        var from = claimedUntil is { } last && last >= first ? last.AddDays(1) : first;
        var interest = LateInterest.Of(history, from, until, rates, zone);
        var wasLate = LateInterest.Of(history, first, until, rates, zone) is { Pieces.Count: > 0 } or { UnknownFrom: not null };
        var recovery = wasLate && !recoveryClaimed;
        var claims = new List<NewClaim>();
        if (interest.Amount > 0m)
        {
            claims.Add(New(MakeClaims.OfInterest, interest.Amount.Value, receivable.Currency) with { From = from, Until = until });
        }

        if (recovery)
        {
            claims.Add(New(MakeClaims.OfRecovery, RecoveryCompensation.Amount.Amount, RecoveryCompensation.Amount.Currency));
        }

        return new Claimable
        {
            InvoiceId = receivable.InvoiceId,
            Interest = interest,
            Recovery = recovery,
            Claims = claims,
        };

        NewClaim New(string kind, decimal amount, Currency currency) =>
            new()
            {
                ClaimId = Guid.CreateVersion7(),
                SellerId = receivable.SellerId,
                InvoiceId = receivable.InvoiceId,
                CustomerKey = receivable.CustomerKey,
                Kind = kind,
                Amount = amount,
                Currency = currency,
            };
    }
}
