using System.Diagnostics;
using System.Text.Json;
using RetailInvoicing.Contracts;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>An event as it was told, with what must be known of it to pass it on.</summary>
public sealed record HeardEvent
{
    private const int MostCustomer = 200;

    /// <summary>Whose business it is.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The event.</summary>
    public required EventId EventId { get; init; }

    /// <summary>Its exchange.</summary>
    public required string Name { get; init; }

    /// <summary>The bytes that were told.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Whose personal data it holds.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The trace of what it tells of.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Reads it; nothing where it is no event of ours.</summary>
    public static HeardEvent? Of(string name, byte[] body, string? traceParent)
    {
        if (!WebhookEvents.IsOne(name))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return
                root.ValueKind == JsonValueKind.Object
                && SellerId.TryParse(Text(root, "sellerId"), out var seller)
                && Guid.TryParseExact(Text(root, "eventId"), "D", out var id)
                ? new HeardEvent
                {
                    SellerId = seller,
                    EventId = EventId.Of(id),
                    Name = name,
                    Body = body,
                    CustomerId = Customer(root),
                    TraceParent = ActivityContext.TryParse(traceParent, null, out _) ? traceParent : null,
                }
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or a text with half a character in it.
            return null;
        }
    }

    private static string? Customer(JsonElement root) =>
        (Text(root, "customerId") ?? CustomerOf(root, "contact") ?? CustomerOf(root, "buyer")) is { Length: <= MostCustomer } customer
        && !customer.Contains('\0', StringComparison.Ordinal)
            ? customer
            : null;

    private static string? CustomerOf(JsonElement root, string party) =>
        root.TryGetProperty(party, out var one) && one.ValueKind == JsonValueKind.Object ? Text(one, "customerId") : null;

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
