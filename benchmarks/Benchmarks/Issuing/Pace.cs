using System.Diagnostics;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>Says how many sales a stream may send next; none ends it.</summary>
internal interface IPace
{
    /// <summary>Waits where nothing may be sent yet.</summary>
    ValueTask<int> NextAsync(CancellationToken cancellation);
}

/// <summary>As fast as the other side takes them, for a time or up to a count.</summary>
internal sealed class AsFastAsTaken(TimeSpan time, long count = long.MaxValue) : IPace
{
    private const int AtOnce = 32;

    private readonly long _began = Stopwatch.GetTimestamp();
    private long _left = count;

    /// <inheritdoc />
    public ValueTask<int> NextAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(_began) >= time)
        {
            return new(0);
        }

        var left = Interlocked.Add(ref _left, -AtOnce) + AtOnce;
        return new((int)Math.Clamp(left, 0, AtOnce));
    }
}

/// <summary>A closed loop around more than the answer: so many may be under way, and how many have come through is looked up.</summary>
internal sealed class AtMostUnderWay(TimeSpan time, int most, Func<CancellationToken, Task<long>> cameThrough) : IPace
{
    private const int AtOnce = 32;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly long _began = Stopwatch.GetTimestamp();
    private long _cameThrough;

    /// <summary>How many it let go.</summary>
    public long Sent { get; private set; }

    /// <inheritdoc />
    public async ValueTask<int> NextAsync(CancellationToken cancellation)
    {
        while (Stopwatch.GetElapsedTime(_began) < time)
        {
            if (Sent - _cameThrough <= most - AtOnce)
            {
                Sent += AtOnce;
                return AtOnce;
            }

            _cameThrough = await cameThrough(cancellation);
            if (Sent - _cameThrough > most - AtOnce)
            {
                await Task.Delay(LookEvery, cancellation);
            }
        }

        return 0;
    }
}
