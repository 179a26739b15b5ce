using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>A credit on the bank's statement that may be what our direct debits collected.</summary>
public sealed record BankedCollection
{
    /// <summary>The group of the file, or the file, where the bank names it (PmtInfId, MsgId).</summary>
    public string? Batch { get; init; }

    /// <summary>The debit, where the line is of one debit only and names it.</summary>
    public string? EndToEndId { get; init; }

    /// <summary>How much came.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>When the bank booked it.</summary>
    public required DateOnly BookedOn { get; init; }
}
