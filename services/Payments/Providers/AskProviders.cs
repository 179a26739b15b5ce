using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Polly;
using Polly.CircuitBreaker;
using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// Providers are asked with a limit of time, and one that is down is left alone for some seconds: whoever would wait for it goes to the
/// next one. It is the provider that is judged, and not a seller's account with it: a wrong key takes nobody else's payments away.
/// </summary>
public sealed partial class AskProviders(ProviderNames names, CheckoutPace pace, ILoggerFactory loggers, ILogger<AskProviders> log)
{
    private static readonly TimeSpan JudgedOver = TimeSpan.FromSeconds(30);
    private static readonly Counter<long> Calls = Telemetry.Meter.CreateCounter<long>("payments.providers.calls", "{call}");
    private static readonly Histogram<double> Took = Telemetry.Meter.CreateHistogram<double>("payments.providers.duration", "ms");

    private readonly ConcurrentDictionary<(string Provider, string Environment), Circuit> _circuits = new();

    /// <summary>Whether nobody is sent there just now.</summary>
    public bool IsAway(ProviderAccount account) => CircuitOf(account).IsOpen;

    /// <summary>Begins a checkout.</summary>
    public Task<CheckoutStarted> StartAsync(ProviderAccount account, Checkout checkout, CancellationToken token) =>
        CallAsync(account, "start", pace.StartWithin, (wire, limit) => wire.StartAsync(account, checkout, limit), token);

    /// <summary>Asks what became of a checkout.</summary>
    public Task<CheckoutSeen> AskAsync(ProviderAccount account, Checkout checkout, CancellationToken token) =>
        CallAsync(account, "ask", pace.AskWithin, (wire, limit) => wire.AskAsync(account, checkout, limit), token);

    /// <summary>Makes sure that nobody can pay a checkout any more.</summary>
    public Task<CheckoutSeen> EndAsync(ProviderAccount account, Checkout checkout, CancellationToken token) =>
        CallAsync(account, "end", pace.AskWithin, (wire, limit) => wire.EndAsync(account, checkout, limit), token);

    /// <summary>Gives money back.</summary>
    public Task<RefundSeen> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken token) =>
        CallAsync(account, "refund", pace.RefundWithin, (wire, limit) => wire.RefundAsync(account, refund, limit), token);

    /// <summary>A payout with what the provider kept, where it says so only when it is asked.</summary>
    public async Task<PaidOut> PayoutAsync(ProviderAccount account, PaidOut told, CancellationToken token)
    {
        if (names.Of(account.Provider) is not ITellsPayouts payouts)
        {
            return told;
        }

        var whole = await CallAsync(
            account,
            "payout",
            pace.PayoutWithin,
            (_, limit) => payouts.AskPayoutAsync(account, told.Reference, limit),
            token
        );
        return whole is null ? told : whole with { FactId = told.FactId };
    }

    /// <summary>What the provider calls the account that the secrets open; nothing where it does not say.</summary>
    public async Task<string?> AccountAsync(ProviderAccount account, CancellationToken token) =>
        names.Of(account.Provider) is ITellsAccount tells
            ? await CallAsync(account, "account", pace.StartWithin, (_, limit) => tells.AskAccountAsync(account, limit), token)
            : null;

    /// <summary>Whether it is the provider that is down, and not what it was asked that it refuses.</summary>
    public static bool IsDown(Exception? exception) =>
        exception switch
        {
            HttpRequestException { StatusCode: { } status } => status
                is >= HttpStatusCode.InternalServerError
                    or HttpStatusCode.TooManyRequests
                    or HttpStatusCode.RequestTimeout,
            HttpRequestException or TimeoutException or SocketException or IOException => true,
            _ => false,
        };

    /// <summary>Whether what was asked can never have reached the provider: it was left alone, or there was no way to it.</summary>
    public static bool NeverLeft(Exception exception) =>
        exception
            is BrokenCircuitException
                or HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                        or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError
                };

    private async Task<T> CallAsync<T>(
        ProviderAccount account,
        string act,
        TimeSpan within,
        Func<IPaymentProvider, CancellationToken, Task<T>> call,
        CancellationToken token
    )
    {
        using var activity = Telemetry.Source.StartActivity($"AskProvider {account.Provider} {act}", ActivityKind.Client);
        var wire =
            names.Of(account.Provider) ?? throw new InvalidOperationException($"nobody here speaks to {account.Provider}: it was there");
        var began = Stopwatch.GetTimestamp();
        var outcome = "answered";
        try
        {
            return await CircuitOf(account).Pipeline.ExecuteAsync(async asked => await WithinAsync(wire, within, call, asked), token);
        }
        catch (BrokenCircuitException)
        {
            outcome = "left-alone";
            throw;
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            outcome = IsDown(exception) ? "down" : "failed";
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        finally
        {
            var (provider, asked) = (Tag("provider", account.Provider), Tag("act", act));
            Calls.Add(1, provider, asked, Tag("outcome", outcome));
            Took.Record(Stopwatch.GetElapsedTime(began).TotalMilliseconds, provider, asked);
        }
    }

    private static async Task<T> WithinAsync<T>(
        IPaymentProvider wire,
        TimeSpan within,
        Func<IPaymentProvider, CancellationToken, Task<T>> call,
        CancellationToken token
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(within);
        try
        {
            return await call(wire, limit.Token);
        }
        catch (OperationCanceledException exception) when (!token.IsCancellationRequested)
        {
            throw new TimeoutException($"{wire.Name} did not answer within {within.TotalSeconds:0.#} s", exception);
        }
    }

    private Circuit CircuitOf(ProviderAccount account) =>
        _circuits.GetOrAdd((account.Provider, account.Environment), static (of, us) => new Circuit(of.Provider, of.Environment, us), this);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Provider} ({Environment}) does not answer and is left alone for {Seconds:0.#} s: {Reason}"
    )]
    private partial void LogDown(string provider, string environment, double seconds, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Provider} ({Environment}) answers again")]
    private partial void LogUp(string provider, string environment);

    /// <summary>Open while a provider is left alone.</summary>
    private sealed class Circuit
    {
        // When it may be asked again. The breaker itself says that it is open until somebody asks, which nobody would.
        private long _openUntil;

        public Circuit(string provider, string environment, AskProviders us) =>
            Pipeline = new ResiliencePipelineBuilder { Name = $"{provider} {environment}" }
                .ConfigureTelemetry(us.Loggers)
                .AddCircuitBreaker(
                    new CircuitBreakerStrategyOptions
                    {
                        ShouldHandle = static call => new ValueTask<bool>(IsDown(call.Outcome.Exception)),
                        FailureRatio = 0.5,
                        MinimumThroughput = Math.Max(2, us.Pace.CallsToJudgeBy),
                        SamplingDuration = JudgedOver,
                        BreakDuration = us.Pace.Rest,
                        OnOpened = opened =>
                        {
                            var ticks = (long)(opened.BreakDuration.TotalSeconds * Stopwatch.Frequency);
                            Volatile.Write(ref _openUntil, Stopwatch.GetTimestamp() + ticks);
                            us.LogDown(provider, environment, opened.BreakDuration.TotalSeconds, opened.Outcome.Exception?.Message);
                            return default;
                        },
                        OnClosed = _ =>
                        {
                            Volatile.Write(ref _openUntil, 0);
                            us.LogUp(provider, environment);
                            return default;
                        },
                    }
                )
                .Build();

        public ResiliencePipeline Pipeline { get; }

        public bool IsOpen => Volatile.Read(ref _openUntil) > Stopwatch.GetTimestamp();
    }

    private ILoggerFactory Loggers => loggers;

    private CheckoutPace Pace => pace;
}
