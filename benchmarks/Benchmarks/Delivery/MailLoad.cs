using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Benchmarks.Delivery;

/// <summary>How long posts took to their answer and to the acceptance of their mail, from when they should have been posted.</summary>
internal sealed record MailTimes(
    IReadOnlyList<double> ToAnswerMs,
    IReadOnlyList<double> ToInboxMs,
    IReadOnlyList<double> BegunLateMs,
    int Refused,
    int Doubled,
    double MailBytes
);

/// <summary>
/// Sales posted at a given rate, whether the last ones are answered or not. Each is timed from when it should have been posted: one that
/// had to wait has waited (coordinated omission). A mail has arrived when the server's acceptance is written.
/// </summary>
internal sealed class MailLoad(HttpClient till, SmtpSink sink)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private int _next;

    /// <summary>A number that no sale has had.</summary>
    public int NextNumber() => _next++;

    /// <summary>Posts for so long and waits for every mail of it; a mail that does not come fails the benchmark.</summary>
    public async Task<MailTimes> RunAsync(double perSecond, TimeSpan time, CancellationToken cancellation)
    {
        var count = (int)(perSecond * time.TotalSeconds);
        var (first, seen) = (_next, sink.Count);
        _next += count;
        var posts = new Task<Posted>[count];
        using (var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1)))
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                var due = began + (long)(i * Stopwatch.Frequency / perSecond);
                while (Stopwatch.GetTimestamp() < due)
                {
                    await tick.WaitForNextTickAsync(cancellation);
                }

                posts[i] = PostAsync(first + i, due, cancellation);
            }
        }

        var posted = await Task.WhenAll(posts);
        var issued = posted.Where(post => post.IsIssued).ToDictionary(post => post.Recipient, StringComparer.Ordinal);
        var (mails, doubled) = await ArrivedAsync(issued, seen, cancellation);
        return new MailTimes(
            [.. issued.Values.Select(post => Milliseconds(post.Due, post.AnsweredAt))],
            [.. mails.Select(mail => Milliseconds(issued[mail.Recipient].Due, mail.AcceptedAt))],
            [.. posted.Select(post => Milliseconds(post.Due, post.BegunAt))],
            posted.Length - issued.Count,
            doubled,
            mails.Count > 0 ? mails.Average(mail => (double)mail.Bytes) : 0
        );
    }

    private async Task<Posted> PostAsync(int number, long due, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await till.PostAsJsonAsync("/v1/sales", BasketSale.Of(number), Wire.Tolerant, cancellation);
        // What a rate is too high for may be told to come later; a sale that is refused for what it is would be a mistake of ours.
        var isPutOff = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        if (!isPutOff && answer.StatusCode != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"a sale was not issued: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }

        return new Posted(BasketSale.RecipientOf(number), due, begun, Stopwatch.GetTimestamp(), !isPutOff);
    }

    private async Task<(IReadOnlyList<SunkMail> Mails, int Doubled)> ArrivedAsync(
        Dictionary<string, Posted> expected,
        int seen,
        CancellationToken cancellation
    )
    {
        var arrived = new Dictionary<string, SunkMail>(expected.Count, StringComparer.Ordinal);
        var doubled = 0;
        using var tick = new PeriodicTimer(LookEvery);
        for (var last = Stopwatch.GetTimestamp(); ; await tick.WaitForNextTickAsync(cancellation))
        {
            foreach (var mail in sink.Since(seen))
            {
                (seen, last) = (seen + 1, Stopwatch.GetTimestamp());
                if (expected.ContainsKey(mail.Recipient) && !arrived.TryAdd(mail.Recipient, mail))
                {
                    doubled++;
                }
            }

            if (arrived.Count == expected.Count)
            {
                return ([.. arrived.Values], doubled);
            }

            if (Stopwatch.GetElapsedTime(last) > Patience)
            {
                throw new TimeoutException(
                    $"of {expected.Count} mails {expected.Count - arrived.Count} have not come, and none has for {Patience.TotalSeconds:0} s"
                );
            }
        }
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private sealed record Posted(string Recipient, long Due, long BegunAt, long AnsweredAt, bool IsIssued);
}
