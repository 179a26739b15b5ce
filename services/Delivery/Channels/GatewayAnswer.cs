using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>What a gateway's answer means for the message that it was given.</summary>
public static class GatewayAnswer
{
    private const int MostSaid = 200;

    /// <summary>
    /// Taken where the status is one that the seller named and the field is there; later where the gateway is busy or broken; for good
    /// refused otherwise.
    /// </summary>
    public static HandOver Of(int status, ReadOnlySpan<byte> body, GatewaySuccess success)
    {
        if (success.Status.Contains(status))
        {
            return success.Field is not { } field || Has(body, field)
                ? HandOver.Accepted
                : new HandOver(HandOverEnd.Refused, $"{Said(status, body)} (the answer has no {field})");
        }

        return new HandOver(status is 408 or 425 or 429 or >= 500 ? HandOverEnd.Deferred : HandOverEnd.Refused, Said(status, body));
    }

    /// <summary>Whether a JSON body has something at a place such as messages.0.id.</summary>
    public static bool Has(ReadOnlySpan<byte> body, string field)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var at = document.RootElement;
            foreach (var name in field.Split('.'))
            {
                if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var inside))
                {
                    at = inside;
                }
                else if (
                    at.ValueKind == JsonValueKind.Array
                    && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                    && place < at.GetArrayLength()
                )
                {
                    at = at[place];
                }
                else
                {
                    return false;
                }
            }

            return at.ValueKind is not (JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or a name in it with half a character.
            return false;
        }
    }

    /// <summary>The status and the beginning of what came with it, on one line.</summary>
    private static string Said(int status, ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4 * MostSaid)]);
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MostSaid)
            {
                line.Append('…');
                break;
            }

            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.Length == 0
            ? status.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{status} {line}");
    }
}
