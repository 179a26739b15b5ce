using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace RetailInvoicing.Benchmarks;

/// <summary>Waits until nothing is waited for any more, or until what is does not change.</summary>
internal static class EnduranceQuiet
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SaysEvery = TimeSpan.FromSeconds(10);

    // What comes and goes for ever, such as a message that is put back each time, moves too.
    private static readonly TimeSpan NoLongerThan = TimeSpan.FromHours(1);

    /// <summary>True when nothing waits; false where nothing has moved for so long. What waits is said in words, none where nothing does.</summary>
    public static async Task<bool> WaitAsync(
        Func<CancellationToken, Task<string>> waiting,
        TimeSpan standsStill,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        using var tick = new PeriodicTimer(Every);
        var began = Stopwatch.GetTimestamp();
        var (last, moved, said) = ("", began, began);
        while (true)
        {
            string waits;
            try
            {
                waits = await waiting(cancellation);
            }
            catch (Exception exception)
                when (!cancellation.IsCancellationRequested
                    && exception
                        is NpgsqlException
                            or HttpRequestException
                            or IOException
                            or TaskCanceledException
                            or JsonException
                            or RabbitMQ.Client.Exceptions.RabbitMQClientException
                )
            {
                waits = exception.Message;
            }

            if (waits.Length == 0)
            {
                return true;
            }

            if (waits != last)
            {
                (last, moved) = (waits, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(moved) > standsStill)
            {
                say($"nothing moves any more: {waits}");
                return false;
            }

            if (Stopwatch.GetElapsedTime(began) > NoLongerThan)
            {
                say($"it does not come to rest: {waits}");
                return false;
            }

            if (Stopwatch.GetElapsedTime(said) > SaysEvery)
            {
                said = Stopwatch.GetTimestamp();
                say(waits);
            }

            await tick.WaitForNextTickAsync(cancellation);
        }
    }
}
