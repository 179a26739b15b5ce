using System.Text.Json;
using System.Text.Json.Serialization;

namespace RetailInvoicing.Contracts;

/// <summary>An ISO 4217 currency, with the number of decimals its smallest coin has (EUR 2, JPY 0, TND 3). BT-5.</summary>
[JsonConverter(typeof(CurrencyConverter))]
public readonly record struct Currency
{
    private readonly string? _code;

    private Currency(string code) => _code = code;

    /// <summary>The euro, in which the seller's Spanish books are kept.</summary>
    public static readonly Currency Eur = new("EUR");

    /// <summary>The three capital letters of ISO 4217.</summary>
    public string Code => _code ?? "EUR";

    /// <summary>Decimals of the smallest coin: amounts are rounded to them.</summary>
    public int MinorUnit =>
        Code switch
        {
            "BIF"
            or "CLP"
            or "DJF"
            or "GNF"
            or "ISK"
            or "JPY"
            or "KMF"
            or "KRW"
            or "PYG"
            or "RWF"
            or "UGX"
            or "UYI"
            or "VND"
            or "VUV"
            or "XAF"
            or "XOF"
            or "XPF" => 0,
            "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
            "CLF" or "UYW" => 4,
            _ => 2,
        };

    /// <summary>Reads a code; false where it is not three capital letters.</summary>
    public static bool TryParse(string? code, out Currency currency)
    {
        var sound = code is { Length: 3 } && code.All(char.IsAsciiLetterUpper);
        currency = sound ? new Currency(code!) : default;
        return sound;
    }

    /// <summary>The currency of a code; throws where it is not three capital letters.</summary>
    public static Currency Of(string code) =>
        TryParse(code, out var currency) ? currency : throw new FormatException($"'{code}' is no ISO 4217 code of three capital letters");

    /// <inheritdoc />
    public override string ToString() => Code;

    private sealed class CurrencyConverter : JsonConverter<Currency>
    {
        public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var currency)
                ? currency
                : throw new JsonException("a currency is three capital letters of ISO 4217");

        public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Code);
    }
}
