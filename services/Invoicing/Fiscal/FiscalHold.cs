using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>A chain takes no records until an operator lifts this.</summary>
public sealed record FiscalHold
{
    /// <summary>By which it is lifted.</summary>
    public required Guid HoldId { get; init; }

    /// <summary>The taxpayer.</summary>
    public required string TaxId { get; init; }

    /// <summary>Test or production.</summary>
    public required SellerEnvironment Environment { get; init; }

    /// <summary>NumeroInstalacion.</summary>
    public required string Installation { get; init; }

    /// <summary>broken or restored.</summary>
    public required string Reason { get; init; }

    /// <summary>Which record, and what.</summary>
    public required string Detail { get; init; }

    /// <summary>When it was placed.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>The last record that the agency said it has.</summary>
    public LastAtAgency? Agency { get; init; }

    /// <summary>When it was lifted.</summary>
    public DateTimeOffset? LiftedAt { get; init; }

    /// <summary>adopt, go-on, or agreed: found in order without an operator.</summary>
    public string? LiftedHow { get; init; }

    /// <summary>Why, in the operator's words.</summary>
    public string? LiftedReason { get; init; }

    internal ChainKey Chain => new(TaxId, Environment.ToString(), Installation);
}

/// <summary>How an operator lifts a hold.</summary>
public sealed record LiftRequest
{
    /// <summary>adopt or go-on.</summary>
    public required string How { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The highest number that was given in each series, where the operator knows of more than is here.</summary>
    public IReadOnlyDictionary<string, long> Numbers { get; init; } = new Dictionary<string, long>();
}

/// <summary>How many holds stand, by reason, as last seen: what health and the alarm tell without asking the database.</summary>
public sealed class StandingHolds
{
    private volatile IReadOnlyDictionary<string, long> _byReason = new Dictionary<string, long>();

    /// <summary>By reason.</summary>
    public IReadOnlyDictionary<string, long> ByReason
    {
        get => _byReason;
        set => _byReason = value;
    }
}
