using System.Text.Json;
using System.Text.Json.Serialization;

namespace RetailInvoicing.Contracts;

/// <summary>An identifier with a type of its own, so that an invoice's cannot be passed where a payment's is wanted.</summary>
public interface IId<TSelf, TValue>
    where TSelf : struct, IId<TSelf, TValue>
    where TValue : notnull
{
    /// <summary>The bare value, as databases and wires hold it.</summary>
    TValue Value { get; }

    /// <summary>The identifier of a bare value.</summary>
    static abstract TSelf Of(TValue value);
}

/// <summary>The till's or shop's name for a customer; belongs to one seller.</summary>
[JsonConverter(typeof(TextIdConverter<CustomerId>))]
public readonly record struct CustomerId(string Value) : IId<CustomerId, string>
{
    /// <inheritdoc />
    public static CustomerId Of(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One event, the same in every redelivery and replay of it.</summary>
[JsonConverter(typeof(GuidIdConverter<EventId>))]
public readonly record struct EventId(Guid Value) : IId<EventId, Guid>
{
    /// <inheritdoc />
    public static EventId Of(Guid value) => new(value);

    /// <summary>A new one, ascending in time.</summary>
    public static EventId New() => new(Guid.CreateVersion7());

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>Our name for an invoice; the number that the law knows is BT-1.</summary>
[JsonConverter(typeof(GuidIdConverter<InvoiceId>))]
public readonly record struct InvoiceId(Guid Value) : IId<InvoiceId, Guid>
{
    /// <inheritdoc />
    public static InvoiceId Of(Guid value) => new(value);

    /// <summary>A new one, ascending in time, not guessable.</summary>
    public static InvoiceId New() => new(Guid.CreateVersion7());

    /// <summary>Reads one from a route or query.</summary>
    public static bool TryParse(string? text, out InvoiceId id)
    {
        var sound = Guid.TryParseExact(text, "D", out var guid);
        id = new(guid);
        return sound;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>An API key's name; the key itself is never stored.</summary>
[JsonConverter(typeof(GuidIdConverter<KeyId>))]
public readonly record struct KeyId(Guid Value) : IId<KeyId, Guid>
{
    /// <inheritdoc />
    public static KeyId Of(Guid value) => new(value);

    /// <summary>A new one.</summary>
    public static KeyId New() => new(Guid.CreateVersion7());

    /// <summary>Reads one from a route.</summary>
    public static bool TryParse(string? text, out KeyId id)
    {
        var sound = Guid.TryParseExact(text, "D", out var guid);
        id = new(guid);
        return sound;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>A dunning notice: one step of a policy for one receivable.</summary>
[JsonConverter(typeof(GuidIdConverter<NoticeId>))]
public readonly record struct NoticeId(Guid Value) : IId<NoticeId, Guid>
{
    /// <inheritdoc />
    public static NoticeId Of(Guid value) => new(value);

    /// <summary>A new one, ascending in time.</summary>
    public static NoticeId New() => new(Guid.CreateVersion7());

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>Money received once, wherever it was taken.</summary>
[JsonConverter(typeof(GuidIdConverter<PaymentId>))]
public readonly record struct PaymentId(Guid Value) : IId<PaymentId, Guid>
{
    /// <inheritdoc />
    public static PaymentId Of(Guid value) => new(value);

    /// <summary>A new one, ascending in time.</summary>
    public static PaymentId New() => new(Guid.CreateVersion7());

    /// <summary>Reads one from a route.</summary>
    public static bool TryParse(string? text, out PaymentId id)
    {
        var sound = Guid.TryParseExact(text, "D", out var guid);
        id = new(guid);
        return sound;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>The till's own name for a sale; with the seller it makes posting idempotent for ever.</summary>
[JsonConverter(typeof(TextIdConverter<SaleId>))]
public readonly record struct SaleId(string Value) : IId<SaleId, string>
{
    /// <inheritdoc />
    public static SaleId Of(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>The business whose name stands on the invoice.</summary>
[JsonConverter(typeof(TextIdConverter<SellerId>))]
public readonly record struct SellerId(string Value) : IId<SellerId, string>
{
    /// <inheritdoc />
    public static SellerId Of(string value) => new(value);

    /// <summary>Reads one from a route: letters, digits, dot, dash and underscore, at most 64.</summary>
    public static bool TryParse(string? text, out SellerId id)
    {
        var sound = text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        id = new(sound ? text! : "");
        return sound;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A shop, physical or online, of a seller.</summary>
[JsonConverter(typeof(TextIdConverter<StoreId>))]
public readonly record struct StoreId(string Value) : IId<StoreId, string>
{
    /// <inheritdoc />
    public static StoreId Of(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One message to one recipient for one purpose, with all its attempts.</summary>
[JsonConverter(typeof(GuidIdConverter<TransmissionId>))]
public readonly record struct TransmissionId(Guid Value) : IId<TransmissionId, Guid>
{
    /// <inheritdoc />
    public static TransmissionId Of(Guid value) => new(value);

    /// <summary>A new one, ascending in time.</summary>
    public static TransmissionId New() => new(Guid.CreateVersion7());

    /// <summary>Reads one from a route.</summary>
    public static bool TryParse(string? text, out TransmissionId id)
    {
        var sound = Guid.TryParseExact(text, "D", out var guid);
        id = new(guid);
        return sound;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>Text identifiers are bare strings on every wire.</summary>
public sealed class TextIdConverter<TId> : JsonConverter<TId>
    where TId : struct, IId<TId, string>
{
    /// <inheritdoc />
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? TId.Of(reader.GetString()!) : throw new JsonException("an identifier is text");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>Identifiers that we give are UUIDs, bare strings on every wire.</summary>
public sealed class GuidIdConverter<TId> : JsonConverter<TId>
    where TId : struct, IId<TId, Guid>
{
    /// <inheritdoc />
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value)
            ? TId.Of(value)
            : throw new JsonException("this identifier is a UUID, such as 0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
