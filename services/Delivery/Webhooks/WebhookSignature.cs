using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>The signature of a call: Standard Webhooks, HMAC-SHA256 over id, timestamp and body.</summary>
public static class WebhookSignature
{
    /// <summary>Header that names the event, the same in every attempt.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header that says when this attempt was made, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Header that carries the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>Header that names the kind of event; it is ours and signed by nobody.</summary>
    public const string EventHeader = "webhook-event";

    /// <summary>What <see cref="SignatureHeader"/> says: one signature for each key, the present one first.</summary>
    public static string Of(IEnumerable<byte[]> keys, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        var signed = new byte[prefix.Length + body.Length];
        prefix.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(prefix.Length));
        return string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }
}
