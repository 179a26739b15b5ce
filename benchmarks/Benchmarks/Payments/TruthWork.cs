namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>The payments still to be made, in their order; it gives out no more than the killer allows.</summary>
internal sealed class TruthWork(int count)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;
    private int _limit;

    /// <summary>The first so many may be given out.</summary>
    public void Allow(int limit)
    {
        lock (_lock)
        {
            _limit = Math.Clamp(limit, _limit, count);
            _more.TrySetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The next one; none when all were given out.</summary>
    public async Task<int?> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_next < _limit)
                {
                    return _next++;
                }

                if (_next == count)
                {
                    return null;
                }

                more = _more.Task;
            }

            await more.WaitAsync(cancellation);
        }
    }
}
