using System.Collections.Concurrent;

namespace RetailInvoicing.Simulators.TaxAgency.Control;

/// <summary>Who is known to the agency: whoever's identifier is sound, those apart that the control API has listed as unknown.</summary>
internal sealed class Census
{
    private readonly ConcurrentDictionary<string, bool> _unknown = new(StringComparer.Ordinal);

    public IEnumerable<string> Unknown => _unknown.Keys.Order(StringComparer.Ordinal);

    /// <summary>A Spanish identifier is known.</summary>
    public bool Knows(string? nif) => Nif.IsSound(nif) && !_unknown.ContainsKey(nif!);

    /// <summary>An identifier of another country (VIES) is known: its structure is looked at elsewhere.</summary>
    public bool KnowsAbroad(string? id) => id is not null && !_unknown.ContainsKey(id);

    public void Set(string id, bool isUnknown)
    {
        if (isUnknown)
        {
            _unknown[id] = true;
        }
        else
        {
            _unknown.TryRemove(id, out _);
        }
    }
}
