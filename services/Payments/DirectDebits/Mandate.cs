using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>Which rules a debit follows: those for everybody, or those between businesses, which know no refund.</summary>
public enum DebitScheme
{
    /// <summary>SDD Core.</summary>
    Core,

    /// <summary>SDD B2B.</summary>
    B2b,
}

/// <summary>Which debit of its mandate it is.</summary>
public enum DebitSequence
{
    /// <summary>The first of several (FRST).</summary>
    First,

    /// <summary>One after the first (RCUR).</summary>
    Recurring,

    /// <summary>The only one (OOFF).</summary>
    OneOff,
}

/// <summary>Whether the seller may still use a mandate.</summary>
public enum MandateState
{
    /// <summary>It may.</summary>
    Active,

    /// <summary>The customer's bank returned a debit in a way that makes the next one useless.</summary>
    Suspended,

    /// <summary>The seller or the customer ended it; it stays, since debits were made by it.</summary>
    Cancelled,
}

/// <summary>A customer's signed consent to be debited, and what it was used for so far.</summary>
public sealed record Mandate
{
    // A mandate that nobody has used for so long has lapsed by the scheme's rules.
    private const int MonthsUnused = 36;

    /// <summary>AT-01: the seller's own reference of it.</summary>
    public required string MandateId { get; init; }

    /// <summary>The customer whose invoices are collected by it.</summary>
    public required CustomerId CustomerId { get; init; }

    /// <summary>The debtor.</summary>
    public required string Name { get; init; }

    /// <summary>The debtor's account.</summary>
    public required string Iban { get; init; }

    /// <summary>Its bank, where it was said.</summary>
    public string? Bic { get; init; }

    /// <summary>When it was signed.</summary>
    public required DateOnly SignedOn { get; init; }

    /// <summary>Its scheme.</summary>
    public required DebitScheme Scheme { get; init; }

    /// <summary>What the first debit by it that we write is: recurring where it was in use elsewhere before.</summary>
    public required DebitSequence Sequence { get; init; }

    /// <summary>Whether it may be used.</summary>
    public required MandateState State { get; init; }

    /// <summary>The code of the returned debit that suspended it.</summary>
    public string? Reason { get; init; }

    /// <summary>The account as it was when we were told of the mandate.</summary>
    public required string FirstIban { get; init; }

    /// <summary>When we were told of it.</summary>
    public required DateOnly KnownSince { get; init; }

    /// <summary>How many debits were made by it, cancelled ones apart.</summary>
    public int Uses { get; init; }

    /// <summary>The last day that one of them was for.</summary>
    public DateOnly? LastUsedOn { get; init; }

    /// <summary>The account that the last of them was from.</summary>
    public string? LastIban { get; init; }

    /// <summary>What the next debit by it is.</summary>
    public DebitSequence Next => Sequence == DebitSequence.First && Uses > 0 ? DebitSequence.Recurring : Sequence;

    /// <summary>The last day it can be used, unless it is used before.</summary>
    public DateOnly LapsesAfter => (LastUsedOn ?? (Sequence == DebitSequence.Recurring ? KnownSince : SignedOn)).AddMonths(MonthsUnused);

    /// <summary>Whether the customer's bank has to be told that the account is another than it knows.</summary>
    public bool IsAmended => (LastIban ?? (Sequence == DebitSequence.Recurring ? FirstIban : null)) is { } told && told != Iban;

    /// <summary>Whether it is living on that day: neither ended, suspended, lapsed nor used up.</summary>
    public bool MayBeUsedOn(DateOnly day) => StandingOn(day) == "active";

    /// <summary>How it stands on that day: active, suspended, cancelled, lapsed, or used where it was for one debit only.</summary>
    public string StandingOn(DateOnly day) =>
        State != MandateState.Active ? Word.Of(State)
        : Sequence == DebitSequence.OneOff && Uses > 0 ? "used"
        : day > LapsesAfter ? "lapsed"
        : "active";

    /// <summary>The mandate after a debit for that day.</summary>
    public Mandate UsedOn(DateOnly day) => this with { Uses = Uses + 1, LastUsedOn = LastUsedOn > day ? LastUsedOn : day, LastIban = Iban };
}
