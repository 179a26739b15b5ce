using System.Threading.Channels;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>Tells whoever watches the held returns to look now: an invoice was issued that one may be waiting for, or one was held.</summary>
public sealed class WakeHeldReturns
{
    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Look now.</summary>
    public void Look() => _look.Writer.TryWrite(true);

    /// <summary>Waits for the next reason to look.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _look.Reader.ReadAsync(cancellationToken);
}
