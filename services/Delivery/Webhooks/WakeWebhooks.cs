namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>
/// Wakes those of this process who hear and send for webhooks: after the commit that changed one, or that queued something for one. Those
/// of other instances look anyway.
/// </summary>
public sealed class WakeWebhooks : IDisposable
{
    // The broker may be away: who changed a webhook does not wait for it for ever.
    private static readonly TimeSpan UntilHeard = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _work = new(0);
    private readonly SemaphoreSlim _change = new(0);
    private readonly Lock _lock = new();
    private TaskCompletionSource _look = NextLook();

    /// <summary>There may be something to send.</summary>
    public void Wake() => Ring(_work);

    /// <summary>The sender's wait.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _work.WaitAsync(atMost, cancellationToken);

    /// <summary>A webhook was changed. Waits until its events are heard, though not for long.</summary>
    public async Task ChangedAsync(CancellationToken cancellationToken)
    {
        Task heard;
        lock (_lock)
        {
            heard = _look.Task;
        }

        Ring(_change);
        await heard.WaitAsync(UntilHeard, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The hearer's wait; true where a webhook was changed.</summary>
    public Task<bool> WaitForChangeAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        _change.WaitAsync(atMost, cancellationToken);

    /// <summary>The hearer begins to look; what it gives is to be completed when what was changed before is heard.</summary>
    public TaskCompletionSource BeginLook()
    {
        lock (_lock)
        {
            var look = _look;
            _look = NextLook();
            return look;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _work.Dispose();
        _change.Dispose();
    }

    private static TaskCompletionSource NextLook() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Ring(SemaphoreSlim bell)
    {
        if (bell.CurrentCount == 0)
        {
            bell.Release();
        }
    }
}
