namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>What a movement of the bank's account was, which only whoever made it knows.</summary>
internal enum BankFactKind
{
    /// <summary>A customer's transfer.</summary>
    Transfer,

    /// <summary>A transfer that the bank took back.</summary>
    TransferTakenBack,

    /// <summary>A debit that was collected.</summary>
    Collected,

    /// <summary>A debit that came back.</summary>
    Returned,

    /// <summary>What a provider paid out.</summary>
    Payout,
}

/// <summary>A movement that stands in a statement, or a part of one.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Name">The bank's reference of it; of a debit its end to end id.</param>
/// <param name="Invoice">Whose money it was; none of a payout.</param>
/// <param name="Amount">How much, positive.</param>
internal sealed record BankFact(BankFactKind Kind, string Name, int? Invoice, decimal Amount);

/// <summary>An invoice that is to be paid by the bank.</summary>
internal sealed record OwedByBank(PlannedPayment Plan, string InvoiceId, string Reference, decimal Amount);
