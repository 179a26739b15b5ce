using System.Diagnostics;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>A notice that was sent: when it should have been, how long its answer took from then, and how late it was begun.</summary>
internal readonly record struct SentNotice(DateTimeOffset Due, double AnsweredMs, double BegunLateMs, bool IsTaken);

/// <summary>
/// Notices sent at a given rate whether the last ones are answered or not. Each is timed from when it should have been sent: one that had to
/// wait has waited (coordinated omission).
/// </summary>
internal static class NoticeLoad
{
    /// <summary>Sends them all.</summary>
    public static async Task<SentNotice[]> SendAsync(
        HttpClient http,
        IReadOnlyList<Func<HttpRequestMessage>> notices,
        double perSecond,
        CancellationToken cancellation
    )
    {
        var sent = new Task<SentNotice>[notices.Count];
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var (began, wall) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        for (var i = 0; i < notices.Count; i++)
        {
            var due = began + (long)(i * Stopwatch.Frequency / perSecond);
            while (Stopwatch.GetTimestamp() < due)
            {
                await tick.WaitForNextTickAsync(cancellation);
            }

            sent[i] = OneAsync(http, notices[i], due, wall + Stopwatch.GetElapsedTime(began, due), cancellation);
        }

        return await Task.WhenAll(sent);
    }

    private static async Task<SentNotice> OneAsync(
        HttpClient http,
        Func<HttpRequestMessage> notice,
        long due,
        DateTimeOffset wall,
        CancellationToken cancellation
    )
    {
        // Not in the loop that keeps the time.
        await Task.Yield();
        var late = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
        using var request = notice();
        using var answer = await http.SendAsync(request, cancellation);
        await answer.Content.ReadAsByteArrayAsync(cancellation);
        return new SentNotice(wall, Stopwatch.GetElapsedTime(due).TotalMilliseconds, late, answer.IsSuccessStatusCode);
    }
}
