using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>A posted sale with the fingerprint of its content: the same sale posted again has the same, however it was written.</summary>
public sealed record Sale
{
    private static readonly JsonSerializerOptions Canonical = Options();

    /// <summary>The sale as posted.</summary>
    public required SalePosted Posted { get; init; }

    /// <summary>SHA-256 of the content: 2 and "2.00" are one, an absent field and its default are one.</summary>
    public required byte[] ContentHash { get; init; }

    /// <summary>Where a text holds what no document can carry; null where none does.</summary>
    public string? UnsoundText { get; init; }

    /// <summary>Reads a posted sale's content.</summary>
    public static Sale Of(SalePosted posted)
    {
        var canonical = JsonSerializer.SerializeToUtf8Bytes(posted, Canonical);
        return new Sale
        {
            Posted = posted,
            ContentHash = SHA256.HashData(canonical),
            UnsoundText = FindUnsound(canonical),
        };
    }

    private static string? FindUnsound(ReadOnlySpan<byte> canonical)
    {
        // Every such character is written escaped: most sales hold no backslash at all.
        if (!canonical.Contains((byte)'\\'))
        {
            return null;
        }

        var reader = new Utf8JsonReader(canonical);
        var property = "";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                property = reader.GetString()!;
            }
            else if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped && !IsSound(reader.GetString()!))
            {
                return property;
            }
        }

        return null;
    }

    /// <summary>XML 1.0 and PostgreSQL have no NUL and few control characters.</summary>
    public static bool IsSound(string text)
    {
        foreach (var c in text)
        {
            if ((c < ' ' && c is not ('\t' or '\n' or '\r')) || c is '\uFFFE' or '\uFFFF')
            {
                return false;
            }
        }

        return true;
    }

    private static JsonSerializerOptions Options()
    {
        var options = Wire.Configure(new JsonSerializerOptions(), JsonUnmappedMemberHandling.Skip);
        // Ahead of the wire's own: content counts, not how it was written.
        options.Converters.Insert(0, new PlainDecimal());
        options.Converters.Insert(0, new UtcInstant());
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutEmptyLists } };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A list that a later version adds must not change the fingerprints of sales posted before it.</summary>
    private static void LeaveOutEmptyLists(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            {
                property.ShouldSerialize = static (_, value) => value is IEnumerable list && list.GetEnumerator().MoveNext();
            }
        }
    }

    private sealed class PlainDecimal : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("the canonical form is only written");

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue((value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
    }

    private sealed class UtcInstant : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("the canonical form is only written");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }
}
