using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Claims;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Me;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal;

/// <summary>The customer's pages: invoices, what was spent, paying, a full invoice for tickets, and one's own data.</summary>
public static class CustomerDoors
{
    /// <summary>The use cases behind them.</summary>
    public static void AddCustomers(this IServiceCollection services)
    {
        services.AddSingleton<AskCustomers>().AddSingleton<AskPersonal>();
        services.AddSingleton<FindStanding>().AddSingleton<ListMyInvoices>().AddSingleton<ShowSpending>().AddSingleton<DownloadMany>();
        services.AddSingleton<ShowInvoice>().AddSingleton<ShowTaxQr>().AddSingleton<DownloadPdf>().AddSingleton<DownloadXml>();
        services.AddSingleton<DownloadZip>().AddSingleton<ShowPromise>().AddSingleton<MakePromise>();
        services.AddSingleton<ShowBuyer>().AddSingleton<CorrectBuyer>().AddSingleton<ShowClaim>().AddSingleton<ClaimInvoice>();
        services.AddSingleton<ShowMe>().AddSingleton<SayConsent>().AddSingleton<DownloadMe>().AddSingleton<ShowErasure>();
        services.AddSingleton<EraseMe>().AddSingleton<ShowPayPage>().AddSingleton<ShowPaidPage>().AddSingleton<ShowBackPage>();
        services.AddSingleton<PayInvoice>().AddSingleton<FindTestBank>();
    }

    /// <summary>The pages.</summary>
    public static void MapCustomers(this WebApplication app)
    {
        var mine = app.MapGroup("/invoices").ForTheSignedIn();
        mine.MapPage(
            "",
            (ListMyInvoices slice, PageContext p, Visitor v, ListFilter f, CancellationToken c) => slice.HandleAsync(p, v, f, c)
        );
        mine.MapPage(
            "/zip",
            (DownloadMany slice, PageContext p, Visitor v, ListFilter f, CancellationToken c) => slice.HandleAsync(p, v, f, c)
        );
        mine.MapPage(
            "/{invoiceId}",
            (ShowInvoice slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        mine.MapPage(
            "/{invoiceId}/pdf",
            (DownloadPdf slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        mine.MapPage(
            "/{invoiceId}/xml",
            (DownloadXml slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        mine.MapPage(
            "/{invoiceId}/zip",
            (DownloadZip slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        mine.MapPage(
            "/{invoiceId}/qr.svg",
            (ShowTaxQr slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        MapActs(mine);
        app.MapGroup("/spending")
            .ForTheSignedIn()
            .MapPage(
                "",
                (ShowSpending slice, PageContext p, Visitor v, int? year, CancellationToken c) => slice.HandleAsync(p, v, year, c)
            );
        MapPaying(mine.MapGroup("/{invoiceId}/pay"));
        MapPaying(app.MapGroup("/pay/{token}"));
        MapClaim(app.MapGroup("/claim").ForTheSignedIn());
        MapMe(app.MapGroup("/me").ForTheSignedIn());
        app.MapPage("/manifest.webmanifest", OwnFiles.Manifest).ForNobody();
        app.MapPage("/assets/icon-{size:int}.png", OwnFiles.AppIcon).ForNobody();
        app.MapPage("/assets/scan.{version}.js", OwnFiles.ScanScript).ForNobody();
    }

    private static void MapActs(RouteGroupBuilder mine)
    {
        mine.MapPage(
            "/{invoiceId}/promise",
            (ShowPromise slice, string? made, PageContext p, InvoiceDoor door, CancellationToken c) =>
                slice.HandleAsync(p, door, made is not null, c)
        );
        mine.MapPost(
                "/{invoiceId}/promise",
                (MakePromise slice, PageContext p, InvoiceDoor door, Form form, CancellationToken c) => slice.HandleAsync(p, door, form, c)
            )
            .Once();
        mine.MapPage(
            "/{invoiceId}/buyer",
            (ShowBuyer slice, PageContext p, InvoiceDoor door, CancellationToken c) => slice.HandleAsync(p, door, c)
        );
        mine.MapPost(
            "/{invoiceId}/buyer",
            (CorrectBuyer slice, PageContext p, InvoiceDoor door, Form form, CancellationToken c) => slice.HandleAsync(p, door, form, c)
        );
    }

    private static void MapPaying(RouteGroupBuilder pay)
    {
        pay.MapPage("", (ShowPayPage slice, PageContext p, PayDoor door, CancellationToken c) => slice.HandleAsync(p, door, c));
        pay.MapPost(
            "",
            (PayInvoice slice, PageContext p, PayDoor door, Form form, CancellationToken c) => slice.HandleAsync(p, door, form, c)
        );
        pay.MapPage(
            "/done",
            (ShowPaidPage slice, string? before, PageContext p, PayDoor door, CancellationToken c) => slice.HandleAsync(before, p, door, c)
        );
        pay.MapPage("/back", ShowBackPage.Handle);
        pay.MapPage("/transfer.svg", ShowTransferQr.Handle);
    }

    private static void MapClaim(RouteGroupBuilder claim)
    {
        claim.MapPage(
            "",
            (ShowClaim slice, string? ticket, PageContext p, Visitor v, CancellationToken c) => slice.HandleAsync(p, v, ticket, c)
        );
        claim.MapPost(
            "",
            (ClaimInvoice slice, PageContext p, Visitor v, Form form, CancellationToken c) => slice.HandleAsync(p, v, form, c)
        );
    }

    private static void MapMe(RouteGroupBuilder me)
    {
        me.MapPage("", (ShowMe slice, string? done, PageContext p, Visitor v, CancellationToken c) => slice.HandleAsync(p, v, done, c));
        me.MapPost(
            "/consent",
            (SayConsent slice, PageContext p, Visitor v, Form form, CancellationToken c) => slice.HandleAsync(p, v, form, c)
        );
        me.MapPage("/export", (DownloadMe slice, PageContext p, Visitor v, CancellationToken c) => slice.HandleAsync(p, v, c));
        me.MapPage("/erase", (ShowErasure slice, PageContext p, Visitor v, CancellationToken c) => slice.HandleAsync(p, v, c));
        me.MapPost("/erase", (EraseMe slice, PageContext p, Visitor v, Form form, HttpContext http) => slice.HandleAsync(p, v, form, http));
    }
}
