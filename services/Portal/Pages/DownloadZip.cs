using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Gives an invoice as PDF and XML in one ZIP to whoever may see it.</summary>
public sealed class DownloadZip(AskDelivery delivery, AskInvoicing invoicing)
{
    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadZip));
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        var invoice = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        if (invoice.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var files = await FilesAsync(door.InvoiceId, door.Behalf, delivery, invoicing, cancellationToken);
        return files.Count == 0
            ? page.Show(PortalFaults.Away.With())
            : Results.Bytes(Zip.Of(files), "application/zip", Download.NameOf($"{invoice.Value.Number}.zip", door.InvoiceId, "zip"));
    }

    /// <summary>What can be had of it; the PDF at the least, or nothing.</summary>
    internal static async Task<IReadOnlyList<ZipFile>> FilesAsync(
        InvoiceId invoice,
        OnBehalfOf behalf,
        AskDelivery delivery,
        AskInvoicing invoicing,
        CancellationToken cancellationToken
    )
    {
        var pdfAsked = delivery.PdfAsync(invoice, behalf, cancellationToken);
        var xml = await invoicing.DocumentAsync(invoice, "ubl", behalf, cancellationToken);
        var pdf = await pdfAsked;
        if (pdf.Fault is not null)
        {
            return [];
        }

        var files = new List<ZipFile> { new(Download.NameOf(pdf.Value.FileName, invoice, "pdf"), pdf.Value.Content.ToByteArray()) };
        if (xml.Fault is null)
        {
            files.Add(new ZipFile(Download.NameOf(xml.Value.FileName, invoice, "xml"), xml.Value.Content.ToByteArray()));
        }

        return files;
    }
}
