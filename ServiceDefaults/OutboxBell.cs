using System.Threading.Channels;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Wakes the dispatcher after a commit: the one of this process at once, another instance's by a notification of its own. NOTIFY inside
/// the transaction would hold a lock of the whole database server through its commit, so that of all services one commits at a time.
/// </summary>
internal sealed class OutboxBell
{
    private readonly Channel<bool> _work = One();
    private readonly Channel<bool> _calls = One();
    private volatile bool _isLeading;

    /// <summary>There may be something to tell.</summary>
    public void Ring() => (_isLeading ? _work : _calls).Writer.TryWrite(true);

    /// <summary>The dispatcher of this process tells from here on, until it stands down.</summary>
    public void Lead(bool isLeading) => _isLeading = isLeading;

    /// <summary>The dispatcher of another process was told by one that does not lead.</summary>
    public void Called() => _work.Writer.TryWrite(true);

    /// <summary>The leader's wait for the next ring.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(atMost);
        try
        {
            await _work.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It looks anyway.
        }
    }

    /// <summary>The wait of one who does not lead for something that the leader is to be told.</summary>
    public ValueTask<bool> CallAsync(CancellationToken cancellationToken) => _calls.Reader.ReadAsync(cancellationToken);

    private static Channel<bool> One() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
