using System.Collections.Concurrent;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>What payers saw of providers' pages: which invoice each session and order that they stood before was for.</summary>
internal sealed class PayersSeen
{
    private int _otherPlaces;

    /// <summary>Invoices by Stripe's session.</summary>
    public ConcurrentDictionary<string, int> Sessions { get; } = new(StringComparer.Ordinal);

    /// <summary>Invoices by Redsys' order.</summary>
    public ConcurrentDictionary<string, int> Orders { get; } = new(StringComparer.Ordinal);

    /// <summary>Invoices of which a payer left a provider's page without having paid or cancelled.</summary>
    public ConcurrentDictionary<int, bool> Left { get; } = new();

    /// <summary>Double clicks whose two answers led to different pages.</summary>
    public int OtherPlaces => _otherPlaces;

    /// <summary>A double click led to two places.</summary>
    public void TwoPlaces() => Interlocked.Increment(ref _otherPlaces);
}
