using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Short messages go to sellers' gateways side by side; of each seller only some, so that a gateway that hangs holds up no other.</summary>
public sealed partial class SendShortMessages(
    TakeTransmissions take,
    HandOverMessage handOver,
    GatewayChannel gateway,
    WakeSenders senders,
    Grace grace,
    DeliveryOptions options,
    TimeProvider clock,
    ILogger<SendShortMessages> log
)
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    /// <summary>They are looked for no oftener: to look after every commit of a busy queue of mails would cost more than it brings.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>Until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
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
                        .. running.GroupBy(each => each.Seller).Where(each => each.Count() >= take.MostOfASeller).Select(each => each.Key),
                    ];
                    var wanted = options.GatewaysAtOnce - running.Count;
                    foreach (var held in await take.TakeShortAsync(wanted, busy, grace.IsOverAt(clock.GetUtcNow()), stoppingToken))
                    {
                        running.Add((held.SellerId, SendShortAsync(held, stoppingToken)));
                    }
                }

                if (running.Count == before)
                {
                    await Task.Delay(BetweenLooks, stoppingToken);
                    await Task.WhenAny([senders.WaitAsync(seen, LookAnyway, stoppingToken), .. running.Select(each => each.Task)]);
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
            if (await handOver.WriteAsync(held, stoppingToken) is { } message && await handOver.StepAsync(null, held) is { } attempt)
            {
                var ending = await handOver.SendAsync(gateway, held, attempt, message);
                if (ending is not null)
                {
                    await handOver.StepAsync(ending, null);
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
            await handOver.ReleaseAsync([held]);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Purpose} {TransmissionId} was let go while it was written: {Reason}")]
    private partial void LogDropped(string purpose, TransmissionId transmissionId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sender was interrupted")]
    private partial void LogSurprise(Exception exception);
}
