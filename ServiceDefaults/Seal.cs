using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Seals what a service keeps and nobody else may read (AES-256-GCM), with keys derived from a secret that it was handed. What is sealed
/// opens for what it was bound to and for nothing else, so that a row that is moved or exchanged opens nothing.
/// </summary>
public sealed class Seal
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int LeastSecret = 32;

    private readonly byte[] _key;

    private Seal(byte[] key, string name) => (_key, Name) = (key, name);

    /// <summary>Which key it is, without telling it.</summary>
    public string Name { get; }

    /// <summary>The seal of a secret for one use; null where none was handed, or one too short to be one.</summary>
    public static Seal? Of(string? secret, string use)
    {
        if (secret is not { Length: >= LeastSecret })
        {
            return null;
        }

        var given = Encoding.UTF8.GetBytes(secret);
        byte[] Derive(string part, int length) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, given, length, info: Encoding.UTF8.GetBytes($"{use} {part}"));
        return new Seal(Derive("key", 32), Convert.ToHexStringLower(Derive("name", 8)));
    }

    /// <summary>The content, sealed and bound.</summary>
    public byte[] Close(ReadOnlySpan<byte> boundTo, ReadOnlySpan<byte> content)
    {
        var closed = new byte[1 + NonceLength + TagLength + content.Length];
        closed[0] = Version;
        var (nonce, tag, room) = Parts(closed);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce.Span, content, room.Span, tag.Span, Bound(boundTo));
        return closed;
    }

    /// <summary>The content again; null where it was bound to something else, sealed by another secret, or altered.</summary>
    public byte[]? Open(ReadOnlySpan<byte> boundTo, byte[] closed)
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
            aes.Decrypt(nonce.Span, content.Span, tag.Span, opened, Bound(boundTo));
            return opened;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Content) Parts(byte[] closed) =>
        (closed.AsMemory(1, NonceLength), closed.AsMemory(1 + NonceLength, TagLength), closed.AsMemory(1 + NonceLength + TagLength));

    private static byte[] Bound(ReadOnlySpan<byte> boundTo) => [Version, .. boundTo];
}
