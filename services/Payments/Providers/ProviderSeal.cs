using System.Text;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// What opens sellers' accounts with providers lies in the database sealed, bound to seller and provider: a copy of it pays nobody.
/// </summary>
public sealed class ProviderSeal(IConfiguration configuration)
{
    private readonly Seal? _seal = Seal.Of(configuration["Keys:ProviderKey"], "provider-secrets");

    /// <summary>Whether there is a key to seal with.</summary>
    public bool IsThere => _seal is not null;

    /// <summary>The secrets, sealed.</summary>
    public byte[] Close(SellerId seller, string provider, IReadOnlyDictionary<string, string> secrets) =>
        (_seal ?? throw new InvalidOperationException("Keys:ProviderKey is not set")).Close(
            Bound(seller, provider),
            JsonSerializer.SerializeToUtf8Bytes(secrets, Wire.Tolerant)
        );

    /// <summary>The secrets again; nothing where they were sealed by another key or for another account.</summary>
    public IReadOnlyDictionary<string, string>? Open(SellerId seller, string provider, byte[] closed) =>
        _seal?.Open(Bound(seller, provider), closed) is { } opened
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(opened, Wire.Tolerant)
            : null;

    // Neither can hold the sign between them.
    private static byte[] Bound(SellerId seller, string provider) => Encoding.UTF8.GetBytes($"{seller.Value}\n{provider}");
}
