using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Gives an invoice as PDF to whoever may see it, rendered as it is asked for.</summary>
public sealed class DownloadPdf(AskDelivery delivery)
{
    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadPdf));
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        var pdf = await delivery.PdfAsync(door.InvoiceId, door.Behalf, cancellationToken);
        return pdf.Fault is { } fault
            ? page.Show(fault)
            : Results.Bytes(pdf.Value.Content.ToByteArray(), "application/pdf", Download.NameOf(pdf.Value.FileName, door.InvoiceId, "pdf"));
    }
}
