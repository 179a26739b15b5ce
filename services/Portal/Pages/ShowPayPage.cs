using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Shows what is to be paid and the ways to pay it; what is paid already, or on its way, says so.</summary>
public sealed class ShowPayPage(AskInvoicing invoicing)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, PayDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPayPage));
        if (door.Opened.Fault is not null)
        {
            return door.Refuse(page);
        }

        var (branded, zone) = await BrandedAsync(invoicing, page, door.Opened.Value, cancellationToken);
        return branded.Show<PayPage, PaymentModel>(PaymentModel.Of(door, door.Opened.Value, zone));
    }

    /// <summary>The page in its seller's name and colour, and the seller's clock.</summary>
    internal static async Task<(PageContext Page, TimeZoneInfo Zone)> BrandedAsync(
        AskInvoicing invoicing,
        PageContext page,
        PaymentPage payment,
        CancellationToken cancellationToken
    )
    {
        var asked = await invoicing.SellerAsync(SellerId.Of(payment.SellerId), cancellationToken);
        var seller = asked.Fault is null ? asked.Value : null;
        var branded = ListMyInvoices.Branded(page, seller);
        return (branded with { SellerName = branded.SellerName ?? payment.SellerName }, Zones.Of(seller?.TimeZone));
    }
}
