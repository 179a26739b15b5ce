using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Gives an invoice as the XML (UBL) that another program books, to whoever may see it.</summary>
public sealed class DownloadXml(AskInvoicing invoicing)
{
    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadXml));
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        var xml = await invoicing.DocumentAsync(door.InvoiceId, "ubl", door.Behalf, cancellationToken);
        return xml.Fault is { } fault
            ? page.Show(fault)
            : Results.Bytes(xml.Value.Content.ToByteArray(), "application/xml", Download.NameOf(xml.Value.FileName, door.InvoiceId, "xml"));
    }
}
