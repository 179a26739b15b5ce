using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A customer's statement of account as Collections drew it up: each amount and balance is its own.</summary>
public sealed record StatementContent
{
    /// <summary>The seller's own name for the customer, or the address.</summary>
    public required string CustomerNumber { get; init; }

    /// <summary>The customer's name.</summary>
    public string? CustomerName { get; init; }

    /// <summary>The customer's language.</summary>
    public required string Language { get; init; }

    /// <summary>Its first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its last day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>When it was drawn up, by the seller's clock.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>One account for each currency.</summary>
    public required IReadOnlyList<Account> Accounts { get; init; }

    /// <summary>What happened in one currency.</summary>
    public sealed record Account
    {
        public required Currency Currency { get; init; }
        public required decimal Opening { get; init; }
        public required decimal Closing { get; init; }
        public required IReadOnlyList<Entry> Entries { get; init; }
        public required IReadOnlyList<Claim> Claims { get; init; }
        public required decimal ClaimsDue { get; init; }
    }

    /// <summary>One movement.</summary>
    public sealed record Entry
    {
        public required DateOnly Date { get; init; }
        public required string Kind { get; init; }
        public required string Number { get; init; }
        public DateOnly? DueDate { get; init; }
        public required decimal Amount { get; init; }
        public required decimal Balance { get; init; }
    }

    /// <summary>Interest or compensation beside the account.</summary>
    public sealed record Claim
    {
        public required DateOnly Date { get; init; }
        public required string Kind { get; init; }
        public required string Number { get; init; }
        public required decimal Amount { get; init; }
        public required string State { get; init; }
    }
}
