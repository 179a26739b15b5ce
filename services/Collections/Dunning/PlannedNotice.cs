using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A notice that waits to be sent, to one address by one channel.</summary>
public sealed record PlannedNotice
{
    /// <summary>Who asks.</summary>
    public SellerId SellerId { get; init; }

    /// <summary>Under which Delivery sends it once.</summary>
    public NoticeId NoticeId { get; init; }

    /// <summary>Whom it goes to.</summary>
    public string CustomerKey { get; init; } = "";

    /// <summary>By which channel.</summary>
    public string Channel { get; init; } = "";

    /// <summary>The address or telephone.</summary>
    public string Recipient { get; init; } = "";

    /// <summary>How often it was put off.</summary>
    public int Attempts { get; init; }
}
