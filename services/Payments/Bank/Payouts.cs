using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>Money that a provider said it sent to the seller's bank.</summary>
public sealed record AnnouncedPayout
{
    /// <summary>Who sent it.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The provider's id of it.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Its currency.</summary>
    public Currency Currency { get; init; }

    /// <summary>What reaches the bank; negative where the provider collects.</summary>
    public decimal Amount { get; init; }

    /// <summary>When it should be there.</summary>
    public DateOnly? ArrivesOn { get; init; }

    /// <summary>What the bank's line should say.</summary>
    public string? Statement { get; init; }

    /// <summary>Whether the provider has it again: the bank need not show it, and may.</summary>
    public bool IsFailed { get; init; }
}

/// <summary>
/// Which announced payout a line of the bank is: certain where the amount is one's, about the day, and the line names it.
/// </summary>
public static class Payouts
{
    private const int MostDaysAway = 10;
    private const int ShortestName = 4;

    /// <summary>What it may be.</summary>
    public static Verdict Of(BankEntry entry, IEnumerable<AnnouncedPayout> announced)
    {
        var words = entry.Cited.Append(entry.Words).Append(entry.PartyName).Append(entry.UltimateName).Append(entry.EndToEndId);
        var compact = string.Concat(words.SelectMany(PlainWords.Of));
        var fitting = announced
            .Where(each => each.Currency == entry.Currency && each.Amount == entry.Signed && IsNear(each, entry))
            .Select(each => (Payout: each, IsNamed: IsNamed(each, compact)))
            .ToList();
        // One that failed is meant where no other can be.
        fitting = fitting.Exists(each => !each.Payout.IsFailed) ? fitting.FindAll(each => !each.Payout.IsFailed) : fitting;
        var named = fitting.FindAll(each => each.IsNamed);
        return new Verdict([
            .. fitting
                .OrderByDescending(each => each.IsNamed)
                .ThenBy(each => each.Payout.ArrivesOn)
                .Take(Match.MostProposals)
                .Select(each => new Proposal
                {
                    Kind = ProposalKind.Payout,
                    Confidence =
                        each.IsNamed && named.Count == 1 ? Confidence.Certain
                        : each.IsNamed || fitting.Count == 1 ? Confidence.Likely
                        : Confidence.Possible,
                    Score = each.IsNamed ? 0.9m : 0.5m,
                    Rest = 0m,
                    Provider = each.Payout.Provider,
                    Reference = each.Payout.Reference,
                    Reasons =
                    [
                        MatchReason.Of(MatchReason.Payout, each.Payout.Provider, each.Payout.Reference),
                        .. each.IsNamed ? [MatchReason.Of(MatchReason.PayoutNamed, each.Payout.Provider)] : Array.Empty<MatchReason>(),
                    ],
                }),
        ]);
    }

    private static bool IsNear(AnnouncedPayout payout, BankEntry entry) =>
        payout.ArrivesOn is not { } day || Math.Abs(entry.BookedOn.DayNumber - day.DayNumber) <= MostDaysAway;

    private static bool IsNamed(AnnouncedPayout payout, string compact) =>
        new[] { payout.Provider, payout.Reference, payout.Statement }
            .Select(each => string.Concat(PlainWords.Of(each)))
            .Any(each => each.Length >= ShortestName && compact.Contains(each, StringComparison.Ordinal));
}
