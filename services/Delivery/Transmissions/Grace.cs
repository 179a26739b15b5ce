namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Whoever was handing a message over while the database was away gets some time to record how that ended.</summary>
public sealed class Grace(DeliveryOptions options)
{
    private DateTimeOffset? _since;

    /// <summary>The database is there since then.</summary>
    public void BeginAt(DateTimeOffset now) => _since = now;

    /// <summary>The database is away.</summary>
    public void Interrupt() => _since = null;

    /// <summary>Whether what was being handed over then may be taken by others.</summary>
    public bool IsOverAt(DateTimeOffset now) => _since is { } since && now - since >= options.Grace;
}
