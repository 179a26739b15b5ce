using System.Diagnostics;
using System.Diagnostics.Metrics;
using Npgsql;
using Polly;
using Polly.Registry;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// What is queued goes out. Mails are written many at a time and handed over one after the other, so that of a process that is killed at
/// most one may reach its recipient twice; short messages go to sellers' gateways side by side. Woken by the commit that queues; looks
/// anyway every few seconds for what has become due.
/// </summary>
public sealed partial class SendTransmissions(
    NpgsqlDataSource database,
    HoldTransmission holds,
    WriteMail writeMail,
    WriteShortMessage writeShort,
    GatewayChannel gateway,
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

    private const string CountWaiting = "select count(*), min(created_at) from transmission where status = 'queued' and due_at <= @now";

    /// <summary>A message that cannot be made into a mail so often never will be.</summary>
    private const int MostSurprises = 20;

    private static readonly TimeSpan IdleBeforeRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToLetGo = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenCounts = TimeSpan.FromSeconds(5);

    /// <summary>Short messages are looked for no oftener: to look after every commit of a busy queue of mails would cost more than it brings.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly Counter<long> Sent = Telemetry.Meter.CreateCounter<long>("delivery.transmissions.sent");
    private static readonly Counter<long> Failed = Telemetry.Meter.CreateCounter<long>("delivery.transmissions.failed");
    private static readonly Counter<long> PossibleDuplicates = Telemetry.Meter.CreateCounter<long>("delivery.possible_duplicates");

    private static readonly Gauge<long> Waiting = Telemetry.Meter.CreateGauge<long>("delivery.transmissions.waiting");
    private static readonly Gauge<double> Oldest = Telemetry.Meter.CreateGauge<double>("delivery.transmissions.oldest", "s");

    private DateTimeOffset? _watchingSince;
    private DateTimeOffset _countedAt;

    /// <summary>Whoever was handing a message over while the database was away gets the grace to record how that ended.</summary>
    private bool GraceIsOver => _watchingSince is { } since && clock.GetUtcNow() - since >= options.Grace;

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        SideBySide.RunAsync(
            stoppingToken,
            [
                WatchAsync(stoppingToken),
                GatewaysAsync(stoppingToken),
                .. Enumerable.Range(0, options.HandOversAtOnce).Select(_ => MailsAsync(stoppingToken)),
            ]
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
                    await CountAsync(connection, stoppingToken);
                    await connection.WaitAsync(options.LookAnyway, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _watchingSince = null;
                LogAway(exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>How many are due and how long the oldest has waited, for whoever watches.</summary>
    private async Task CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - _countedAt < BetweenCounts)
        {
            return;
        }

        await using var count = new NpgsqlCommand(CountWaiting, connection) { Parameters = { new("now", now) } };
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Waiting.Record(reader.GetInt64(0));
        Oldest.Record(
            await reader.IsDBNullAsync(1, cancellationToken)
                ? 0
                : (now - await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken)).TotalSeconds
        );
        _countedAt = now;
    }

    /// <summary>One connection to the mail server, and the mails that are written beside it.</summary>
    private async Task MailsAsync(CancellationToken stoppingToken)
    {
        await using var channel = Channel.OfMail(options, clock);
        var pipeline = resilience.GetPipeline(Smtp);
        var hand = new Hand { LastWorkAt = clock.GetUtcNow() };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await FillAsync(hand, channel, pipeline, stoppingToken))
                {
                    await HandOverAsync(hand, channel, stoppingToken);
                    hand.LastWorkAt = clock.GetUtcNow();
                    continue;
                }

                if (clock.GetUtcNow() - hand.LastWorkAt > IdleBeforeRest)
                {
                    await channel.RestAsync();
                }

                await senders.WaitAsync(hand.Seen, IdleBeforeRest, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (ChannelAwayException)
            {
                // Nobody holds anything while the server is away; the next look waits for it.
                await LetAllGoAsync(hand);
            }
            catch (Exception exception)
            {
                // The database is away, or something surprised us: what is held is due again when its hold ends, if not before.
                LogSurprise(exception);
                await LetAllGoAsync(hand);
                await Task.Delay(options.LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await LetAllGoAsync(hand);
    }

    /// <summary>Takes what is due and has it written, as much as the hand is short of; false where there is nothing to hand over.</summary>
    private async Task<bool> FillAsync(Hand hand, Channel channel, ResiliencePipeline pipeline, CancellationToken cancellationToken)
    {
        if (!IsShort(hand))
        {
            return true;
        }

        hand.Seen = senders.Calls;
        if (hand.Count == 0)
        {
            if (!await holds.IsAnythingDueAsync(mails: true, GraceIsOver, cancellationToken))
            {
                return false;
            }

            // The server first, the hold then: while the server is away every mail is due at once when it is back.
            await pipeline.ExecuteAsync(async token => await channel.ReadyAsync(token), cancellationToken);
        }

        var wanted = options.WritersAtOnce - hand.Count;
        var taken = await holds.TakeMailsAsync(wanted, GraceIsOver, cancellationToken);
        hand.MayBeMore = taken.Count == wanted;
        hand.Take(taken.Select(held => new Writing(held, WriteAsync(held, cancellationToken))), clock.GetUtcNow());
        return hand.Count > 0;
    }

    private bool IsShort(Hand hand) =>
        hand.Count == 0 || (hand.Count <= options.WritersAtOnce / 2 && (hand.MayBeMore || senders.Calls != hand.Seen));

    /// <summary>
    /// Hands over what is written, in the order in which it is ready. The end of one and the beginning of the next are one commit, so that
    /// at any moment one mail at most may be with the server and not recorded.
    /// </summary>
    private async Task HandOverAsync(Hand hand, Channel channel, CancellationToken stoppingToken)
    {
        await HoldingAsync(hand, hand.ReadyAsync());
        Ending? ending = null;
        try
        {
            var next = hand.Ready;
            while (next is not null)
            {
                if (await next.Task is { } message)
                {
                    if (ending is null)
                    {
                        await channel.ReadyAsync(stoppingToken);
                    }

                    await RenewAsync(hand);
                    var attempt = await StepAsync(ending, next.Held);
                    ending = null;
                    hand.Drop(next);
                    if (attempt is { } number)
                    {
                        var sending = SendAsync(channel, next.Held, number, message);
                        await HoldingAsync(hand, sending);
                        ending = await sending;
                    }

                    (message as WrittenMail)?.Message.Dispose();
                }
                else
                {
                    hand.Drop(next);
                }

                next = stoppingToken.IsCancellationRequested || IsShort(hand) ? null : hand.Ready;
            }
        }
        finally
        {
            // Whatever came between: how the last one ended is known only here.
            if (ending is not null)
            {
                await StepAsync(ending, null);
            }
        }
    }

    /// <summary>Waits for a task, and keeps hold of what is in hand meanwhile, however long a neighbour or the server takes.</summary>
    private async Task HoldingAsync(Hand hand, Task task)
    {
        while (!task.IsCompleted)
        {
            await task.WaitAsync(options.HoldToWrite / 4).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RenewAsync(hand);
        }
    }

    /// <summary>Holds what is in hand longer once half of its hold is over; where that cannot be recorded, others may take it.</summary>
    private async Task RenewAsync(Hand hand)
    {
        var now = clock.GetUtcNow();
        if (hand.Count == 0 || now - hand.HeldSince <= options.HoldToWrite / 2)
        {
            return;
        }

        using var limit = new CancellationTokenSource(ToLetGo);
        try
        {
            await holds.RenewAsync(hand.Held, limit.Token);
            hand.HeldSince = now;
        }
        catch (Exception exception)
        {
            LogAway(exception.Message);
        }
    }

    /// <summary>Messages for sellers' gateways, side by side; of each seller only some, so that a gateway that hangs holds up no other.</summary>
    private async Task GatewaysAsync(CancellationToken stoppingToken)
    {
        var running = new List<(SellerId Seller, Task Task)>();
        while (!stoppingToken.IsCancellationRequested)
        {
            var seen = senders.Calls;
            var before = running.Count;
            try
            {
                if (running.Count < options.GatewaysAtOnce)
                {
                    SellerId[] busy =
                    [
                        .. running.GroupBy(each => each.Seller).Where(each => each.Count() >= holds.MostOfASeller).Select(each => each.Key),
                    ];
                    var wanted = options.GatewaysAtOnce - running.Count;
                    foreach (var held in await holds.TakeShortAsync(wanted, busy, GraceIsOver, stoppingToken))
                    {
                        running.Add((held.SellerId, SendShortAsync(held, stoppingToken)));
                    }
                }

                if (running.Count == before)
                {
                    await Task.Delay(BetweenLooks, stoppingToken);
                    await Task.WhenAny([senders.WaitAsync(seen, IdleBeforeRest, stoppingToken), .. running.Select(each => each.Task)]);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogSurprise(exception);
                await Task.Delay(options.LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            running.RemoveAll(each => each.Task.IsCompleted);
        }

        await Task.WhenAll(running.Select(each => each.Task));
    }

    private async Task SendShortAsync(HeldMessage held, CancellationToken stoppingToken)
    {
        try
        {
            if (await WriteAsync(held, stoppingToken) is { } message && await StepAsync(null, held) is { } attempt)
            {
                var ending = await SendAsync(gateway, held, attempt, message);
                if (ending is not null)
                {
                    await StepAsync(ending, null);
                }
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogSurprise(exception);
        }
        catch (Exception exception)
        {
            LogDropped(held.Purpose, held.TransmissionId, exception.Message);
            await ReleaseAsync([held]);
        }
    }

    /// <summary>The message; none where there will never be one or not now. One that cannot be written stops no other.</summary>
    private async Task<WrittenMessage?> WriteAsync(HeldMessage held, CancellationToken stoppingToken)
    {
        using var activity = Traced(held, "WriteTransmission");
        try
        {
            return await TryToWriteAsync(held, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // What became of it could not be recorded: it is due again when its hold ends.
            LogSurprise(exception);
            return null;
        }
    }

    /// <summary>The message; none where there will never be one or not now, which is recorded.</summary>
    private async Task<WrittenMessage?> TryToWriteAsync(HeldMessage held, CancellationToken stoppingToken)
    {
        if (held.FoundHandedOver)
        {
            PossibleDuplicates.Add(1);
            LogPossibleDuplicate(held.Purpose, held.TransmissionId);
        }

        if (held.Unknown >= options.MostUnknown)
        {
            await GiveUpAsync(held, DeliveryFaults.TakenAndDropped.With(held.Unknown));
            return null;
        }

        // Whoever asks for a sign-in link has the address before their eyes.
        if (held.Unreachable is { } why && held.Purpose != Purpose.SignIn)
        {
            await GiveUpAsync(held, DeliveryFaults.Unreachable.With(why));
            return null;
        }

        try
        {
            var written =
                held.Channel == ChannelNames.Email
                    ? await writeMail.RunAsync(held, stoppingToken)
                    : await writeShort.RunAsync(held, stoppingToken);
            if (!written.Refused(out var fault))
            {
                return written.Value;
            }

            await GiveUpAsync(held, fault);
        }
        catch (Exception away) when (Resilience.IsPassing(away) && !stoppingToken.IsCancellationRequested)
        {
            LogNeighbourAway(held.Purpose, held.TransmissionId, away.Message);
            await holds.LetGoAsync(held, null, new HandOver(HandOverEnd.Deferred, $"AWAY-01 {away.Message}"), stoppingToken);
        }
        catch (Exception surprise) when (!stoppingToken.IsCancellationRequested)
        {
            LogCannotWrite(surprise, held.Purpose, held.TransmissionId);
            var why2 = new HandOver(HandOverEnd.Deferred, $"BUG-01 {surprise.GetType().Name}");
            if (held.PutOff < MostSurprises)
            {
                await holds.LetGoAsync(held, null, why2, stoppingToken);
            }
            else
            {
                await StepAsync(new Ending(held, null, why2 with { End = HandOverEnd.Refused }, EventId.New()), null);
            }
        }

        return null;
    }

    private Task GiveUpAsync(HeldMessage held, Fault fault) =>
        StepAsync(new Ending(held, null, new HandOver(HandOverEnd.Refused, $"{fault.Code.Code} {fault.In(null)}"), EventId.New()), null);

    /// <summary>Hands it over; how that ended where it is over, nothing where it is put off. From here on a stop waits.</summary>
    private async Task<Ending?> SendAsync(Channel channel, HeldMessage held, int attempt, WrittenMessage message)
    {
        using var activity = Traced(held, "SendTransmission");
        HandOver end;
        try
        {
            end = await channel.SendAsync(message, CancellationToken.None);
        }
        catch (Exception surprise)
        {
            LogSurprise(surprise);
            end = new HandOver(HandOverEnd.Unknown, $"BUG-01 {surprise.GetType().Name}");
        }

        activity?.SetTag("transmission.end", end.End.ToString());
        if (end.End == HandOverEnd.Unknown)
        {
            PossibleDuplicates.Add(1);
            LogPossibleDuplicate(held.Purpose, held.TransmissionId);
        }

        var isOver =
            end.End is HandOverEnd.Accepted or HandOverEnd.Refused
            || (end.End == HandOverEnd.Deferred && clock.GetUtcNow() - held.CreatedAt > options.GiveUpAfter);
        if (isOver)
        {
            return new Ending(held, attempt, end, EventId.New());
        }

        LogPutOff(held.Purpose, held.TransmissionId, end.Detail ?? "");
        await KeepTryingAsync(async token =>
        {
            await holds.LetGoAsync(held, attempt, end, token);
            return true;
        });
        return null;
    }

    /// <summary>Records an end, and that the next one begins; the begun one's attempt, none where its hold had run out.</summary>
    private async Task<int?> StepAsync(Ending? ending, HeldMessage? next)
    {
        var step = await KeepTryingAsync(async token => await holds.StepAsync(ending, next, token));
        if (ending is null)
        {
            return step.Attempt;
        }

        var held = ending.Held;
        // In the log this belongs to the trace of what led to it.
        using var activity = Traced(held, "RecordTransmission");
        if (!step.IsMine && ending.Attempt is not null)
        {
            PossibleDuplicates.Add(1);
            LogPossibleDuplicate(held.Purpose, held.TransmissionId);
        }

        if (ending.IsAccepted)
        {
            Sent.Add(1);
            LogSent(held.Purpose, held.TransmissionId, held.SellerId.Value, held.Channel);
        }
        else
        {
            Failed.Add(1);
            LogGivenUp(held.Purpose, held.TransmissionId, ending.HandOver.Detail ?? "");
            // It may go out on another channel now.
            senders.Wake();
        }

        return step.Attempt;
    }

    /// <summary>The outcome is known only here: while the database is away, it is told again and again.</summary>
    private async Task<T> KeepTryingAsync<T>(Func<CancellationToken, Task<T>> record) =>
        await resilience.GetPipeline(Resilience.Start).ExecuteAsync(async token => await record(token), CancellationToken.None);

    /// <summary>What is in hand and was not begun is anyone's at once; where that cannot be recorded, when its hold ends.</summary>
    private async Task LetAllGoAsync(Hand hand)
    {
        var held = hand.Held;
        foreach (var writing in hand.Empty())
        {
            try
            {
                ((await writing.Task) as WrittenMail)?.Message.Dispose();
            }
            catch (Exception exception)
            {
                LogDropped(writing.Held.Purpose, writing.Held.TransmissionId, exception.Message);
            }
        }

        await ReleaseAsync(held);
    }

    private async Task ReleaseAsync(IReadOnlyCollection<HeldMessage> held)
    {
        using var limit = new CancellationTokenSource(ToLetGo);
        try
        {
            await holds.ReleaseAsync(held, limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException || Resilience.IsPassing(exception))
        {
            LogAway(exception.Message);
        }
        catch (Exception exception)
        {
            LogSurprise(exception);
        }
    }

    private static Activity? Traced(HeldMessage held, string name)
    {
        var activity = ActivityContext.TryParse(held.TraceParent, null, out var parent)
            ? Telemetry.Source.StartActivity(name, ActivityKind.Client, parent)
            : Telemetry.Source.StartActivity(name, ActivityKind.Client);
        activity?.SetTag("transmission.id", held.TransmissionId.ToString());
        activity?.SetTag("transmission.purpose", held.Purpose);
        return activity;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sent {Purpose} {TransmissionId} of seller {SellerId} by {Channel}")]
    private partial void LogSent(string purpose, TransmissionId transmissionId, string sellerId, string channel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gave up {Purpose} {TransmissionId}: {Reason}")]
    private partial void LogGivenUp(string purpose, TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Purpose} {TransmissionId} was put off: {Reason}")]
    private partial void LogPutOff(string purpose, TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Purpose} {TransmissionId} waits for a neighbour: {Reason}")]
    private partial void LogNeighbourAway(string purpose, TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Purpose} {TransmissionId} could not be written")]
    private partial void LogCannotWrite(Exception exception, string purpose, TransmissionId transmissionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Purpose} {TransmissionId} may reach its recipient twice, under one Message-ID")]
    private partial void LogPossibleDuplicate(string purpose, TransmissionId transmissionId);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Purpose} {TransmissionId} was let go while it was written: {Reason}")]
    private partial void LogDropped(string purpose, TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Transmissions wait for the database: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sender was interrupted")]
    private partial void LogSurprise(Exception exception);

    /// <summary>A held message and the writing of it.</summary>
    private sealed record Writing(HeldMessage Held, Task<WrittenMessage?> Task);

    /// <summary>What a sender holds: messages that are being written or wait to be handed over.</summary>
    private sealed class Hand
    {
        private readonly List<Writing> _writings = [];

        public int Count => _writings.Count;

        public bool MayBeMore { get; set; }

        /// <summary>The calls to the senders that its last look came after.</summary>
        public long Seen { get; set; }

        public DateTimeOffset HeldSince { get; set; }

        public DateTimeOffset LastWorkAt { get; set; }

        public IReadOnlyList<HeldMessage> Held => [.. _writings.Select(writing => writing.Held)];

        /// <summary>One that is written already, the most urgent first.</summary>
        public Writing? Ready => _writings.Find(writing => writing.Task.IsCompleted);

        public void Take(IEnumerable<Writing> writings, DateTimeOffset now)
        {
            HeldSince = _writings.Count == 0 ? now : HeldSince;
            _writings.AddRange(writings);
        }

        /// <summary>Until one of them is written.</summary>
        public Task ReadyAsync() => Task.WhenAny(_writings.Select(writing => writing.Task));

        public void Drop(Writing writing) => _writings.Remove(writing);

        public IReadOnlyList<Writing> Empty()
        {
            Writing[] all = [.. _writings];
            _writings.Clear();
            return all;
        }
    }
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
                        ShouldHandle = new PredicateBuilder().Handle<ChannelAwayException>(),
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
