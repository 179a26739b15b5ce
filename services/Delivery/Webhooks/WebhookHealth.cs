namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>How an endpoint has fared, and what follows from it: who fails rests, who fails for days is disabled.</summary>
public sealed record WebhookHealth
{
    /// <summary>Why an endpoint is disabled that answered 410.</summary>
    public const string Gone = "gone";

    /// <summary>Why an endpoint is disabled that did nothing but fail.</summary>
    public const string Failing = "failing";

    /// <summary>From so many failures in a row on it gets one call at a time, and rests between them.</summary>
    public const int Ill = 3;

    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(24);

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Since when there is nothing but failures.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Until when nothing goes there.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Why it is disabled from now on.</summary>
    public string? Disabled { get; init; }

    /// <summary>After one more failure, of an attempt that began then.</summary>
    public WebhookHealth AfterFailure(DateTimeOffset began, DateTimeOffset now, bool isGone, TimeSpan? retryAfter, WebhookOptions options)
    {
        var failures = Math.Min(Failures, int.MaxValue - 1) + 1;
        var since = FailingSince < began ? FailingSince : began;
        var rest =
            failures < Ill
                ? TimeSpan.Zero
                : TimeSpan.FromMilliseconds(
                    Math.Min(
                        options.PauseBase.TotalMilliseconds * Math.Pow(2, Math.Min(failures - Ill, 30)),
                        options.PauseCap.TotalMilliseconds
                    )
                );
        if (retryAfter is { } asked)
        {
            rest = Longer(rest, Shorter(asked, LongestAsked));
        }

        var until = now + rest;
        return new WebhookHealth
        {
            Failures = failures,
            FailingSince = since,
            PausedUntil = rest == TimeSpan.Zero || until < PausedUntil ? PausedUntil : until,
            Disabled =
                isGone ? Gone
                : now - since >= options.GiveUpAfter ? Failing
                : null,
        };
    }

    /// <summary>
    /// When a delivery is tried again after so many failures; nothing where it is given up. The last attempt is made when its time is over.
    /// </summary>
    /// <param name="failures">Attempts so far, all in vain.</param>
    /// <param name="first">When the first was made.</param>
    /// <param name="now">The present.</param>
    /// <param name="random">Between 0 and 1, so that not everything comes back at once.</param>
    /// <param name="retryAfter">How long the server asked to be left alone.</param>
    /// <param name="options">The pauses.</param>
    public static DateTimeOffset? NextAttempt(
        int failures,
        DateTimeOffset first,
        DateTimeOffset now,
        double random,
        TimeSpan? retryAfter,
        WebhookOptions options
    )
    {
        var end = first + options.GiveUpAfter;
        if (now >= end)
        {
            return null;
        }

        var wait = options.Waits[Math.Clamp(failures - 1, 0, options.Waits.Count - 1)] * (0.9 + random / 5);
        if (retryAfter is { } asked)
        {
            wait = Longer(wait, Shorter(asked, LongestAsked));
        }

        return now + wait < end ? now + wait : end;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
