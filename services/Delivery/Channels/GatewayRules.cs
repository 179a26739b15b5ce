using RetailInvoicing.Delivery.Webhooks;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>What a seller's channel must be to be kept: each refusal names its field.</summary>
public static class GatewayRules
{
    private const int MostBody = 4000;
    private const int MostFrom = 40;
    private const int MostField = 200;
    private const int MostHeaders = 20;
    private const int MostHeaderName = 100;
    private const int MostHeaderValue = 4000;

    /// <summary>What we set ourselves, and what belongs to the line and not to the message.</summary>
    private static readonly HashSet<string> NotSettable = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection",
        "expect",
        "host",
        "idempotency-key",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    };

    /// <summary>The gateway that a request describes; whether its address may be called is looked at apart.</summary>
    public static Outcome<Gateway> Of(string channel, ChannelRequest request)
    {
        if (request.Priority is < 1 or > 100)
        {
            return DeliveryFaults.ChannelPriority.At("priority");
        }

        if (request.Url is not { Length: > 0 } url)
        {
            return DeliveryFaults.ChannelFieldMissing.At("url", "url");
        }

        if (request.Method is not (null or "POST" or "PUT"))
        {
            return DeliveryFaults.ChannelMethod.At("method");
        }

        var contentType = request.ContentType ?? GatewayBody.Json;
        if (contentType is not (GatewayBody.Json or GatewayBody.Form))
        {
            return DeliveryFaults.ChannelContentType.At("contentType");
        }

        var body = request.Body ?? (channel == OwnChannels.Webhook && contentType == GatewayBody.Json ? GatewayBody.OfWebhook : null);
        if (body is not { Length: > 0 })
        {
            return DeliveryFaults.ChannelFieldMissing.At("body", "body");
        }

        return (BodyFault(body, contentType) ?? FromFault(request.From) ?? SuccessFault(request.Success)) is { } fault
            ? fault
            : new Gateway
            {
                Url = url,
                Method = request.Method ?? "POST",
                ContentType = contentType,
                Body = body,
                Success = request.Success ?? new GatewaySuccess(),
                From = request.From ?? "",
            };
    }

    /// <summary>
    /// The secrets after a request: those it names, and those it leaves as they are. What is kept for one server goes to no other.
    /// </summary>
    public static Outcome<GatewaySecrets> SecretsOf(string channel, ChannelRequest request, GatewaySecrets kept, bool isSameServer)
    {
        var before = new Dictionary<string, string>(kept.Headers, StringComparer.OrdinalIgnoreCase);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var wanted = request.Headers ?? kept.Headers.Keys.ToDictionary(static name => name, static _ => (string?)GatewaySecrets.Hidden);
        if (wanted.Count > MostHeaders)
        {
            return DeliveryFaults.ChannelHeaders.At("headers", MostHeaders);
        }

        foreach (var (name, given) in wanted)
        {
            if (!IsHeader(name) || headers.ContainsKey(name))
            {
                return DeliveryFaults.ChannelHeader.At("headers", name.Length > MostHeaderName ? name[..MostHeaderName] : name);
            }

            var value = given;
            if (value == GatewaySecrets.Hidden)
            {
                if (!before.TryGetValue(name, out value))
                {
                    return DeliveryFaults.ChannelHeaderUnknown.At($"headers.{name}", name);
                }

                if (!isSameServer)
                {
                    return DeliveryFaults.ChannelSecretsElsewhere.At($"headers.{name}");
                }
            }

            if (value is not { Length: > 0 and <= MostHeaderValue })
            {
                return value is { Length: > 0 }
                    ? DeliveryFaults.ChannelFieldTooLong.At($"headers.{name}", name, MostHeaderValue)
                    : DeliveryFaults.ChannelFieldMissing.At($"headers.{name}", name);
            }

            if (!value.All(static c => c is >= ' ' and <= '~'))
            {
                return DeliveryFaults.ChannelFieldCharacters.At($"headers.{name}", name);
            }

            headers[name] = value;
        }

        if (request.Secret is null && kept.Signing is not null && !isSameServer)
        {
            return DeliveryFaults.ChannelSecretsElsewhere.At("secret");
        }

        var signing =
            request.Secret is null ? kept.Signing
            : request.Secret is { Length: > 0 } secret ? secret
            : null;
        return signing is null || (channel == OwnChannels.Webhook && WebhookSecret.Read(signing) is not null)
            ? new GatewaySecrets { Headers = headers, Signing = signing }
            : DeliveryFaults.ChannelSecret.At("secret");
    }

    private static Fault? BodyFault(string body, string contentType)
    {
        if (body.Length > MostBody)
        {
            return DeliveryFaults.ChannelFieldTooLong.At("body", "body", MostBody);
        }

        if (body.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            return DeliveryFaults.ChannelFieldCharacters.At("body", "body");
        }

        var places = GatewayBody.Places(body);
        if (
            !places.Contains("to")
            || !places.Contains("text")
            || places.Any(static place => place is not ("to" or "text" or "key" or "from"))
        )
        {
            return DeliveryFaults.ChannelBodyPlaces.At("body");
        }

        return contentType == GatewayBody.Json && !GatewayBody.IsSoundJson(body) ? DeliveryFaults.ChannelBodyJson.At("body") : null;
    }

    private static Fault? FromFault(string? from) =>
        from is { Length: > MostFrom } ? DeliveryFaults.ChannelFieldTooLong.At("from", "from", MostFrom)
        : from is not null && from.Any(char.IsControl) ? DeliveryFaults.ChannelFieldCharacters.At("from", "from")
        : null;

    private static Fault? SuccessFault(GatewaySuccess? success)
    {
        if (success is null)
        {
            return null;
        }

        if (success.Status.Count is 0 or > 20 || !success.Status.All(static status => status is (>= 200 and <= 299) or 409))
        {
            return DeliveryFaults.ChannelSuccess.At("success.status");
        }

        return success.Field switch
        {
            { Length: 0 } => DeliveryFaults.ChannelFieldMissing.At("success.field", "success.field"),
            { Length: > MostField } => DeliveryFaults.ChannelFieldTooLong.At("success.field", "success.field", MostField),
            { } field when field.Any(char.IsControl) => DeliveryFaults.ChannelFieldCharacters.At("success.field", "success.field"),
            _ => null,
        };
    }

    private static bool IsHeader(string name) =>
        name is { Length: > 0 and <= MostHeaderName }
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
        && !NotSettable.Contains(name)
        && !name.StartsWith("content-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("proxy-", StringComparison.OrdinalIgnoreCase);
}
