namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// Whether providers tell more at once than this machine can also book: while they do they are only answered, and what they told is booked
/// at the first pause, or after so long in spite of it.
/// </summary>
public sealed class NoticeRush(int perSecond, TimeSpan patience, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private long _began = clock.GetTimestamp();
    private int _count;
    private long? _since;

    /// <summary>So many notices were kept.</summary>
    public void Add(int notices)
    {
        lock (_lock)
        {
            Look();
            _count += notices;
        }
    }

    /// <summary>Whether booking waits.</summary>
    public bool HoldsUp()
    {
        lock (_lock)
        {
            Look();
            return _since is { } since && clock.GetElapsedTime(since) < patience;
        }
    }

    /// <summary>Judges the window that ended; two that passed without a look are a pause.</summary>
    private void Look()
    {
        var passed = clock.GetElapsedTime(_began);
        if (passed < Window)
        {
            return;
        }

        var isRush = passed < 2 * Window && _count > perSecond * passed.TotalSeconds;
        _since = isRush ? _since ?? _began : null;
        (_began, _count) = (clock.GetTimestamp(), 0);
    }
}
