using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// What a link to stop offers says: whose, for which purpose, at which seller, and the language to answer in. It is sealed, since the
/// address of a page is written to logs on its way and an address of a person is nobody else's; it has no end, since a no has none.
/// </summary>
public sealed record WithdrawalToken(SellerId SellerId, string Email, string Purpose, CustomerId? CustomerId, string Language)
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int LongestToken = 4096;

    /// <summary>The token that goes into the address; the same words give the same token.</summary>
    public string Seal(byte[] key)
    {
        var open = Write();
        var token = new byte[1 + NonceSize + open.Length + TagSize];
        token[0] = Version;
        // Made of what it seals: two different words never share one.
        HMACSHA256.HashData(key, open).AsSpan(0, NonceSize).CopyTo(token.AsSpan(1));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            token.AsSpan(1, NonceSize),
            open,
            token.AsSpan(1 + NonceSize, open.Length),
            token.AsSpan(1 + NonceSize + open.Length),
            token.AsSpan(0, 1)
        );
        return Base64Url.EncodeToString(token);
    }

    /// <summary>What a token says; nothing where we did not make it.</summary>
    public static WithdrawalToken? Open(string token, byte[] key)
    {
        if (token.Length is 0 or > LongestToken || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= 1 + NonceSize + TagSize || bytes[0] != Version)
        {
            return null;
        }

        var open = new byte[bytes.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(
                bytes.AsSpan(1, NonceSize),
                bytes.AsSpan(1 + NonceSize, open.Length),
                bytes.AsSpan(1 + NonceSize + open.Length),
                open,
                bytes.AsSpan(0, 1)
            );
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Read(open);
    }

    private byte[] Write()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(SellerId.Value);
            writer.Write(Email);
            writer.Write(Purpose);
            writer.Write(CustomerId?.Value ?? "");
            writer.Write(Language);
        }

        return stream.ToArray();
    }

    private static WithdrawalToken Read(byte[] open)
    {
        using var stream = new MemoryStream(open);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        var seller = reader.ReadString();
        var email = reader.ReadString();
        var purpose = reader.ReadString();
        var customer = reader.ReadString();
        return new WithdrawalToken(
            SellerId.Of(seller),
            email,
            purpose,
            customer.Length > 0 ? Contracts.CustomerId.Of(customer) : null,
            reader.ReadString()
        );
    }
}
