namespace RetailInvoicing.Payments.Providers;

/// <summary>The providers that are spoken to here, by their names.</summary>
public sealed class ProviderNames(IEnumerable<IPaymentProvider> providers)
{
    private readonly Dictionary<string, IPaymentProvider> _byName = providers
        .GroupBy(each => each.Name, StringComparer.Ordinal)
        .ToDictionary(each => each.Key, each => each.Last(), StringComparer.Ordinal);

    /// <summary>All of them, in words.</summary>
    public string Said => string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal));

    /// <summary>The provider of a name.</summary>
    public IPaymentProvider? Of(string name) => _byName.GetValueOrDefault(name);
}
