namespace RetailInvoicing.Delivery.Reports;

/// <summary>An address that gets nothing more from a seller, and why.</summary>
public sealed record UnreachableAddress
{
    /// <summary>email, sms, whatsapp.</summary>
    public required string Channel { get; init; }

    /// <summary>The address, in lower case.</summary>
    public required string Address { get; init; }

    /// <summary>What was reported of it: a status and the server's words, or the complaint.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>A page of addresses that get nothing more.</summary>
public sealed record UnreachableAddressPage
{
    /// <summary>By channel and address.</summary>
    public required IReadOnlyList<UnreachableAddress> Addresses { get; init; }

    /// <summary>Where the next page begins.</summary>
    public string? NextCursor { get; init; }
}
