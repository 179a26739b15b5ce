using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>
/// Seals sellers' private keys with the key that AppHost hands to Invoicing alone (AES-256-GCM). A sealed key opens for its own seller
/// and certificate and for no other, so that a row that is moved or exchanged opens nothing.
/// </summary>
internal sealed class CertificateSeal
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int LeastSecret = 32;

    private readonly byte[] _key;

    private CertificateSeal(byte[] key, string name) => (_key, Name) = (key, name);

    /// <summary>Which key it is, without telling it.</summary>
    public string Name { get; }

    /// <summary>The seal of a secret; null where none was handed, or one too short to be one.</summary>
    public static CertificateSeal? Of(string? secret)
    {
        if (secret is not { Length: >= LeastSecret })
        {
            return null;
        }

        var given = Encoding.UTF8.GetBytes(secret);
        byte[] Derive(string purpose, int length) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, given, length, info: Encoding.ASCII.GetBytes($"seller-certificate {purpose}"));
        return new CertificateSeal(Derive("key", 32), Convert.ToHexStringLower(Derive("name", 8)));
    }

    /// <summary>A private key (PKCS#8), sealed.</summary>
    public byte[] Close(SellerId seller, ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey)
    {
        var closed = new byte[1 + NonceLength + TagLength + privateKey.Length];
        closed[0] = Version;
        var (nonce, tag, content) = Parts(closed);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce.Span, privateKey, content.Span, tag.Span, Bound(seller, certificate));
        return closed;
    }

    /// <summary>The private key again; null where it was sealed for another seller or certificate, or was altered.</summary>
    public byte[]? Open(SellerId seller, ReadOnlySpan<byte> certificate, byte[] closed)
    {
        if (closed.Length <= 1 + NonceLength + TagLength || closed[0] != Version)
        {
            return null;
        }

        var (nonce, tag, content) = Parts(closed);
        var opened = new byte[content.Length];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            aes.Decrypt(nonce.Span, content.Span, tag.Span, opened, Bound(seller, certificate));
            return opened;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Content) Parts(byte[] closed) =>
        (closed.AsMemory(1, NonceLength), closed.AsMemory(1 + NonceLength, TagLength), closed.AsMemory(1 + NonceLength + TagLength));

    private static byte[] Bound(SellerId seller, ReadOnlySpan<byte> certificate) =>
        [Version, .. SHA256.HashData(certificate), .. Encoding.UTF8.GetBytes(seller.Value)];
}
