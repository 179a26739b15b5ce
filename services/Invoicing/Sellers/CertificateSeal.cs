using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>
/// Seals sellers' private keys with the key that AppHost hands to Invoicing alone. A sealed key opens for its own seller and certificate
/// and for no other.
/// </summary>
internal sealed class CertificateSeal
{
    private readonly Seal _seal;

    private CertificateSeal(Seal seal) => _seal = seal;

    /// <summary>Which key it is, without telling it.</summary>
    public string Name => _seal.Name;

    /// <summary>The seal of a secret; null where none was handed, or one too short to be one.</summary>
    public static CertificateSeal? Of(string? secret) =>
        Seal.Of(secret, "seller-certificate") is { } seal ? new CertificateSeal(seal) : null;

    /// <summary>A private key (PKCS#8), sealed.</summary>
    public byte[] Close(SellerId seller, ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey) =>
        _seal.Close(Bound(seller, certificate), privateKey);

    /// <summary>The private key again; null where it was sealed for another seller or certificate, or was altered.</summary>
    public byte[]? Open(SellerId seller, ReadOnlySpan<byte> certificate, byte[] closed) => _seal.Open(Bound(seller, certificate), closed);

    private static byte[] Bound(SellerId seller, ReadOnlySpan<byte> certificate) =>
        [.. SHA256.HashData(certificate), .. Encoding.UTF8.GetBytes(seller.Value)];
}
