namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// Wakes the senders of this process, after the commit that queued. Those of other instances look anyway; NOTIFY in a busy queue's
/// transactions would have the whole database server commit one at a time.
/// </summary>
public sealed class WakeSenders(DeliveryOptions options) : IDisposable
{
    private readonly SemaphoreSlim _work = new(0);

    /// <summary>There may be something to send, for all of them.</summary>
    public void Wake()
    {
        if (_work.CurrentCount < options.Parallel)
        {
            _work.Release(options.Parallel - _work.CurrentCount);
        }
    }

    /// <summary>A sender's wait; false where nothing came so long.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _work.WaitAsync(atMost, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _work.Dispose();
}
