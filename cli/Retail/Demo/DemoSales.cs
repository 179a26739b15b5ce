using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RetailInvoicing.Retail.Demo;

/// <summary>The committed sample: about twenty sales, told by how long ago they were.</summary>
public static class DemoSales
{
    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    /// <summary>
    /// The sales with the times they have when the demo seller is first made at that instant, one JSON object a line; later runs post
    /// the same lines again, so nothing is new in them.
    /// </summary>
    public static string Resolve(string sample, DateTimeOffset now)
    {
        var today = TimeZoneInfo.ConvertTime(now, Madrid);
        var resolved = JsonNode.Parse(sample)!.AsArray().Select(entry => Resolve(entry!.AsObject(), today));
        return string.Concat(resolved.Select(sale => sale.ToJsonString(Readable) + "\n"));
    }

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static JsonObject Resolve(JsonObject entry, DateTimeOffset today)
    {
        var sale = entry["sale"]!.DeepClone().AsObject();
        sale["occurredAt"] = OccurredAt(entry, today).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        if (entry["dueInDays"] is { } days)
        {
            sale["dueDate"] = DateOnly
                .FromDateTime(today.DateTime)
                .AddDays(days.GetValue<int>())
                .ToString("O", CultureInfo.InvariantCulture);
        }

        return sale;
    }

    private static DateTimeOffset OccurredAt(JsonObject entry, DateTimeOffset today)
    {
        if (entry["minutesAgo"] is { } minutes)
        {
            return TimeZoneInfo.ConvertTime(today.AddMinutes(-minutes.GetValue<int>()), Madrid);
        }

        var time = TimeOnly.Parse(entry["at"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        var local = DateOnly.FromDateTime(today.DateTime).AddDays(-entry["daysAgo"]!.GetValue<int>()).ToDateTime(time);
        return new DateTimeOffset(local, Madrid.GetUtcOffset(local));
    }
}
