using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// A provider's notice of a checkout that was paid, ready to be sent: the bytes that the provider made, and the fact by which the ledger
/// knows it.
/// </summary>
internal sealed record SignedNotice(string Path, byte[] Body, string ContentType, string? Secret, string FactId)
{
    /// <summary>The request; what Stripe signs with the time is signed now, as it is at each attempt.</summary>
    public HttpRequestMessage Request(Uri service)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, Path)) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        if (Secret is not null)
        {
            var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Secret));
            hash.AppendData(Encoding.UTF8.GetBytes($"{at}."));
            hash.AppendData(Body);
            request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t={at},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }

        return request;
    }
}
