using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RetailInvoicing.Contracts;

/// <summary>How every JSON body of the product is written and read: camelCase, money and quantities as decimal text, absent fields left out.</summary>
public static class Wire
{
    /// <summary>For what we write, and for events, whose unknown fields a reader tolerates.</summary>
    public static readonly JsonSerializerOptions Tolerant = Configure(new JsonSerializerOptions(), JsonUnmappedMemberHandling.Skip);

    /// <summary>For what clients post: an unknown field is a mistake to be told of.</summary>
    public static readonly JsonSerializerOptions Strict = Configure(new JsonSerializerOptions(), JsonUnmappedMemberHandling.Disallow);

    /// <summary>Applies the conventions to a library's own options.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options, JsonUnmappedMemberHandling unknownFields)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = unknownFields;
        options.AllowDuplicateProperties = unknownFields == JsonUnmappedMemberHandling.Skip;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = 32;
        options.TypeInfoResolver ??= new DefaultJsonTypeInfoResolver();
        // Names are written as people write them (Ñandú); the bodies are UTF-8 everywhere.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // Twenty digits and nine decimals are more than any till has. What we have written ourselves may be finer: the net price of one of
        // ten thousand (BT-146) has twelve decimals.
        var isOurs = unknownFields == JsonUnmappedMemberHandling.Skip;
        options.Converters.Add(isOurs ? new DecimalTextConverter(30, 20) : new DecimalTextConverter(24, 9));
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        return options;
    }

    /// <summary>Decimal text with the decimals it carries; text or a number when read, never an exponent.</summary>
    private sealed class DecimalTextConverter(int mostCharacters, int mostDecimals) : JsonConverter<decimal>
    {
        private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

        // Of thirty characters each may be written as an escape of six.
        private const int MostBytes = 6 * 30;

        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Span<byte> room = stackalloc byte[MostBytes];
            var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
            scoped ReadOnlySpan<byte> text = default;
            if (length <= MostBytes && reader.TokenType == JsonTokenType.String)
            {
                text = room[..reader.CopyString(room)];
            }
            else if (length <= MostBytes && reader.TokenType == JsonTokenType.Number)
            {
                text = reader.ValueSpan;
                if (reader.HasValueSequence)
                {
                    System.Buffers.BuffersExtensions.CopyTo(reader.ValueSequence, room);
                    text = room[..(int)length];
                }
            }

            // Beyond 28 digits decimal would round in silence.
            return
                text.Length > 0
                && text.Length <= mostCharacters
                // The platform's parser passes over NULs at the end.
                && !text.Contains((byte)0)
                && decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var value)
                && value.Scale <= mostDecimals
                ? value
                : throw new JsonException($"a decimal number is wanted, such as \"12.10\": no exponent, at most {mostDecimals} decimals");
        }

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[32];
            value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }

    /// <summary>RFC 3339 with an offset; a time without one is refused, since tax follows the date.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            var offset = text is { Length: >= 20 } && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-');
            return offset && reader.TryGetDateTimeOffset(out var value)
                ? value
                : throw new JsonException("an instant of RFC 3339 with its offset is wanted, such as 2026-11-23T10:15:30+01:00");
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
