using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A body as a gateway wants it, with places for what a message says; a value never becomes more than a value.</summary>
public static partial class GatewayBody
{
    /// <summary>Values stand in strings of JSON.</summary>
    public const string Json = "application/json";

    /// <summary>Values stand in fields of a form.</summary>
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>What the seller's own server gets, unless the seller says otherwise.</summary>
    public const string OfWebhook = """{"to":"{{to}}","from":"{{from}}","text":"{{text}}","key":"{{key}}"}""";

    /// <summary>The names that a body gives places to.</summary>
    public static IReadOnlySet<string> Places(string body) =>
        Place().Matches(body).Select(static place => place.Groups[1].Value).ToHashSet();

    /// <summary>The body with the values in their places, escaped as its type wants.</summary>
    public static string Fill(string body, string contentType, string to, string text, string key, string from) =>
        Place()
            .Replace(
                body,
                place =>
                    Escape(
                        place.Groups[1].Value switch
                        {
                            "to" => to,
                            "text" => text,
                            "key" => key,
                            "from" => from,
                            _ => "",
                        },
                        contentType
                    )
            );

    /// <summary>Whether the body is sound JSON with values that would break one whose places stand outside of strings.</summary>
    public static bool IsSoundJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(Fill(body, Json, "+34600000000", "a \"quoted\"\ntext", "a-b", "c d"));
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Escape(string value, string contentType) =>
        contentType == Form ? Uri.EscapeDataString(value) : JavaScriptEncoder.Default.Encode(value);

    [GeneratedRegex(@"\{\{\s*([A-Za-z_]*)\s*\}\}")]
    private static partial Regex Place();
}
