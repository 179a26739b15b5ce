using System.Diagnostics;
using System.Diagnostics.Metrics;
using Polly.Registry;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A held message is written, handed over by its channel, and how that ended is recorded, however long the database is away.</summary>
public sealed partial class HandOverMessage(
    HoldTransmission holds,
    PutOffTransmission putOff,
    WriteMail writeMail,
    WriteShortMessage writeShort,
    ResiliencePipelineProvider<string> resilience,
    WakeSenders senders,
    DeliveryOptions options,
    TimeProvider clock,
    ILogger<HandOverMessage> log
)
{
    /// <summary>A message that cannot be made into a mail so often never will be.</summary>
    private const int MostSurprises = 20;

    private static readonly TimeSpan ToLetGo = TimeSpan.FromSeconds(3);
    private static readonly Counter<long> Sent = Telemetry.Meter.CreateCounter<long>("delivery.transmissions.sent");
    private static readonly Counter<long> Failed = Telemetry.Meter.CreateCounter<long>("delivery.transmissions.failed");
    private static readonly Counter<long> PossibleDuplicates = Telemetry.Meter.CreateCounter<long>("delivery.possible_duplicates");

    /// <summary>The message; none where there will never be one or not now. One that cannot be written stops no other.</summary>
    public async Task<WrittenMessage?> WriteAsync(HeldMessage held, CancellationToken stoppingToken)
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
            await putOff.RunAsync(
                held,
                null,
                new HandOver(HandOverEnd.Deferred, $"AWAY-01 {away.Message}"),
                stoppingToken,
                isNeighbours: true
            );
        }
        catch (Exception surprise) when (!stoppingToken.IsCancellationRequested)
        {
            LogCannotWrite(surprise, held.Purpose, held.TransmissionId);
            var bug = new HandOver(HandOverEnd.Deferred, $"BUG-01 {surprise.GetType().Name}");
            if (held.PutOff < MostSurprises)
            {
                await putOff.RunAsync(held, null, bug, stoppingToken);
            }
            else
            {
                await StepAsync(new Ending(held, null, bug with { End = HandOverEnd.Refused }, EventId.New()), null);
            }
        }

        return null;
    }

    private Task GiveUpAsync(HeldMessage held, Fault fault) =>
        StepAsync(new Ending(held, null, new HandOver(HandOverEnd.Refused, $"{fault.Code.Code} {fault.In(null)}"), EventId.New()), null);

    /// <summary>Hands it over; how that ended where it is over, nothing where it is put off. From here on a stop waits.</summary>
    public async Task<Ending?> SendAsync(Channel channel, HeldMessage held, int attempt, WrittenMessage message)
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
            await putOff.RunAsync(held, attempt, end, token);
            return true;
        });
        return null;
    }

    /// <summary>Records an end, and that the next one begins; the begun one's attempt, none where its hold had run out.</summary>
    public async Task<int?> StepAsync(Ending? ending, HeldMessage? next)
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

    /// <summary>Lets go what was not begun: it is anyone's at once, or where that cannot be recorded, when its hold ends.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<HeldMessage> held)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Transmissions wait for the database: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sender was interrupted")]
    private partial void LogSurprise(Exception exception);
}
