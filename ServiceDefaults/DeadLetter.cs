using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>A message that its consumer could not take, with why; without the key it may have carried.</summary>
public sealed record DeadLetter
{
    /// <summary>Endings of the queues that hold them: failed, of no known type, and given up by the broker.</summary>
    public static readonly IReadOnlyList<string> Endings = ["_error", "_skipped", "_dead"];

    /// <summary>Names the message here: the sender's id, and where it has none, a name made of what it says.</summary>
    public required string Name { get; init; }

    /// <summary>The sender's id of the message, where it has one.</summary>
    public string? MessageId { get; init; }

    /// <summary>When it was given up, where that was written down.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The exchange it was told on.</summary>
    public string? Type { get; init; }

    /// <summary>Why it lies here.</summary>
    public string? Reason { get; init; }

    /// <summary>What else its consumer said, where it failed, and when.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as it came.</summary>
    public required string Body { get; init; }

    /// <summary>The queue that the messages of a dead-letter queue came from; absent where the queue holds no dead letters.</summary>
    public static string? HomeOf(string queue) =>
        Endings.FirstOrDefault(ending => queue.Length > ending.Length && queue.EndsWith(ending, StringComparison.Ordinal)) is { } ending
            ? queue[..^ending.Length]
            : null;

    /// <summary>A message as it may be shown: a header that opens doors is left out, wherever it was put and however it is spelt.</summary>
    public static DeadLetter Of(string? messageId, string? type, IDictionary<string, object?>? headers, ReadOnlySpan<byte> body)
    {
        var shown = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers ?? new Dictionary<string, object?>())
        {
            if (!IsSecret(name) && value is not null)
            {
                shown[name] = Text(value);
            }
        }

        return new DeadLetter
        {
            Name = messageId is { Length: > 0 } ? messageId : $"body-{Convert.ToHexStringLower(SHA256.HashData(body))[..24]}",
            MessageId = messageId,
            At = TimeOf(shown.GetValueOrDefault("MT-Fault-Timestamp"), headers),
            Type = type,
            Reason =
                shown.GetValueOrDefault("MT-Fault-Message")
                ?? shown.GetValueOrDefault("MT-Reason")
                ?? shown.GetValueOrDefault("x-first-death-reason"),
            Headers = shown,
            Body = Encoding.UTF8.GetString(body),
        };
    }

    /// <summary>The headers a message goes home with: its own, the key among them, without what its failure added.</summary>
    public static Dictionary<string, object?> HeadersHome(IDictionary<string, object?>? headers) =>
        (headers ?? new Dictionary<string, object?>())
            .Where(header =>
                !header.Key.StartsWith("MT-", StringComparison.Ordinal)
                && !header.Key.StartsWith("x-death", StringComparison.Ordinal)
                && !header.Key.StartsWith("x-first-death", StringComparison.Ordinal)
                && !header.Key.StartsWith("x-last-death", StringComparison.Ordinal)
                && header.Key is not "x-delivery-count" and not "x-acquired-count"
            )
            .ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);

    /// <summary>The headers of one that is put back where it lay: all but the broker's own counts.</summary>
    public static Dictionary<string, object?> HeadersAnew(IDictionary<string, object?>? headers) =>
        (headers ?? new Dictionary<string, object?>())
            .Where(header => header.Key is not "x-delivery-count" and not "x-acquired-count")
            .ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);

    /// <summary>What its consumer wrote down, else what the broker did.</summary>
    private static DateTimeOffset? TimeOf(string? failed, IDictionary<string, object?>? headers) =>
        DateTimeOffset.TryParse(failed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : headers is not null
        && headers.TryGetValue("x-death", out var deaths)
        && deaths is System.Collections.IList { Count: > 0 } list
        && list[0] is IDictionary<string, object?> death
        && death.TryGetValue("time", out var time)
        && time is AmqpTimestamp stamp
            ? DateTimeOffset.FromUnixTimeSeconds(stamp.UnixTime)
        : null;

    private static bool IsSecret(string header) =>
        header.Contains("authorization", StringComparison.OrdinalIgnoreCase)
        || header.Contains("api-key", StringComparison.OrdinalIgnoreCase);

    private static string Text(object value) =>
        value switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            AmqpTimestamp stamp => DateTimeOffset.FromUnixTimeSeconds(stamp.UnixTime).ToString("O", CultureInfo.InvariantCulture),
            IDictionary<string, object?> table => string.Join(
                ", ",
                table.Where(entry => !IsSecret(entry.Key)).Select(entry => $"{entry.Key}={(entry.Value is null ? "" : Text(entry.Value))}")
            ),
            System.Collections.IList list => $"[{string.Join("; ", list.Cast<object>().Select(Text))}]",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
