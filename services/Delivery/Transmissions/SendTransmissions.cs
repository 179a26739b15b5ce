using System.Diagnostics;
using System.Diagnostics.Metrics;
using MimeKit;
using Npgsql;
using Polly;
using Polly.Registry;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// What is queued goes out: a few mails at a time, each over its sender's own connection, tried again while the server or a neighbour is
/// away. Woken by the commit that queues; looks anyway every few seconds for what has become due.
/// </summary>
public sealed partial class SendTransmissions(
    NpgsqlDataSource database,
    HoldTransmission holds,
    WriteMail write,
    ResiliencePipelineProvider<string> resilience,
    WakeSenders senders,
    DeliveryOptions options,
    TimeProvider clock,
    ILogger<SendTransmissions> log
) : BackgroundService
{
    /// <summary>The pipeline that waits for the mail server.</summary>
    public const string Smtp = "smtp";

    private const string Listen = "listen transmission";

    /// <summary>A message that cannot be made into a mail so often never will be.</summary>
    private const int MostSurprises = 20;

    private static readonly TimeSpan IdleBeforeRest = TimeSpan.FromSeconds(5);
    private static readonly Counter<long> Sent = Telemetry.Meter.CreateCounter<long>("delivery.transmissions.sent");
    private static readonly Counter<long> Failed = Telemetry.Meter.CreateCounter<long>("delivery.transmissions.failed");
    private static readonly Counter<long> PossibleDuplicates = Telemetry.Meter.CreateCounter<long>("delivery.possible_duplicates");

    private DateTimeOffset? _watchingSince;

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        SideBySide.RunAsync(
            stoppingToken,
            [WatchAsync(stoppingToken), .. Enumerable.Range(0, options.Parallel).Select(_ => WorkAsync(stoppingToken))]
        );

    /// <summary>Wakes the senders when something is queued, and every few seconds.</summary>
    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand(Listen, connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                _watchingSince = clock.GetUtcNow();
                while (true)
                {
                    senders.Wake();
                    await connection.WaitAsync(options.LookAnyway, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whoever was handing a mail over while the database was away gets the grace to record how that ended.
                _watchingSince = null;
                LogAway(exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One sender with one connection.</summary>
    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await using var channel = MailChannel.Of(options, clock);
        var pipeline = resilience.GetPipeline(Smtp);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await NextAsync(channel, pipeline, stoppingToken) is { } held)
                {
                    await SendAsync(channel, held, stoppingToken);
                }
                else if (!await senders.WaitAsync(IdleBeforeRest, stoppingToken))
                {
                    await channel.RestAsync();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The database is away, or something surprised us: the row is held until its hold ends, and then anyone's.
                LogSurprise(exception);
                await Task.Delay(options.LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<HeldMessage?> NextAsync(MailChannel channel, ResiliencePipeline pipeline, CancellationToken cancellationToken)
    {
        var graceIsOver = _watchingSince is { } since && clock.GetUtcNow() - since >= options.Grace;
        if (!await holds.IsAnythingDueAsync(graceIsOver, cancellationToken))
        {
            return null;
        }

        // The server first, the hold then: while the server is away nobody holds anything, and every mail is due at once when it is back.
        await pipeline.ExecuteAsync(async token => await channel.ReadyAsync(token), cancellationToken);
        return await holds.TakeAsync(graceIsOver, cancellationToken);
    }

    private async Task SendAsync(MailChannel channel, HeldMessage held, CancellationToken stoppingToken)
    {
        using var activity = ActivityContext.TryParse(held.TraceParent, null, out var parent)
            ? Telemetry.Source.StartActivity("SendTransmission", ActivityKind.Client, parent)
            : Telemetry.Source.StartActivity("SendTransmission", ActivityKind.Client);
        activity?.SetTag("transmission.id", held.TransmissionId.ToString());
        activity?.SetTag("transmission.purpose", held.Purpose);
        if (held.FoundHandedOver)
        {
            PossibleDuplicates.Add(1);
            LogPossibleDuplicate(held.Purpose, held.TransmissionId);
        }

        MimeMessage message;
        try
        {
            var written = await write.RunAsync(held, stoppingToken);
            if (written.Refused(out var fault))
            {
                await EndAsync(held, null, new HandOver(HandOverEnd.Refused, $"{fault.Code.Code} {fault.In(null)}"));
                return;
            }

            message = written.Value;
        }
        catch (Exception away) when (Resilience.IsPassing(away) && !stoppingToken.IsCancellationRequested)
        {
            LogNeighbourAway(held.Purpose, held.TransmissionId, away.Message);
            await holds.LetGoAsync(held, null, new HandOver(HandOverEnd.Deferred, $"AWAY-01 {away.Message}"), stoppingToken);
            return;
        }
        catch (Exception surprise) when (!stoppingToken.IsCancellationRequested)
        {
            LogCannotWrite(surprise, held.Purpose, held.TransmissionId);
            var why = new HandOver(HandOverEnd.Deferred, $"BUG-01 {surprise.GetType().Name}");
            await (held.PutOff < MostSurprises ? holds.LetGoAsync(held, null, why, stoppingToken) : EndAsync(held, null, why));
            return;
        }

        using (message)
        {
            if (await holds.BeginAsync(held, stoppingToken) is not { } attempt)
            {
                return;
            }

            // From here on a stop waits: what the server accepts is recorded.
            var end = await channel.SendAsync(message, CancellationToken.None);
            activity?.SetTag("transmission.end", end.End.ToString());
            await RecordAsync(held, attempt, end);
        }
    }

    private async Task RecordAsync(HeldMessage held, int attempt, HandOver end)
    {
        var givenUp = end.End == HandOverEnd.Deferred && clock.GetUtcNow() - held.CreatedAt > options.GiveUpAfter;
        if (end.End is HandOverEnd.Accepted or HandOverEnd.Refused || givenUp)
        {
            await EndAsync(held, attempt, end);
            return;
        }

        if (end.End == HandOverEnd.Unknown)
        {
            PossibleDuplicates.Add(1);
            LogPossibleDuplicate(held.Purpose, held.TransmissionId);
        }

        LogPutOff(held.Purpose, held.TransmissionId, end.Detail ?? "");
        await KeepTryingAsync(async token =>
        {
            await holds.LetGoAsync(held, attempt, end, token);
            return true;
        });
    }

    private async Task EndAsync(HeldMessage held, int? attempt, HandOver end)
    {
        var eventId = EventId.New();
        var mine = await KeepTryingAsync(async token => await holds.EndAsync(held, attempt, end, eventId, token));
        if (!mine)
        {
            PossibleDuplicates.Add(1);
            LogPossibleDuplicate(held.Purpose, held.TransmissionId);
        }

        if (end.End == HandOverEnd.Accepted)
        {
            Sent.Add(1);
            LogMailed(held.Purpose, held.TransmissionId, held.SellerId.Value);
        }
        else
        {
            Failed.Add(1);
            LogGivenUp(held.Purpose, held.TransmissionId, end.Detail ?? "");
        }
    }

    /// <summary>The outcome is known only here: while the database is away, it is told again and again.</summary>
    private async Task<bool> KeepTryingAsync(Func<CancellationToken, Task<bool>> record) =>
        await resilience.GetPipeline(Resilience.Start).ExecuteAsync(async token => await record(token), CancellationToken.None);

    [LoggerMessage(Level = LogLevel.Information, Message = "Mailed {Purpose} {TransmissionId} of seller {SellerId}")]
    private partial void LogMailed(string purpose, Contracts.TransmissionId transmissionId, string sellerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gave up {Purpose} {TransmissionId}: {Reason}")]
    private partial void LogGivenUp(string purpose, Contracts.TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server put {Purpose} {TransmissionId} off: {Reason}")]
    private partial void LogPutOff(string purpose, Contracts.TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Purpose} {TransmissionId} waits for a neighbour: {Reason}")]
    private partial void LogNeighbourAway(string purpose, Contracts.TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Purpose} {TransmissionId} could not be made into a mail")]
    private partial void LogCannotWrite(Exception exception, string purpose, Contracts.TransmissionId transmissionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Purpose} {TransmissionId} may reach its recipient twice, under one Message-ID")]
    private partial void LogPossibleDuplicate(string purpose, Contracts.TransmissionId transmissionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Transmissions wait for the database: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sender was interrupted")]
    private partial void LogSurprise(Exception exception);
}

/// <summary>The pipeline that waits for the mail server, for as long as it is away.</summary>
public static partial class MailServerPipeline
{
    /// <summary>Adds it by its name.</summary>
    public static void AddMailServerPipeline(this IServiceCollection services) =>
        services.AddResiliencePipeline(
            SendTransmissions.Smtp,
            (pipeline, context) =>
            {
                var options = context.ServiceProvider.GetRequiredService<DeliveryOptions>();
                var log = context.ServiceProvider.GetRequiredService<ILogger<SendTransmissions>>();
                pipeline.AddRetry(
                    new Polly.Retry.RetryStrategyOptions
                    {
                        ShouldHandle = new PredicateBuilder().Handle<MailServerAwayException>(),
                        MaxRetryAttempts = int.MaxValue,
                        DelayGenerator = retry => new ValueTask<TimeSpan?>(
                            Backoff.After(retry.AttemptNumber + 1, options.RetryBase, options.RetryCap, Random.Shared.NextDouble())
                        ),
                        OnRetry = retry =>
                        {
                            LogServerAway(log, retry.RetryDelay.TotalSeconds, retry.Outcome.Exception?.Message);
                            return default;
                        },
                    }
                );
            }
        );

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server is away, mails wait; next try in {Seconds:0.0} s: {Reason}")]
    private static partial void LogServerAway(ILogger log, double seconds, string? reason);
}
