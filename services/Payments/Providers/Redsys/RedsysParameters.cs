using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>What Redsys says of an operation, by the names of its manuals; whatever it is, it can be read, kept and shown.</summary>
public sealed class RedsysParameters
{
    private const int MostEncoded = 64 * 1024;
    private const int MostText = 64;

    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    // Notices write 23/11/2026 10:15; the query's answers have been seen with the year first and with seconds.
    private static readonly string[] Times =
    [
        .. new[] { "dd/MM/yyyy", "yyyy-MM-dd", "yyyyMMdd" }.SelectMany(static date =>
            new[] { "HH:mm", "HH:mm:ss", "HH.mm", "HH.mm.ss" }.Select(hour => $"{date} {hour}")
        ),
    ];

    private readonly Dictionary<string, string> _values;

    private RedsysParameters(Dictionary<string, string> values) => _values = values;

    /// <summary>The order.</summary>
    public string? Order => Text("Ds_Order");

    /// <summary>What was done: 0 a payment, 3 a refund.</summary>
    public string? Type => RedsysCodes.Type(Text("Ds_TransactionType"));

    /// <summary>What came of it, with four digits.</summary>
    public string? Response => RedsysCodes.Response(Text("Ds_Response"));

    /// <summary>The code of what went wrong before anybody was asked, such as SIS0051.</summary>
    public string? ErrorCode => Text("Ds_ErrorCode");

    /// <summary>How far it is, in the query's answers alone; F is over.</summary>
    public string? State => Text("Ds_State");

    /// <summary>The issuer's code; refused operations have blanks in its place.</summary>
    public string? AuthorisationCode => Text("Ds_AuthorisationCode") is { } code && code.All(char.IsAsciiLetterOrDigit) ? code : null;

    /// <summary>What we sent along.</summary>
    public string? MerchantData => Text("Ds_MerchantData");

    /// <summary>The amount as it is written.</summary>
    public string? MinorUnits => Text("Ds_Amount");

    /// <summary>Its currency.</summary>
    public Currency? Currency => RedsysCodes.CurrencyOf(Text("Ds_Currency"));

    /// <summary>The amount.</summary>
    public decimal? Amount => Currency is { } currency ? RedsysCodes.Amount(MinorUnits, currency) : null;

    /// <summary>Whose it is: merchant code and terminal.</summary>
    public string? AccountId => RedsysCodes.AccountId(Text("Ds_MerchantCode"), Text("Ds_Terminal"));

    /// <summary>How it was paid, as far as the fields tell: Bizum and cards bring fields of their own.</summary>
    public PaymentMeans? Means =>
        Has("Ds_Bizum_") ? PaymentMeans.Bizum
        : Has("Ds_Card_") ? PaymentMeans.Card
        : null;

    /// <summary>
    /// When it was done, to the minute, by the clocks of Madrid. The hour that autumn has twice is taken as the first of the two: a notice
    /// must not seem to come from the future.
    /// </summary>
    public DateTimeOffset? At =>
        DateTime.TryParseExact(
            $"{Text("Ds_Date")} {Text("Ds_Hour")}",
            Times,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var local
        )
            ? new DateTimeOffset(
                local,
                Madrid.IsAmbiguousTime(local) ? Madrid.GetAmbiguousTimeOffsets(local).Max() : Madrid.GetUtcOffset(local)
            )
            : null;

    /// <summary>A field's text of printable ASCII, without blanks around it; none where it is missing, empty or something else.</summary>
    public string? Text(string name) =>
        _values.TryGetValue(name, out var value)
        && value.Trim() is { Length: > 0 and <= MostText } text
        && text.All(static c => c is >= ' ' and <= '~')
            ? text
            : null;

    /// <summary>The parameters of a field Ds_MerchantParameters, whichever base64 it is written in; none where it is none.</summary>
    public static RedsysParameters? Read(string? encoded)
    {
        if (Bytes(encoded) is not { } json)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                var value = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString(),
                    JsonValueKind.Number => property.Value.GetRawText(),
                    _ => null,
                };
                if (value is not null)
                {
                    // Notices write values as forms do: 23%2F11%2F2026.
                    values[property.Name] = WebUtility.UrlDecode(value);
                }
            }

            return new RedsysParameters(values);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or text in it that is no Unicode.
            return null;
        }
    }

    /// <summary>The parameters that fields of the query's answer make.</summary>
    public static RedsysParameters Of(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in fields)
        {
            values[name] = value;
        }

        return new RedsysParameters(values);
    }

    /// <summary>Parameters as a field Ds_MerchantParameters; the newer version refuses base64 with signs of filling at its end.</summary>
    public static string Write(string version, IReadOnlyDictionary<string, string> values)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(values);
        return version == RedsysSignature.Sha512 ? Base64Url.EncodeToString(json) : Convert.ToBase64String(json);
    }

    /// <summary>The bytes of base64 in either alphabet, filled up or not; none where it is no base64.</summary>
    internal static byte[]? Bytes(string? text)
    {
        if (text is not { Length: > 0 and <= MostEncoded })
        {
            return null;
        }

        var plain = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        plain = plain.PadRight((plain.Length + 3) / 4 * 4, '=');
        var bytes = new byte[plain.Length / 4 * 3];
        return Convert.TryFromBase64String(plain, bytes, out var length) && length > 0 ? bytes[..length] : null;
    }

    private bool Has(string prefix) => _values.Keys.Any(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
