using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>
/// How far behind the reports are: the age of the oldest event in hand; nothing where none is. While the broker is away nobody knows,
/// and the age of the last moment that it was there stands for it.
/// </summary>
public sealed class Feed
{
    private readonly ConcurrentDictionary<InHand, DateTimeOffset> _inHand = new();
    private long _heardAt;

    /// <summary>Tells the lag as a metric, in milliseconds, as it is at the moment it is looked at.</summary>
    public void Measure(Func<TimeSpan> lag) =>
        Telemetry.Meter.CreateObservableGauge("retail.reporting.lag", () => new Measurement<double>(lag().TotalMilliseconds), "ms");

    /// <summary>An event is in hand until the result is disposed.</summary>
    public IDisposable Take(DateTimeOffset happenedAt)
    {
        var inHand = new InHand(this);
        _inHand[inHand] = happenedAt;
        return inHand;
    }

    /// <summary>How far behind at this instant.</summary>
    public TimeSpan LagAt(DateTimeOffset now, bool brokerIsThere)
    {
        var ages = _inHand.Values.Select(happenedAt => now - happenedAt).ToList();
        var heardAt = Interlocked.Read(ref _heardAt);
        if (brokerIsThere || heardAt == 0)
        {
            Interlocked.Exchange(ref _heardAt, now.UtcTicks);
        }
        else
        {
            ages.Add(now - new DateTimeOffset(heardAt, TimeSpan.Zero));
        }

        return ages.Append(TimeSpan.Zero).Max();
    }

    private sealed class InHand(Feed feed) : IDisposable
    {
        public void Dispose() => feed._inHand.TryRemove(this, out _);
    }
}
