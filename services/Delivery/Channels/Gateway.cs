namespace RetailInvoicing.Delivery.Channels;

/// <summary>The ways out that a seller sets up beside e-mail.</summary>
public static class OwnChannels
{
    /// <summary>Short messages.</summary>
    public const string Sms = "sms";

    /// <summary>WhatsApp.</summary>
    public const string WhatsApp = "whatsapp";

    /// <summary>The seller's own server.</summary>
    public const string Webhook = "webhook";

    /// <summary>The till's printer, which fetches what it prints.</summary>
    public const string Print = "print";

    /// <summary>Whether there is a channel of that name.</summary>
    public static bool Exists(string name) => name == Print || HasGateway(name);

    /// <summary>Whether messages go out on it over HTTP.</summary>
    public static bool HasGateway(string name) => name is Sms or WhatsApp or Webhook;
}

/// <summary>A channel as a seller sets it up.</summary>
public sealed record ChannelRequest
{
    /// <summary>Whether invoices go out on it.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>1 is tried first; e-mail is before all of them.</summary>
    public int Priority { get; init; } = 10;

    /// <summary>The gateway's address.</summary>
    public string? Url { get; init; }

    /// <summary>POST unless PUT.</summary>
    public string? Method { get; init; }

    /// <summary>application/json unless application/x-www-form-urlencoded.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers, keys among them: never shown again. Left out, or with the value …, they stay as they are.</summary>
    public Dictionary<string, string?>? Headers { get; init; }

    /// <summary>What is sent, with {{to}}, {{text}}, {{key}} and {{from}} where the values go.</summary>
    public string? Body { get; init; }

    /// <summary>What the gateway answers when it has taken a message.</summary>
    public GatewaySuccess? Success { get; init; }

    /// <summary>Who the message comes from, where the gateway wants a name or number.</summary>
    public string? From { get; init; }

    /// <summary>Signs what goes to the seller's own server as Standard Webhooks do; never shown again. Empty for none.</summary>
    public string? Secret { get; init; }
}

/// <summary>What a gateway answers when it has taken a message.</summary>
public sealed record GatewaySuccess
{
    /// <summary>Statuses of HTTP.</summary>
    public IReadOnlyList<int> Status { get; init; } = [200, 201, 202];

    /// <summary>A place in its JSON that must be there and neither null nor false, such as messages.0.id.</summary>
    public string? Field { get; init; }
}

/// <summary>How a gateway is asked, its secrets apart.</summary>
public sealed record Gateway
{
    public required string Url { get; init; }
    public string Method { get; init; } = "POST";
    public string ContentType { get; init; } = GatewayBody.Json;
    public required string Body { get; init; }
    public GatewaySuccess Success { get; init; } = new();
    public string From { get; init; } = "";

    /// <summary>Whether both are asked at the same server.</summary>
    public static bool IsSameServer(string one, string other) =>
        Uri.Compare(
            new Uri(one),
            new Uri(other),
            UriComponents.SchemeAndServer,
            UriFormat.SafeUnescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;
}

/// <summary>A channel as its seller sees it.</summary>
public sealed record KeptChannel
{
    /// <summary>sms, whatsapp, webhook or print.</summary>
    public required string Channel { get; init; }

    /// <summary>Whether invoices go out on it.</summary>
    public required bool Enabled { get; init; }

    /// <summary>1 is tried first.</summary>
    public int? Priority { get; init; }

    /// <summary>The gateway's address.</summary>
    public string? Url { get; init; }

    /// <summary>POST or PUT.</summary>
    public string? Method { get; init; }

    /// <summary>What the body is.</summary>
    public string? ContentType { get; init; }

    /// <summary>The headers' names; their values are not shown.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>What is sent.</summary>
    public string? Body { get; init; }

    /// <summary>What the gateway answers when it has taken a message.</summary>
    public GatewaySuccess? Success { get; init; }

    /// <summary>Who the message comes from.</summary>
    public string? From { get; init; }

    /// <summary>Whether what is sent is signed.</summary>
    public bool? Signed { get; init; }

    /// <summary>When it was last set up.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>What a row says, without its secrets' values.</summary>
    public static KeptChannel Of(
        string channel,
        bool enabled,
        int priority,
        Gateway? gateway,
        GatewaySecrets? secrets,
        DateTimeOffset changedAt
    ) =>
        new()
        {
            Channel = channel,
            Enabled = enabled,
            Priority = gateway is null ? null : priority,
            Url = gateway?.Url,
            Method = gateway?.Method,
            ContentType = gateway?.ContentType,
            Headers = gateway is null ? null : secrets?.Headers.Keys.ToDictionary(name => name, _ => GatewaySecrets.Hidden),
            Body = gateway?.Body,
            Success = gateway?.Success,
            From = gateway?.From is { Length: > 0 } from ? from : null,
            Signed = channel == OwnChannels.Webhook ? secrets?.Signing is not null : null,
            ChangedAt = changedAt,
        };
}

/// <summary>A seller's channels, in the order in which they are tried.</summary>
public sealed record KeptChannels
{
    /// <summary>At most one of each.</summary>
    public required IReadOnlyList<KeptChannel> Channels { get; init; }
}

/// <summary>Whom a test message goes to.</summary>
public sealed record ChannelTest
{
    /// <summary>A mobile number, or what the seller's own server takes.</summary>
    public required string To { get; init; }
}

/// <summary>What became of a test message.</summary>
public sealed record TestedChannel
{
    /// <summary>accepted, deferred, refused or unknown.</summary>
    public required string Outcome { get; init; }

    /// <summary>What was sent.</summary>
    public required string Text { get; init; }

    /// <summary>What the gateway said.</summary>
    public string? Detail { get; init; }
}
