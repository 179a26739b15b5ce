using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Gives a customer the statement of account with the shop of an invoice as PDF.</summary>
public sealed class DownloadAccount(AskInvoicing invoicing, AskCollections collections)
{
    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadAccount));
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        var asked = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        if (asked.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var pdf = await collections.StatementPdfAsync(door.Behalf with { SellerId = asked.Value.SellerId }, cancellationToken);
        return pdf.Fault is { } none
            ? page.Show(none)
            : Results.Bytes(pdf.Value.Content.ToByteArray(), "application/pdf", Download.NameOf(pdf.Value.FileName, door.InvoiceId, "pdf"));
    }
}
