using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Customers;
using RetailInvoicing.Portal.Office.Invoices;
using RetailInvoicing.Portal.Office.Reports;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.Office.Today;
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
        services.AddSingleton<FollowLive>();
        services.AddSingleton<ShowCustomers>().AddSingleton<ShowCustomer>();
        services.AddSingleton<ShowReports>().AddSingleton<DownloadReport>().AddSingleton<ShowSchedules>();
    }

    /// <summary>The pages.</summary>
    public static void MapOfficeCore(this IEndpointRouteBuilder office)
    {
        MapInvoices(office.MapGroup("/invoices"));
        office.MapPage("/live", (FollowLive slice, AskOffice office) => slice.HandleAsync(office));
        MapCustomers(office.MapGroup("/customers"));
        MapReports(office.MapGroup("/reports"));
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

    private static void MapCustomers(RouteGroupBuilder pages)
    {
        pages.MapPage("", (ShowCustomers slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPage("/{customerId}", (ShowCustomer slice, AskOffice office, string customerId) => slice.HandleAsync(office, customerId));
        pages.MapPage(
            "/{customerId}/statement.pdf",
            (ShowCustomer slice, AskOffice office, string customerId) => slice.StatementAsync(office, customerId)
        );
    }

    private static void MapReports(RouteGroupBuilder pages)
    {
        pages.MapPage("", (ShowReports slice, AskOffice office) => slice.ListAsync(office));
        pages.MapPage("/schedules", (ShowSchedules slice, AskOffice office) => slice.HandleAsync(office));
        pages.MapPost("/schedules", (ShowSchedules slice, AskOffice office, Form form) => slice.KeepAsync(office, form));
        pages.MapPost("/schedules/removal", (ShowSchedules slice, AskOffice office, Form form) => slice.RemoveAsync(office, form));
        pages.MapPage("/sales/invoices", (ShowReports slice, AskOffice office) => slice.InvoicesAsync(office));
        pages.MapPage("/{name}", (ShowReports slice, AskOffice office, string name) => slice.HandleAsync(office, name));
        pages.MapPage("/{name}/file", (DownloadReport slice, AskOffice office, string name) => slice.HandleAsync(office, name));
    }
}
