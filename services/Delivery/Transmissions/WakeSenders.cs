namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// Wakes the senders of this process, after the commit that queued. Those of other instances look anyway; NOTIFY in a busy queue's
/// transactions would have the whole database server commit one at a time.
/// </summary>
public sealed class WakeSenders
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _calls;

    /// <summary>How often it was called; a sender that remembers the number sees whether there was a call since.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>There may be something to send, for all of them.</summary>
    public void Wake()
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>A sender's wait for a call after those it has seen; false where none came so long.</summary>
    public async Task<bool> WaitAsync(long seen, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var next = Volatile.Read(ref _next).Task;
        if (Calls != seen)
        {
            return true;
        }

        try
        {
            await next.WaitAsync(atMost, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
