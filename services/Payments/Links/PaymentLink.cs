using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// What a payment link opens: one invoice of one seller, until an instant. It says nothing of amounts, which are always ours; it is
/// signed, so nobody can make one or move its end.
/// </summary>
public sealed record PaymentLink(SellerId SellerId, InvoiceId InvoiceId, DateTimeOffset ExpiresAt)
{
    private const byte Version = 1;
    private const int Head = 1 + 8 + 16;
    private const int Signature = 24;

    /// <summary>The token that goes into the address.</summary>
    public string Sign(ReadOnlySpan<byte> key)
    {
        var seller = Encoding.UTF8.GetBytes(SellerId.Value);
        var token = new byte[Head + seller.Length + Signature];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), ExpiresAt.ToUnixTimeSeconds());
        InvoiceId.Value.TryWriteBytes(token.AsSpan(9), bigEndian: true, out _);
        seller.CopyTo(token, Head);
        var signed = token.AsSpan(0, Head + seller.Length);
        HMACSHA256.HashData(key, signed).AsSpan(0, Signature).CopyTo(token.AsSpan(signed.Length));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The link of a token; none where we did not sign it.</summary>
    public static PaymentLink? Read(string token, ReadOnlySpan<byte> key)
    {
        if (token.Length is 0 or > 512 || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        // Written back it must be the same: one link has one spelling.
        if (bytes.Length <= Head + Signature || bytes[0] != Version || Base64Url.EncodeToString(bytes) != token)
        {
            return null;
        }

        var signed = bytes.AsSpan(0, bytes.Length - Signature);
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, signed).AsSpan(0, Signature), bytes.AsSpan(signed.Length))
            ? new PaymentLink(
                SellerId.Of(Encoding.UTF8.GetString(signed[Head..])),
                new InvoiceId(new Guid(signed.Slice(9, 16), bigEndian: true)),
                DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(signed[1..]))
            )
            : null;
    }
}
