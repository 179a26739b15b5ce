using System.Text.Json.Serialization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Payments.Bank;

/// <summary>How far a line of the bank is.</summary>
public enum EntryState
{
    /// <summary>Kept, and not looked at yet.</summary>
    Waiting,

    /// <summary>The bank has not booked it; neither have we.</summary>
    Pending,

    /// <summary>Everybody knows what it is: allocated, or reconciled.</summary>
    Matched,

    /// <summary>There is something that it may be; somebody has to say so.</summary>
    Proposed,

    /// <summary>Nobody knows what it is.</summary>
    Open,

    /// <summary>Shown, and no business of these books.</summary>
    Noted,

    /// <summary>It was pending, and came again as booked.</summary>
    Superseded,

    /// <summary>The bank told it for information only, or never booked it: no money moved by it.</summary>
    Unbooked,
}

/// <summary>What kind of line it is, by what the bank says of it.</summary>
public enum EntryKind
{
    /// <summary>Somebody paid us.</summary>
    Payment,

    /// <summary>It may be what our own direct debits collected; where it is not, it is a payment.</summary>
    Collection,

    /// <summary>What we had paid came back.</summary>
    CameBack,

    /// <summary>What we had been paid was taken from us again: a returned debit, a recalled or reversed transfer.</summary>
    TakenBack,

    /// <summary>We paid somebody.</summary>
    Debit,

    /// <summary>What the bank kept for itself of a movement.</summary>
    Charge,
}

/// <summary>One payment on one of the seller's bank accounts, as the bank told it.</summary>
public record BankEntry
{
    /// <summary>Our name for it.</summary>
    public Guid EntryId { get; init; }

    /// <summary>The seller's account.</summary>
    public required string Account { get; init; }

    /// <summary>The statement that told it first.</summary>
    public required string StatementId { get; init; }

    /// <summary>The page of that statement.</summary>
    public int? Page { get; init; }

    /// <summary>The movement of the account that it is, or is part of: what comes again under the same name is the same.</summary>
    public required string Movement { get; init; }

    /// <summary>The movement's name without its place among equal ones.</summary>
    public required string Likeness { get; init; }

    /// <summary>What it has in common with the same payment while it was pending.</summary>
    public required string Shape { get; init; }

    /// <summary>Which payment of the movement it is, from 1.</summary>
    public short Part { get; init; } = 1;

    /// <summary>How many payments the movement has.</summary>
    public short Parts { get; init; } = 1;

    /// <summary>How much the account moved, all payments together.</summary>
    public decimal MovementAmount { get; init; }

    /// <summary>Whether the movement was to the account's good.</summary>
    public bool MovementIsCredit { get; init; }

    /// <summary>Whether we got it.</summary>
    public bool IsCredit { get; init; }

    /// <summary>What kind of line it is.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>Whether the bank booked it.</summary>
    public bool IsBooked { get; init; }

    /// <summary>Whether the bank told it for information only (entry status INFO): it will not be booked under this name.</summary>
    [JsonIgnore]
    public bool IsInformation { get; init; }

    /// <summary>How much, not negative.</summary>
    public decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public Currency Currency { get; init; }

    /// <summary>The day the bank booked it, as near as it is said.</summary>
    public DateOnly BookedOn { get; init; }

    /// <summary>The day from which it counts.</summary>
    public DateOnly? ValuedOn { get; init; }

    /// <summary>The bank's reference of the movement.</summary>
    public string? BankReference { get; init; }

    /// <summary>The payer's own id of it.</summary>
    public string? EndToEndId { get; init; }

    /// <summary>The first bank's id of it.</summary>
    public string? TransactionId { get; init; }

    /// <summary>The mandate of a direct debit.</summary>
    public string? MandateId { get; init; }

    /// <summary>The batch it was ordered in.</summary>
    public string? BatchId { get; init; }

    /// <summary>Whom it is with. Personal data; an erasure overwrites it, and the next two.</summary>
    public string? PartyName { get; init; }

    /// <summary>On whose behalf they paid.</summary>
    public string? UltimateName { get; init; }

    /// <summary>Their account.</summary>
    public string? PartyAccount { get; init; }

    /// <summary>Their name without order, accents and legal form.</summary>
    public string? PartyKey => PayerName.KeyOf(PartyName);

    /// <summary>Creditor's references that it cites.</summary>
    public string[] Cited { get; init; } = [];

    /// <summary>Everything else that the payer or the bank says of it. Personal data; an erasure overwrites it.</summary>
    public string Words { get; init; } = "";

    /// <summary>Why it came back, in the code of ISO 20022.</summary>
    public string? ReturnReason { get; init; }

    /// <summary>Why it came back, in words.</summary>
    public string? ReturnText { get; init; }

    /// <summary>What kind of movement the bank calls it.</summary>
    public string? BankCode { get; init; }

    /// <summary>The amount with its sign: what it does to the account.</summary>
    public decimal Signed => IsCredit ? Amount : -Amount;

    /// <summary>
    /// What a payment made of it is known by: the reference that the payer cited, or the bank's own. Never the payer's words.
    /// </summary>
    public string? PaymentReference =>
        Cited.Select(Iban.Compact).FirstOrDefault(each => CreditorReference.IsSound(each)) ?? BankReference ?? EndToEndId;
}
