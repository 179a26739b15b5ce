using System.Collections.Concurrent;

namespace RetailInvoicing.Simulators.TaxAgency.Control;

/// <summary>How many requests came in since the start, by taxpayer; those that name none count under nobody.</summary>
internal sealed class Requests
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Count(string? nif) => _counts.AddOrUpdate(nif ?? "", 1, (_, count) => count + 1);

    /// <summary>Those of a taxpayer, or all.</summary>
    public int Of(string? nif) => string.IsNullOrEmpty(nif) ? _counts.Values.Sum() : _counts.GetValueOrDefault(nif);
}
