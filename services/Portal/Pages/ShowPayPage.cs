using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Shows what is to be paid and the ways to pay it; what is paid already says so and offers nothing.</summary>
public sealed class ShowPayPage(AskInvoicing invoicing)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, PayDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPayPage));
        return door.Opened.Fault is { } fault
            ? page.Show(fault)
            : (await BrandedAsync(invoicing, page, door.Opened.Value, cancellationToken)).Show<PayPage, PaymentModel>(
                new PaymentModel
                {
                    Payment = door.Opened.Value,
                    Href = door.Href,
                    InvoiceHref = door.InvoiceHref,
                }
            );
    }

    internal static async Task<PageContext> BrandedAsync(
        AskInvoicing invoicing,
        PageContext page,
        PaymentPage payment,
        CancellationToken cancellationToken
    )
    {
        var seller = await invoicing.SellerAsync(SellerId.Of(payment.SellerId), cancellationToken);
        var branded = ListMyInvoices.Branded(page, seller.Fault is null ? seller.Value : null);
        return branded with { SellerName = branded.SellerName ?? payment.SellerName };
    }
}
