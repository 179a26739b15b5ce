using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// What a payment link opens: one invoice of one seller, everything open of one of its customers, or what a reminder asked for, until an
/// instant. It says nothing of amounts, which are always ours; it is signed, so nobody can make one or move its end.
/// </summary>
public sealed record PaymentLink(SellerId SellerId, InvoiceId? InvoiceId, DateTimeOffset ExpiresAt)
{
    // The first version names no making time and is for an invoice. Such links are in mails and on paper, so they are read until they end.
    private const byte Untimed = 1;
    private const byte Timed = 2;
    private const byte ToInvoice = 1;
    private const byte ToCustomer = 2;
    private const byte ToAsked = 3;
    private const int Id = 16;
    private const int Signature = 24;

    /// <summary>The customer that it is for, by the key that stands for the till's own name; none where it is for an invoice.</summary>
    public Guid? CustomerKey { get; init; }

    /// <summary>What a reminder asked for, by the id that it is kept under; none where it is for an invoice or a customer.</summary>
    public Guid? AskedId { get; init; }

    /// <summary>When it was made, to the microsecond: what is revoked later ends it. A link of the first version does not say it.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>The id of what it opens: the invoice's, the customer's key, or that of what was asked for.</summary>
    public Guid Subject => InvoiceId is { } invoice ? invoice.Value : CustomerKey ?? AskedId.GetValueOrDefault();

    /// <summary>The token that goes into the address.</summary>
    public string Sign(ReadOnlySpan<byte> key)
    {
        var seller = Encoding.UTF8.GetBytes(SellerId.Value);
        var head = HeadOf(MadeAt is null ? Untimed : Timed);
        var token = new byte[head + seller.Length + Signature];
        if (MadeAt is { } made)
        {
            token[0] = Timed;
            token[1] =
                InvoiceId is not null ? ToInvoice
                : CustomerKey is not null ? ToCustomer
                : ToAsked;
            BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(2), ExpiresAt.ToUnixTimeSeconds());
            BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(10), Microseconds(made));
        }
        else
        {
            token[0] = Untimed;
            BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), ExpiresAt.ToUnixTimeSeconds());
        }

        Subject.TryWriteBytes(token.AsSpan(head - Id), bigEndian: true, out _);
        seller.CopyTo(token, head);
        var signed = token.AsSpan(0, head + seller.Length);
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
        if (bytes is not [Untimed or Timed, ..])
        {
            return null;
        }

        var head = HeadOf(bytes[0]);
        // Written back it must be the same: one link has one spelling.
        if (bytes.Length <= head + Signature || Base64Url.EncodeToString(bytes) != token)
        {
            return null;
        }

        var signed = bytes.AsSpan(0, bytes.Length - Signature);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, signed).AsSpan(0, Signature), bytes.AsSpan(signed.Length)))
        {
            return null;
        }

        var seller = SellerId.Of(Encoding.UTF8.GetString(signed[head..]));
        var subject = new Guid(signed.Slice(head - Id, Id), bigEndian: true);
        if (bytes[0] == Untimed)
        {
            return new PaymentLink(seller, new InvoiceId(subject), Seconds(signed[1..]));
        }

        var made = DateTimeOffset.UnixEpoch.AddTicks(BinaryPrimitives.ReadInt64BigEndian(signed[10..]) * TimeSpan.TicksPerMicrosecond);
        return signed[1] switch
        {
            ToInvoice => new PaymentLink(seller, new InvoiceId(subject), Seconds(signed[2..])) { MadeAt = made },
            ToCustomer => new PaymentLink(seller, null, Seconds(signed[2..])) { MadeAt = made, CustomerKey = subject },
            ToAsked => new PaymentLink(seller, null, Seconds(signed[2..])) { MadeAt = made, AskedId = subject },
            _ => null,
        };
    }

    private static int HeadOf(byte version) => version == Untimed ? 1 + 8 + Id : 1 + 1 + 8 + 8 + Id;

    private static long Microseconds(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Seconds(ReadOnlySpan<byte> bytes) =>
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
}
