using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>A line of the bank with what has come of it, as the table holds it.</summary>
public record KeptEntry : BankEntry
{
    /// <summary>The table's columns of what the bank told.</summary>
    public const string Told = """
        entry_id, account, statement_id, page, movement, likeness, shape, part, parts, movement_amount, movement_is_credit, is_credit, kind,
        is_booked, amount, currency, booked_on, valued_on, bank_reference, end_to_end_id, transaction_id, mandate_id, batch_id, party_name,
        ultimate_name, party_account, cited, words, return_reason, return_text, bank_code
        """;

    /// <summary>The table's columns of what has come of it.</summary>
    public const string Come = "state, matched_as, payment_id, customer_id, proposals, allocated, by_hand";

    /// <summary>How far it is.</summary>
    public EntryState State { get; init; }

    /// <summary>What it is, where that is known.</summary>
    public string? MatchedAs { get; init; }

    /// <summary>The money that was received by it.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>Whose payment it is.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>What may be meant, as JSON.</summary>
    public string? Proposals { get; init; }

    /// <summary>What was allocated, as JSON.</summary>
    public string? Allocated { get; init; }

    /// <summary>Whether only a person decides of it.</summary>
    public bool ByHand { get; init; }
}

/// <summary>What an invoice got of a line of the bank, and what was forgiven of it then.</summary>
public sealed record AllocatedPart
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>How much it got.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What the seller does without.</summary>
    public decimal Forgiven { get; init; }

    /// <summary>The write-off of it.</summary>
    public PaymentId? WriteOff { get; init; }
}
