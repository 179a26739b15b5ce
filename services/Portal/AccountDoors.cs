using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal;

/// <summary>A customer's account with the shop of an invoice, and saying that something about the invoice is wrong.</summary>
public static class AccountDoors
{
    /// <summary>The use cases behind it.</summary>
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddSingleton<AskCollections>();
        services.AddSingleton<ShowAccount>().AddSingleton<DownloadAccount>().AddSingleton<ShowDispute>().AddSingleton<RaiseDispute>();
    }

    /// <summary>The pages: whose they are, the invoice of the address says.</summary>
    public static void MapAccount(this WebApplication app)
    {
        var invoice = app.MapGroup("/invoices/{invoiceId}").ForTheSignedIn();
        invoice.MapPage("/account", Account);
        invoice.MapPage("/account/pdf", AccountPdf);
        invoice.MapPage("/dispute", Dispute);
        invoice.MapPost("/dispute", Raise).Once();
    }

    private static Task<IResult> Account(ShowAccount slice, PageContext page, InvoiceDoor door, CancellationToken ct) =>
        slice.HandleAsync(page, door, ct);

    private static Task<IResult> AccountPdf(DownloadAccount slice, PageContext page, InvoiceDoor door, CancellationToken ct) =>
        slice.HandleAsync(page, door, ct);

    private static Task<IResult> Dispute(ShowDispute slice, string? sent, PageContext page, InvoiceDoor door, CancellationToken ct) =>
        slice.HandleAsync(page, door, sent is not null, ct);

    private static Task<IResult> Raise(RaiseDispute slice, PageContext page, InvoiceDoor door, Form form, CancellationToken ct) =>
        slice.HandleAsync(page, door, form, ct);
}
