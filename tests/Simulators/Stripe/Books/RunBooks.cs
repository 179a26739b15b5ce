using System.Net.Http.Headers;
using System.Text;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>
/// What happens by itself: sessions end, debits and refunds come through, and notices go out, signed, again and again until they are taken.
/// </summary>
internal sealed partial class RunBooks(Ledger ledger, TimeProvider clock, ILogger<RunBooks> log) : BackgroundService
{
    private const int Parallel = 32;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }
    )
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <inheritdoc />
    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before the look, so that what comes during it is seen by the next.
            var changed = ledger.Changed;
            Settle();
            running.RemoveAll(each => each.IsCompleted);
            running.AddRange(ledger.TakeNotices(Parallel - running.Count).Select(each => SendAsync(each, stoppingToken)));
            using var rest = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny([changed, Pause(running.Count < Parallel, rest.Token), .. running]);
            await rest.CancelAsync();
        }

        await Task.WhenAll(running);
    }

    private Task Pause(bool canSend, CancellationToken cancellationToken)
    {
        var pause = ledger.NextAt(canSend) - clock.GetUtcNow();
        return pause <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(pause ?? Timeout.InfiniteTimeSpan, clock, cancellationToken);
    }

    private void Settle()
    {
        foreach (var (kind, id) in ledger.TakeDue())
        {
            ledger.Do(draft =>
            {
                switch (kind)
                {
                    case "session" when draft.Session(id) is { Status: "open" } session && session.ExpiresAt <= draft.Now:
                        Pay.End(draft, session);
                        break;
                    case "payment":
                        Pay.Settle(draft, id);
                        break;
                    case "refund":
                        Refunding.Settle(draft, id);
                        break;
                    default:
                        break;
                }

                return true;
            });
        }
    }

    /// <summary>One notice, sent once; it never throws.</summary>
    private async Task SendAsync(Sent sent, CancellationToken stoppingToken)
    {
        try
        {
            // An address that is no more takes everything.
            var status = ledger.NoticeOf(sent) is { } notice ? await PostAsync(notice.Hook, notice.Body, stoppingToken) : 200;
            ledger.Record(sent, status);
            if (status is < 200 or > 299)
            {
                LogNotTaken(sent.Event, status, sent.Attempts + 1);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The simulator ends: the next one sends it again.
        }
        catch (Exception surprise)
        {
            LogSurprise(surprise, sent.Event);
        }
    }

    private async Task<int> PostAsync(Hook hook, string body, CancellationToken stoppingToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe-Simulator/1.0");
        // Each attempt is signed anew, with its own time.
        request.Headers.TryAddWithoutValidation("Stripe-Signature", Signature.Of(hook.Secret, clock.GetUtcNow(), body));
        try
        {
            using var response = await _http.SendAsync(request, stoppingToken);
            return (int)response.StatusCode;
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            return 0;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notice {Id} was not taken: status {Status} at attempt {Attempt}; it is sent again")]
    private partial void LogNotTaken(string id, int status, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notice {Id} could not be sent")]
    private partial void LogSurprise(Exception exception, string id);
}
