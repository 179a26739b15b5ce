namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>A clock that says what it is told. Its timers are the machine's: nothing that waits for a moment waits for a simulated year.</summary>
internal sealed class SimulatedClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;
}
