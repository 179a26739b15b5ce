using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>
/// The signature of a notice: HMAC-SHA256 under the endpoint's secret over the time and the body as it came. While a secret is being
/// replaced there are two, and one that is right will do.
/// </summary>
public static class StripeSignature
{
    /// <summary>The header that carries it, in small letters.</summary>
    public const string Header = "stripe-signature";

    /// <summary>How far the time that was signed may lie from now, in seconds.</summary>
    public const int Tolerance = 300;

    private const int MostCharacters = 4096;
    private const int MostDigits = 12;

    /// <summary>The refusal of a body that was not signed under the secret, or too long ago; none where it was.</summary>
    public static Fault? Check(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        if (Read(header) is not { } signed)
        {
            return PaymentsFaults.StripeForged.With();
        }

        var right = false;
        var expected = Encoding.ASCII.GetBytes(Of(secret, signed.Time, body));
        foreach (var signature in signed.Signatures)
        {
            right |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        }

        if (!right)
        {
            return PaymentsFaults.StripeForged.With();
        }

        // It is genuine, but anybody who once saw it can send it again: for a few minutes, not for ever.
        return Math.Abs(now.ToUnixTimeSeconds() - signed.Time) > Tolerance ? PaymentsFaults.StripeLate.With(Tolerance) : null;
    }

    /// <summary>The signature of a body, in small hexadecimal digits.</summary>
    public static string Of(string secret, long time, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}.")));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>t=1492774577,v1=…,v1=…; other schemes than v1 say nothing to us.</summary>
    private static (long Time, IReadOnlyList<string> Signatures)? Read(string? header)
    {
        if (header is not { Length: > 0 and <= MostCharacters })
        {
            return null;
        }

        long? time = null;
        List<string> signatures = [];
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal) && time is null)
            {
                time = Seconds(part[2..]);
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal))
            {
                signatures.Add(part[3..]);
            }
        }

        return time is { } known && signatures.Count > 0 ? (known, signatures) : null;
    }

    // As it is written again to be signed: without zeros before it, which Stripe does not write.
    private static long? Seconds(string text) =>
        text is { Length: > 0 and <= MostDigits }
        && text[0] != '0'
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;
}
