using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Retail.Replay;

/// <summary>A way into Invoicing: NDJSON over HTTP, a gRPC stream, or the bus.</summary>
public interface ISaleDoor : IAsyncDisposable
{
    /// <summary>
    /// Posts the sales in order and gives back the answers as they come; where the door breaks it throws, and what was not answered may
    /// be sent again.
    /// </summary>
    IAsyncEnumerable<SaleOutcome> SendAsync(IReadOnlyList<SalePosted> sales, CancellationToken cancellation);
}
