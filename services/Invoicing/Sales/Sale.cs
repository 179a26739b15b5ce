using System.Buffers;
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
    private const int MostSpare = 64 * 1024;

    private static readonly JsonSerializerOptions Canonical = Options();

    // A sale's canonical form is read once and forgotten: each thread writes it over the one before.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    /// <summary>The sale as posted.</summary>
    public required SalePosted Posted { get; init; }

    /// <summary>SHA-256 of the content: 2 and "2.00" are one, an absent field and its default are one.</summary>
    public required byte[] ContentHash { get; init; }

    /// <summary>Where a text holds what no document can carry; null where none does.</summary>
    public string? UnsoundText { get; init; }

    /// <summary>Reads a posted sale's content.</summary>
    public static Sale Of(SalePosted posted)
    {
        var buffer = _spare ?? new ArrayBufferWriter<byte>(4096);
        _spare = null;
        buffer.ResetWrittenCount();
        using (
            var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Canonical.Encoder, MaxDepth = Canonical.MaxDepth })
        )
        {
            JsonSerializer.Serialize(writer, posted, Canonical);
        }

        var canonical = buffer.WrittenSpan;
        var sale = new Sale
        {
            Posted = posted,
            ContentHash = SHA256.HashData(canonical),
            UnsoundText = MayBeUnsound(canonical) ? FindUnsound(canonical) : null,
        };
        _spare = buffer.Capacity <= MostSpare ? buffer : null;
        return sale;
    }

    /// <summary>Every such character is written escaped, and so is every letter beyond ASCII: most sales have only the latter.</summary>
    private static bool MayBeUnsound(ReadOnlySpan<byte> canonical)
    {
        while (canonical.IndexOf((byte)'\\') is var at && at >= 0)
        {
            var escape = canonical[(at + 1)..];
            if (
                escape[0] is (byte)'b' or (byte)'f'
                || (
                    escape[0] == (byte)'u'
                    && (escape[1..].StartsWith("000"u8) || escape[1..].StartsWith("001"u8) || escape[1..].StartsWith("FFF"u8))
                )
            )
            {
                return true;
            }

            // What is escaped may be a backslash itself.
            canonical = escape[1..];
        }

        return false;
    }

    private static string? FindUnsound(ReadOnlySpan<byte> canonical)
    {
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

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[32];
            (value / 1.0000000000000000000000000000m).TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }

    private sealed class UtcInstant : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("the canonical form is only written");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }
}
