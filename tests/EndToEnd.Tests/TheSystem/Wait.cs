using System.Diagnostics;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>Waits for a condition of a system of many processes: looked at again and again, with an end.</summary>
internal static class Wait
{
    /// <summary>For what takes a moment: long enough for a machine that is busy with other things, and only a failure takes all of it.</summary>
    public static readonly TimeSpan Generous = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>What the probe gives once it gives something; fails by name when the time is up.</summary>
    public static async Task<T> ForAsync<T>(string what, TimeSpan atMost, Func<Task<T?>> probe)
        where T : class
    {
        var began = Stopwatch.GetTimestamp();
        var trouble = "";
        using var tick = new PeriodicTimer(Pause);
        do
        {
            try
            {
                if (await probe() is { } found)
                {
                    return found;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
            {
                // A process that is just coming back does not answer; that is what is being waited for.
                trouble = $" ({exception.Message})";
            }
        } while (Stopwatch.GetElapsedTime(began) < atMost && await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken));

        throw new TimeoutException($"{what}: not within {atMost.TotalSeconds:0} s{trouble}");
    }

    /// <summary>Until the condition holds.</summary>
    public static Task UntilAsync(string what, TimeSpan atMost, Func<Task<bool>> holds) =>
        ForAsync(what, atMost, async () => await holds() ? what : null);

    /// <summary>Until the value is the expected one; fails telling the last one seen.</summary>
    public static async Task EqualAsync<T>(string what, TimeSpan atMost, T expected, Func<Task<T>> actual)
    {
        var last = default(T);
        try
        {
            await UntilAsync(what, atMost, async () => EqualityComparer<T>.Default.Equals(last = await actual(), expected));
        }
        catch (TimeoutException exception)
        {
            Assert.Fail($"{exception.Message}: expected {expected}, last seen {last}");
        }
    }
}
