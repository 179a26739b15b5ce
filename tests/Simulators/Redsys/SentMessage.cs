using System.Globalization;
using System.Text.Json;

namespace RetailInvoicing.Simulators.Redsys;

/// <summary>What a merchant sent, its signature right.</summary>
internal sealed class SentMessage
{
    private readonly Dictionary<string, string> _fields;

    private SentMessage(string version, Dictionary<string, string> fields) => (Version, _fields) = (version, fields);

    public string Version { get; }

    public string Merchant => this["MERCHANTCODE"];

    /// <summary>Its number without zeros before it.</summary>
    public string Terminal => this["TERMINAL"].TrimStart('0');

    public string Order => this["ORDER"];

    public string Type => this["TRANSACTIONTYPE"];

    public string Currency => this["CURRENCY"];

    public long Amount => long.Parse(this["AMOUNT"], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A field of DS_MERCHANT_…, in whatever case; empty where there is none.</summary>
    public string this[string name] => _fields.GetValueOrDefault($"DS_MERCHANT_{name}", "");

    /// <summary>The message, or the SIS code that it is refused with.</summary>
    public static (SentMessage? Message, string? Error) Open(
        string? version,
        string? parameters,
        string? signature,
        Func<string, string, string> keyOf
    )
    {
        if (version is not (Signing.Sha256 or Signing.Sha512))
        {
            return (null, "SIS0429");
        }

        // The second version is seen to refuse base64 that is filled up or in the other alphabet.
        if (parameters is null || (version == Signing.Sha512 && parameters.AsSpan().IndexOfAny("=+/") >= 0))
        {
            return (null, "SIS0430");
        }

        if (Signing.Decode(parameters) is not { } json)
        {
            return (null, "SIS0430");
        }

        if (Fields(json) is not { } fields)
        {
            return (null, "SIS0431");
        }

        var message = new SentMessage(version, fields);
        if (message.Wrong() is { } wrong)
        {
            return (null, wrong);
        }

        var key = keyOf(message.Merchant, message.Terminal);
        return Signing.IsRight(version, key, message.Order, parameters, signature ?? "") ? (message, null) : (null, "SIS0042");
    }

    private string? Wrong() =>
        Merchant.Length == 0 ? "SIS0008"
        : Merchant.Length > 9 || !Merchant.All(char.IsAsciiDigit) ? "SIS0009"
        : this["TERMINAL"].Length == 0 ? "SIS0010"
        : Terminal.Length is 0 or > 3 || !Terminal.All(char.IsAsciiDigit) ? "SIS0011"
        : Order.Length == 0 ? "SIS0074"
        : Order.Length is < 4 or > 12 || !Order[..4].All(char.IsAsciiDigit) || !Order.All(char.IsAsciiLetterOrDigit) ? "SIS0014"
        : Currency.Length == 0 ? "SIS0015"
        : Currency.Length > 3 || !Currency.All(char.IsAsciiDigit) ? "SIS0016"
        : this["AMOUNT"].Length == 0 ? "SIS0018"
        : this["AMOUNT"].Length > 12 || !this["AMOUNT"].All(char.IsAsciiDigit) || Amount == 0 ? "SIS0019"
        : Type.Length == 0 ? "SIS0022"
        : null;

    private static Dictionary<string, string>? Fields(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                fields[property.Name] = property.Value.ToString();
            }

            return fields;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
