using System.Threading.Channels;

namespace RetailInvoicing.Payments.Providers;

/// <summary>Rung by whoever has made work; whoever does the work waits for it, and after a while looks anyway.</summary>
internal sealed class Bell
{
    private readonly Channel<byte> _calls = Channel.CreateBounded<byte>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>There is something to do.</summary>
    public void Ring() => _calls.Writer.TryWrite(0);

    /// <summary>Until somebody rings, or that long.</summary>
    public async Task HearAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(atMost);
        try
        {
            await _calls.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody rang: look anyway.
        }
    }
}
