using System.Collections.Concurrent;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>
/// How far behind the reports are: the age of the oldest event in hand; nothing where none is. While the broker is away nobody knows,
/// and the age of the last moment that it was there stands for it.
/// </summary>
public sealed class SalesFeed
{
    private readonly ConcurrentDictionary<InHand, DateTimeOffset> _inHand = new();
    private long _heardAt;

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

    private sealed class InHand(SalesFeed feed) : IDisposable
    {
        public void Dispose() => feed._inHand.TryRemove(this, out _);
    }
}
