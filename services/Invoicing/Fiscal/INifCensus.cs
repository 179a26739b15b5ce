namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>The tax agency's census of NIFs: the seam for its service, which an installation may be given access to.</summary>
public interface INifCensus
{
    /// <summary>Whether the census has a NIF under a name; null where it cannot be asked, and then nothing is refused.</summary>
    ValueTask<bool?> HasAsync(string nif, string name, CancellationToken cancellationToken);
}

/// <summary>No census at hand: NIFs are judged by their check character alone.</summary>
public sealed class NoCensus : INifCensus
{
    /// <inheritdoc />
    public ValueTask<bool?> HasAsync(string nif, string name, CancellationToken cancellationToken) => new((bool?)null);
}
