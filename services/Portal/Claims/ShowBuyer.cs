using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Claims;

/// <summary>
/// Shows a customer what an invoice says of it, to be put right: of a full invoice by a corrective one, of a ticket, which names nobody, by
/// a full invoice in its place.
/// </summary>
public sealed class ShowBuyer(AskInvoicing invoicing)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowBuyer));
        var (branded, asked) = await OpenAsync(page, door, invoicing, cancellationToken);
        return asked.Fault is { } fault ? branded.Show(fault)
            : asked.Value.Invoice.Buyer is null ? PageContext.GoTo($"/claim?ticket={door.InvoiceId}")
            : branded.Show<BuyerPage, BuyerModel>(asked.Value);
    }

    internal static async Task<(PageContext Page, Outcome<BuyerModel> Model)> OpenAsync(
        PageContext page,
        InvoiceDoor door,
        AskInvoicing invoicing,
        CancellationToken cancellationToken
    )
    {
        page = page with { Staff = door.HasOffice };
        if (door.Fault is { } shut)
        {
            return (page, shut);
        }

        var asked = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        if (asked.Fault is { } fault)
        {
            return (page, fault);
        }

        var invoice = asked.Value;
        var seller = await invoicing.SellerAsync(invoice.SellerId, cancellationToken);
        var known = seller.Fault is null ? seller.Value : null;
        return (
            ListMyInvoices.Branded(page, known),
            new BuyerModel
            {
                Invoice = invoice,
                Href = door.Href,
                Fields = invoice.Buyer is { } buyer ? BuyerFields.Of(buyer) : new BuyerFields(),
                Key = Guid.CreateVersion7().ToString("N"),
                ShopEmail = invoice.Seller.Email ?? known?.Email,
            }
        );
    }
}
