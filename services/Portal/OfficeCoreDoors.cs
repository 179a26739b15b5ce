using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Invoices;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal;

/// <summary>The office's pages of invoices, customers and reports, and what the first page follows.</summary>
public static class OfficeCoreDoors
{
    /// <summary>The use cases behind them.</summary>
    public static void AddOfficeCore(this IServiceCollection services)
    {
        services.AddSingleton<ShowInvoices>().AddSingleton<ShowSellersInvoice>().AddSingleton<ShowCorrection>();
        services.AddSingleton<ActOnInvoice>().AddSingleton<ExchangeForTickets>().AddSingleton<DownloadDocumentFile>();
    }

    /// <summary>The pages.</summary>
    public static void MapOfficeCore(this IEndpointRouteBuilder office)
    {
        MapInvoices(office.MapGroup("/invoices"));
    }

    private static void MapInvoices(RouteGroupBuilder pages)
    {
        pages.MapPage("", (ShowInvoices slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/exchange", (ExchangeForTickets slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/exchange", (ExchangeForTickets slice, AskOffice office, Form form) => slice.SendAsync(office, form));
        pages.MapPage(
            "/{invoiceId}",
            (ShowSellersInvoice slice, AskOffice office, string invoiceId) => slice.HandleAsync(office, invoiceId)
        );
        pages.MapPage(
            "/{invoiceId}/correct",
            (ShowCorrection slice, AskOffice office, string invoiceId) => slice.HandleAsync(office, invoiceId)
        );
        pages.MapPost(
            "/{invoiceId}/correct/{way}",
            (ActOnInvoice slice, AskOffice office, string invoiceId, string way, Form form) =>
                slice.CorrectAsync(office, invoiceId, way, form)
        );
        pages.MapPost(
            "/{invoiceId}/cancel",
            (ActOnInvoice slice, AskOffice office, string invoiceId, Form form) => slice.CancelAsync(office, invoiceId, form)
        );
        pages.MapPage(
            "/{invoiceId}/document/{format}",
            (DownloadDocumentFile slice, AskOffice office, string invoiceId, string format) => slice.HandleAsync(office, invoiceId, format)
        );
        pages.MapPage(
            "/{invoiceId}/pdf",
            (DownloadPdf slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        pages.MapPage(
            "/{invoiceId}/xml",
            (DownloadXml slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        pages.MapPage(
            "/{invoiceId}/qr.svg",
            (ShowTaxQr slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
    }
}
