using System.Text.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>
/// Reads Stripe's objects whichever version of its API wrote them: what is missing, or is not of the form that it should be, is not there.
/// </summary>
internal static class StripeJson
{
    private const int MostText = 200;
    private const int MostId = 255;

    // The last second of the year 9999, the last that there is a date for.
    private const long LastSecond = 253_402_300_799;

    /// <summary>A text that can be kept and shown.</summary>
    public static string? Text(this JsonElement from, string name, int most = MostText) =>
        from.Member(name) is { ValueKind: JsonValueKind.String } value
        && value.GetString() is { Length: > 0 } text
        && text.Length <= most
        && !text.Any(char.IsControl)
            ? text
            : null;

    /// <summary>The id of an object that stands there itself or by its id alone.</summary>
    public static string? Id(this JsonElement from, string name) =>
        (from.Part(name)?.Text("id", MostId) ?? from.Text(name, MostId)) is { } id
        && id.All(static each => char.IsAsciiLetterOrDigit(each) || each is '_' or '-')
            ? id
            : null;

    /// <summary>A whole number.</summary>
    public static long? Number(this JsonElement from, string name) =>
        from.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Whether it says yes.</summary>
    public static bool Flag(this JsonElement from, string name) => from.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>An object within.</summary>
    public static JsonElement? Part(this JsonElement from, string name) =>
        from.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>The objects of a list, which Stripe writes as an array or as a page of one.</summary>
    public static IEnumerable<JsonElement> Each(this JsonElement from, string name) =>
        from.Member(name) switch
        {
            { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
            { ValueKind: JsonValueKind.Object } page when page.Member("data") is { ValueKind: JsonValueKind.Array } array =>
                array.EnumerateArray(),
            _ => Enumerable.Empty<JsonElement>(),
        };

    /// <summary>An instant.</summary>
    public static DateTimeOffset? Time(this JsonElement from, string name) =>
        from.Number(name) is { } seconds && seconds is >= 0 and <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>An amount in the currency of the object.</summary>
    public static (decimal Amount, Currency Currency)? Amount(this JsonElement from, string name) =>
        from.Number(name) is { } units && CurrencyOf(from) is { } currency ? (StripeAmount.Of(units, currency), currency) : null;

    private static Currency? CurrencyOf(JsonElement from) =>
        Currency.TryParse(from.Text("currency")?.ToUpperInvariant(), out var currency) ? currency : null;

    private static JsonElement? Member(this JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : null;
}
