using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Headers;
using Polly.Registry;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>
/// What is queued for webhooks goes out, signed, a few calls at a time to each endpoint: tried again for three days while it fails, and
/// no endpoint waits for another. Woken by the commit that queues; looks anyway every few seconds for what has become due.
/// </summary>
public sealed partial class SendWebhooks(
    HoldDeliveries holds,
    PublicHttp http,
    WebhookSeal seal,
    WakeWebhooks wake,
    WebhookOptions options,
    ResiliencePipelineProvider<string> resilience,
    TimeProvider clock,
    ILogger<SendWebhooks> log
) : BackgroundService
{
    // However many calls end at once, the doors find connections.
    private const int MostRecording = 4;

    private static readonly TimeSpan ToRecord = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToLetGo = TimeSpan.FromSeconds(2);
    private static readonly Counter<long> Delivered = Telemetry.Meter.CreateCounter<long>("delivery.webhooks.delivered");
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>("delivery.webhooks.failures");
    private static readonly Counter<long> Disabled = Telemetry.Meter.CreateCounter<long>("delivery.webhooks.disabled");
    private static readonly Histogram<double> Took = Telemetry.Meter.CreateHistogram<double>("delivery.webhooks.duration", "ms");

    private readonly SemaphoreSlim _recording = new(MostRecording);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(static each => each.IsCompleted);
                var room = options.Parallel - running.Count;
                IReadOnlyList<HeldDelivery> held = room > 0 ? await holds.TakeAsync(room, stoppingToken) : [];
                running.AddRange(held.Select(each => DeliverAsync(each, stoppingToken)));
                if (held.Count == 0)
                {
                    // Returns at once where something was queued, or a call ended, since the last look.
                    await wake.WaitAsync(options.LookAnyway, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogAway(exception.Message);
                await Task.Delay(options.LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _recording.Dispose();
        base.Dispose();
    }

    /// <summary>One call and its record; it never throws.</summary>
    private async Task DeliverAsync(HeldDelivery held, CancellationToken stoppingToken)
    {
        using var activity = ActivityContext.TryParse(held.TraceParent, null, out var parent)
            ? Telemetry.Source.StartActivity("SendWebhook", ActivityKind.Producer, parent)
            : Telemetry.Source.StartActivity("SendWebhook", ActivityKind.Producer);
        activity?.SetTag("webhook.event", held.Name);
        try
        {
            var (attempt, retryAfter) = await CallAsync(held, stoppingToken);
            Took.Record(attempt.Milliseconds);
            // What came of it is known only here: while the database is away, it is told again and again, and at the end for some seconds.
            using var limit = new CancellationTokenSource();
            await using var end = stoppingToken.Register(() => limit.CancelAfter(ToRecord));
            await _recording.WaitAsync(limit.Token);
            try
            {
                await resilience
                    .GetPipeline(Resilience.Start)
                    .ExecuteAsync(async token => await RecordAsync(held, attempt, retryAfter, token), limit.Token);
            }
            finally
            {
                _recording.Release();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await LetGoAsync(held);
        }
        catch (Exception exception)
        {
            // It is held until its hold ends, and then anyone's.
            LogSurprise(exception, held.Name, held.WebhookId, held.SellerId.Value);
        }
        finally
        {
            wake.Wake();
        }
    }

    private async Task<(WebhookAttempt Attempt, TimeSpan? RetryAfter)> CallAsync(HeldDelivery held, CancellationToken stoppingToken)
    {
        var now = clock.GetUtcNow();
        if (seal.Open(held.SellerId, held.WebhookId, held.Secret) is not { } key)
        {
            return (
                new WebhookAttempt
                {
                    At = now,
                    Milliseconds = 0,
                    Reason = "no-secret",
                    Detail = "the secret cannot be opened here: put the webhook again with a new one",
                },
                null
            );
        }

        byte[][] keys = held.OldSecret is { } old && seal.Open(held.SellerId, held.WebhookId, old) is { } oldKey ? [key, oldKey] : [key];
        var began = clock.GetTimestamp();
        try
        {
            using var request = Request(held, keys, now);
            var answer = await http.SendAsync(request, WebhookAttempt.MostOfAnswer, stoppingToken);
            TimeSpan? retryAfter = answer is { Status: 429 or 503, RetryAfter: { } later } ? later.From(clock.GetUtcNow()) : null;
            return (WebhookAttempt.Of(answer, now, clock.GetElapsedTime(began)), retryAfter);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogSurprise(exception, held.Name, held.WebhookId, held.SellerId.Value);
            return (
                new WebhookAttempt
                {
                    At = now,
                    Milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds,
                    Reason = "bug",
                    Detail = exception.GetType().Name,
                },
                null
            );
        }
    }

    private static HttpRequestMessage Request(HeldDelivery held, byte[][] keys, DateTimeOffset now)
    {
        var id = held.EventId.ToString();
        var timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, held.Url)
        {
            Content = new ByteArrayContent(held.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "RetailInvoicing-Webhooks/1.0");
        request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, id);
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Of(keys, id, timestamp, held.Body));
        request.Headers.TryAddWithoutValidation(WebhookSignature.EventHeader, held.Name);
        return request;
    }

    private async Task RecordAsync(HeldDelivery held, WebhookAttempt attempt, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        if (attempt.IsTaken())
        {
            await holds.DeliveredAsync(held, attempt, cancellationToken);
            Delivered.Add(1);
            return;
        }

        var health = await holds.FailedAsync(held, attempt, retryAfter, cancellationToken);
        Failures.Add(1, new KeyValuePair<string, object?>("reason", attempt.Reason));
        if (health?.Disabled is { } why)
        {
            Disabled.Add(1);
            LogDisabled(held.WebhookId, held.SellerId.Value, why, attempt.Said());
        }
    }

    /// <summary>The service ends: whoever comes next calls again, and at once.</summary>
    private async Task LetGoAsync(HeldDelivery held)
    {
        using var limit = new CancellationTokenSource(ToLetGo);
        try
        {
            await holds.LetGoAsync(held, limit.Token);
        }
        catch (Exception)
        {
            // Its hold ends by itself.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deliveries to webhooks wait for the database: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name} for webhook {WebhookId} of seller {SellerId} ended in a surprise")]
    private partial void LogSurprise(Exception exception, string name, string webhookId, string sellerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {WebhookId} of seller {SellerId} is disabled, {Why}: {Reason}")]
    private partial void LogDisabled(string webhookId, string sellerId, string why, string reason);
}
