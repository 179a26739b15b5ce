using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RetailInvoicing.Delivery.Webhooks;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>
/// A seller's gateway is asked to take one message: one request, the message's key as its idempotency key, so that one whose answer was
/// lost may be handed over again.
/// </summary>
public sealed class AskGateway(PublicHttp http, TimeProvider clock)
{
    private const int MostAnswer = 64 * 1024;

    /// <summary>What the gateway made of it.</summary>
    public async Task<HandOver> RunAsync(OpenedGateway gateway, WrittenShort message, CancellationToken cancellationToken)
    {
        var settings = gateway.Settings;
        var body = Encoding.UTF8.GetBytes(
            GatewayBody.Fill(settings.Body, settings.ContentType, message.To, message.Text, message.Key, settings.From)
        );
        using var content = new Outgoing(body, settings.ContentType);
        using var request = new HttpRequestMessage(new HttpMethod(settings.Method), settings.Url);
        request.Content = content;
        request.Headers.TryAddWithoutValidation("Idempotency-Key", message.Key);
        foreach (var (name, value) in gateway.Secrets.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (gateway.Secrets.Signing is { } secret && WebhookSecret.Read(secret) is { } key)
        {
            var at = clock.GetUtcNow().ToUnixTimeSeconds();
            request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, message.Key);
            request.Headers.TryAddWithoutValidation(
                WebhookSignature.TimestampHeader,
                at.ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
            request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Of([key], message.Key, at, body));
        }

        var answer = await http.SendAsync(request, MostAnswer, cancellationToken);
        return answer switch
        {
            // A body that did not come whole says nothing of the field that it should have.
            { Status: > 0 } when !answer.IsCut || settings.Success.Field is null || !settings.Success.Status.Contains(answer.Status) =>
                GatewayAnswer.Of(answer.Status, answer.Body, settings.Success),
            { Failure: CallFailure.PrivateAddress } => new HandOver(HandOverEnd.Refused, answer.Detail),
            _ => new HandOver(content.HasGone ? HandOverEnd.Unknown : HandOverEnd.Deferred, answer.Detail),
        };
    }

    /// <summary>A body that knows whether it may have gone out.</summary>
    private sealed class Outgoing : HttpContent
    {
        private readonly byte[] _body;

        public Outgoing(byte[] body, string contentType)
        {
            _body = body;
            Headers.ContentType = new MediaTypeHeaderValue(contentType, "utf-8");
        }

        public bool HasGone { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            HasGone = true;
            await stream.WriteAsync(_body, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
