using Polly;
using Polly.Registry;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// Mails are written many at a time and handed over one after the other, so that of a process that is killed at most one may reach its
/// recipient twice.
/// </summary>
public sealed partial class SendMails(
    TakeTransmissions take,
    HoldTransmission holds,
    HandOverMessage handOver,
    ResiliencePipelineProvider<string> resilience,
    WakeSenders senders,
    Grace grace,
    DeliveryOptions options,
    TimeProvider clock,
    ILogger<SendMails> log
)
{
    /// <summary>The pipeline that waits for the mail server.</summary>
    public const string Smtp = "smtp";

    private static readonly TimeSpan IdleBeforeRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToLetGo = TimeSpan.FromSeconds(3);

    private bool GraceIsOver => grace.IsOverAt(clock.GetUtcNow());

    /// <summary>One connection to the mail server and the mails that are written beside it, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
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
        if (hand.Count == 0 && !channel.IsReady)
        {
            if (!await take.IsAnythingDueAsync(mails: true, GraceIsOver, cancellationToken))
            {
                return false;
            }

            // The server first, the hold then: while the server is away every mail is due at once when it is back.
            await pipeline.ExecuteAsync(async token => await channel.ReadyAsync(token), cancellationToken);
        }

        var wanted = options.WritersAtOnce - hand.Count;
        var taken = await take.TakeMailsAsync(wanted, GraceIsOver, cancellationToken);
        hand.MayBeMore = taken.Count == wanted;
        hand.Take(taken.Select(held => new Writing(held, handOver.WriteAsync(held, cancellationToken))), clock.GetUtcNow());
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
                    var attempt = await handOver.StepAsync(ending, next.Held);
                    ending = null;
                    hand.Drop(next);
                    if (attempt is { } number)
                    {
                        var sending = handOver.SendAsync(channel, next.Held, number, message);
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
                await handOver.StepAsync(ending, null);
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

        await handOver.ReleaseAsync(held);
    }

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
            SendMails.Smtp,
            (pipeline, context) =>
            {
                var options = context.ServiceProvider.GetRequiredService<DeliveryOptions>();
                var log = context.ServiceProvider.GetRequiredService<ILogger<SendMails>>();
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
