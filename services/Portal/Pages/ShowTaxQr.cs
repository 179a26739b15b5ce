using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Draws the tax QR of an invoice, with which anyone can check at the agency that it was declared.</summary>
public sealed class ShowTaxQr(AskInvoicing invoicing)
{
    /// <summary>The picture.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        var invoice = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        return invoice.Fault is { } fault ? page.Show(fault)
            : invoice.Value.Fiscal.QrUrl is not { Length: > 0 and <= 1000 } url ? page.Show(PortalFaults.NotFound.With())
            : Results.Text(Qr.Svg(url), "image/svg+xml");
    }
}
