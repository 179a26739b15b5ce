using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>An invoice in a format of Invoicing's, as its own door gives it; what a format cannot hold is said in words.</summary>
public sealed class DownloadDocumentFile
{
    /// <summary>The formats beside PDF and UBL.</summary>
    public static readonly IReadOnlyList<(string Format, string Name)> Names =
    [
        ("cii", "XML (CII)"),
        ("facturae", "Facturae"),
        ("verifactu", "Veri*factu"),
        ("json", "JSON"),
    ];

    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(AskOffice office, string invoiceId, string format)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadDocumentFile));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        if (!InvoiceId.TryParse(invoiceId, out var id) || !Names.Any(each => each.Format == format))
        {
            return office.Page.Show(PortalFaults.NotFound.With());
        }

        var file = await office.FileAsync("invoicing", $"/v1/invoices/{id}/document?format={format}");
        return file.Refused(out var fault) ? office.Page.Show(fault)
            : format == "json" ? Results.Stream(file.Value, "application/json; charset=utf-8", $"{id}.json")
            : Results.Stream(file.Value, "application/xml", $"{id}.{format}.xml");
    }
}
