using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>
/// An invoice that something is due of, with all that bears on asking for it: whose it is, where the customer is, and what stands in the way.
/// </summary>
public sealed record OpenItem
{
    /// <summary>Whom it is owed to.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>What for.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The invoice's number (BT-1).</summary>
    public required string Number { get; init; }

    /// <summary>Whose it is: the seller's own name for the customer, else the address, else this invoice.</summary>
    public required string CustomerKey { get; init; }

    /// <summary>The seller's own name for the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>The customer's name.</summary>
    public string? CustomerName { get; init; }

    /// <summary>Where mail reaches the customer.</summary>
    public string? Email { get; init; }

    /// <summary>Where short messages reach the customer.</summary>
    public string? Phone { get; init; }

    /// <summary>The customer's language, else the seller's.</summary>
    public required string Language { get; init; }

    /// <summary>Whether the customer buys as a business; where nothing was said it counts as a consumer.</summary>
    public bool Business { get; init; }

    /// <summary>The shop.</summary>
    public StoreId? StoreId { get; init; }

    /// <summary>The customer's place, such as ES-28, ES-35 or US-NY; absent where no address was given.</summary>
    public string? Place { get; init; }

    /// <summary>The seller's zone; absent while the seller has not been told of.</summary>
    public string? SellerZone { get; init; }

    /// <summary>Currency of every amount here.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What the invoice came to.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>What is due.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>When it was or will be due.</summary>
    public required DateOnly DueDate { get; init; }

    /// <summary>When it was issued; absent for what was issued before that was kept.</summary>
    public DateOnly? IssueDate { get; init; }

    /// <summary>When it became a receivable.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was found overdue.</summary>
    public DateTimeOffset? OverdueAt { get; init; }

    /// <summary>The reference that a transfer cites (BT-83).</summary>
    public required string PaymentReference { get; init; }

    /// <summary>Holds of the invoice or of its customer that stand.</summary>
    public IReadOnlyList<StandingHold> Holds { get; init; } = [];

    /// <summary>What the customer gave its word for, and the next day of it.</summary>
    public OpenPromise? OpenPromise { get; init; }

    /// <summary>How much of what is due the customer disputes; never more than is due.</summary>
    public decimal DisputedAmount { get; init; }

    /// <summary>Interest and compensation claimed beside the invoice in its currency, and neither paid nor waived.</summary>
    public IReadOnlyList<OpenClaim> Claims { get; init; } = [];

    /// <summary>What may be asked for: what is due and not disputed.</summary>
    public decimal AskedAmount => AmountDue - DisputedAmount;

    /// <summary>Whether the customer gave its word for all that may be asked for; what it promises of a part puts off that part alone.</summary>
    public bool IsPromisedWhole => OpenPromise is { } promise && promise.Amount >= AskedAmount;

    /// <summary>The part that is promised and so not asked for; none where all of it is: nobody asks until that day is over.</summary>
    public decimal PromisedPart => IsPromisedWhole ? 0m : OpenPromise?.Amount ?? 0m;
}

/// <summary>Somebody keeps an invoice or a customer from being reminded.</summary>
public sealed record StandingHold
{
    /// <summary>The hold.</summary>
    public required Guid HoldId { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Its last day in the seller's zone; absent where it stands until it is released.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Whether it is of everything that the customer owes.</summary>
    public bool OfCustomer { get; init; }
}

/// <summary>
/// A word given and not judged yet: the next day of it that is not over, and how much is promised for days that are not; where all of them
/// are over, the same of those.
/// </summary>
public sealed record OpenPromise(DateOnly Date, decimal Amount);

/// <summary>Interest or compensation that is claimed.</summary>
public sealed record OpenClaim
{
    /// <summary>The claim.</summary>
    public required Guid ClaimId { get; init; }

    /// <summary>interest or recovery.</summary>
    public required string Kind { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }
}
