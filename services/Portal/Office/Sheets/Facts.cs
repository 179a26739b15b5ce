using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>What a door answered, read without surprise: what is not there is nothing.</summary>
public static class Facts
{
    /// <summary>A part of an answer, by a path such as rules.coupon.</summary>
    public static JsonNode? At(this JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, (at, name) => (at as JsonObject)?[name]);

    /// <summary>Text, or nothing.</summary>
    public static string? Text(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value ? (value.TryGetValue<string>(out var text) ? text : value.ToJsonString()) : null;

    /// <summary>An item of a list of texts, as text.</summary>
    public static string Said(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>A decimal, or none.</summary>
    public static decimal? Number(this JsonNode? node, string path) =>
        decimal.TryParse(node.Text(path), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A count; none where absent.</summary>
    public static long Count(this JsonNode? node, string path) => (long)(node.Number(path) ?? 0m);

    /// <summary>Whether it is so.</summary>
    public static bool Is(this JsonNode? node, string path) => node.Text(path) == "true";

    /// <summary>A day, or none.</summary>
    public static DateOnly? Day(this JsonNode? node, string path) =>
        DateOnly.TryParseExact(node.Text(path), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>An instant, or none.</summary>
    public static DateTimeOffset? Instant(this JsonNode? node, string path) =>
        DateTimeOffset.TryParse(node.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) ? at : null;

    /// <summary>A list; empty where absent.</summary>
    public static IReadOnlyList<JsonNode> List(this JsonNode? node, string path) =>
        node.At(path) is JsonArray list ? [.. list.OfType<JsonNode>()] : [];

    /// <summary>A list of texts on one line.</summary>
    public static string Joined(this JsonNode? node, string path) => string.Join(", ", node.List(path).Select(each => each.Said()));

    /// <summary>The currency that is named there; the euro where none is.</summary>
    public static Currency Currency(this JsonNode? node, string path = "currency") =>
        Contracts.Currency.TryParse(node.Text(path), out var known) ? known : Contracts.Currency.Eur;

    /// <summary>A decimal as people type it, with comma or point; text that is none stays as it is, for the door to refuse.</summary>
    public static string Typed(string? text)
    {
        var typed = (text ?? "").Trim().Replace("€", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Trim();
        return typed.Contains(',', StringComparison.Ordinal) ? typed.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : typed;
    }
}
