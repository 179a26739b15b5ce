using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>What has come of a line of the bank.</summary>
public sealed record Decided
{
    /// <summary>It was matched.</summary>
    public const string Matched = "matched";

    /// <summary>What had been matched was undone.</summary>
    public const string Unmatched = "unmatched";

    /// <summary>What was proposed is not so.</summary>
    public const string Refused = "refused";

    /// <summary>It pays invoices, or what was paid already.</summary>
    public const string AsInvoices = "invoices";

    /// <summary>It pays what is paid already, and stays the customer's.</summary>
    public const string AsPaidAlready = "paidalready";

    /// <summary>It is a provider's payout.</summary>
    public const string AsPayout = "payout";

    /// <summary>It is a provider's settlement that the seller named.</summary>
    public const string AsSettlement = "settlement";

    /// <summary>It is what our direct debits collected.</summary>
    public const string AsCollected = "collected";

    /// <summary>It took back what a direct debit had collected.</summary>
    public const string AsReturned = "returned";

    /// <summary>It took back an earlier payment.</summary>
    public const string AsReversed = "reversed";

    /// <summary>It is a refund on its way to the customer.</summary>
    public const string AsRefund = "refund";

    /// <summary>It is what the bank kept of a movement.</summary>
    public const string AsCharge = "charge";

    /// <summary>The line as it was.</summary>
    public required KeptEntry Entry { get; init; }

    /// <summary>How far it is now.</summary>
    public required EntryState State { get; init; }

    /// <summary>What it is.</summary>
    public string? MatchedAs { get; init; }

    /// <summary>The money that was received by it.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>Whose it is.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>What may be meant.</summary>
    public IReadOnlyList<Proposal> Proposals { get; init; } = [];

    /// <summary>What invoices got.</summary>
    public IReadOnlyList<AllocatedPart> Allocated { get; init; } = [];

    /// <summary>What goes into its history; nothing where nothing was decided.</summary>
    public string? Decision { get; init; }

    /// <summary>Whether a person decided it.</summary>
    public bool IsByHand { get; init; }

    /// <summary>Whether from now on only a person decides of it.</summary>
    public bool IsByHandFromNow { get; init; }

    /// <summary>On what grounds.</summary>
    public object? Grounds { get; init; }

    /// <summary>What is proposed of it, and nothing decided.</summary>
    public static Decided Proposed(KeptEntry entry, PaymentId? payment, CustomerId? customer, Verdict verdict) =>
        new()
        {
            Entry = entry,
            State = verdict.Proposals.Count > 0 ? EntryState.Proposed : EntryState.Open,
            PaymentId = payment,
            CustomerId = customer,
            // A person decides: nothing of it is certain.
            Proposals =
            [
                .. verdict.Proposals.Select(each =>
                    each.Confidence == Confidence.Certain ? each with { Confidence = Confidence.Likely } : each
                ),
            ],
        };
}
