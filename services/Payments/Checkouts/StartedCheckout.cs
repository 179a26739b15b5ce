namespace RetailInvoicing.Payments.Checkouts;

/// <summary>Where a payer is sent, or that there is nothing to pay any more.</summary>
public sealed record StartedCheckout
{
    /// <summary>The checkout; none where nothing was due to begin with.</summary>
    public Guid? CheckoutId { get; init; }

    /// <summary>Where the payer is sent.</summary>
    public Uri? Address { get; init; }

    /// <summary>What is posted there; the payer follows a link where there is nothing.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>Whether nothing is due any more.</summary>
    public bool AlreadyPaid { get; init; }
}
