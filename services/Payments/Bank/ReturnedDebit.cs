using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>A line of the bank that took money back which one of our direct debits may have collected.</summary>
public sealed record ReturnedDebit
{
    /// <summary>The line.</summary>
    public required Guid EntryId { get; init; }

    /// <summary>The seller's account.</summary>
    public required string Account { get; init; }

    /// <summary>What the debit was known by from end to end.</summary>
    public required string EndToEndId { get; init; }

    /// <summary>Its mandate, where the line names it.</summary>
    public string? MandateId { get; init; }

    /// <summary>Its batch, where the line names it.</summary>
    public string? BatchId { get; init; }

    /// <summary>How much was taken, positive.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>When the bank booked it.</summary>
    public required DateOnly BookedOn { get; init; }

    /// <summary>Why, in the code of ISO 20022, such as MD06.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>Why, in words.</summary>
    public string? ReasonText { get; init; }
}
