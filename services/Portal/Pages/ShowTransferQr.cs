using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Draws the QR that a bank's app reads a transfer from (EPC069-12).</summary>
public static class ShowTransferQr
{
    /// <summary>The picture.</summary>
    public static IResult Handle(PageContext page, PayDoor door) =>
        door.Opened.Fault is { } fault ? page.Show(fault)
        : door.Opened.Value.Transfer is not { HasEpcPayload: true, EpcPayload: { Length: > 0 and <= 1000 } payload }
            ? page.Show(PortalFaults.NotFound.With())
        : Results.Text(Qr.Svg(payload), "image/svg+xml");
}
