using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Asks a customer what is wrong with an invoice that was sent to it.</summary>
public sealed class ShowDispute(AskInvoicing invoicing)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, bool sent, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowDispute));
        page = page with { Staff = door.HasOffice };
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        var asked = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        if (asked.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var seller = await invoicing.SellerAsync(asked.Value.SellerId, cancellationToken);
        return ListMyInvoices
            .Branded(page, seller.Fault is null ? seller.Value : null)
            .Show<DisputePage, DisputeModel>(
                new DisputeModel
                {
                    Invoice = asked.Value,
                    Href = door.Href,
                    Sent = sent,
                }
            );
    }
}
