using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Says thank you for what Payments says is paid; whoever types this address without paying is sent to the payment page.</summary>
public sealed class ShowPaidPage(AskInvoicing invoicing)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(string? before, PageContext page, PayDoor door, CancellationToken cancellationToken)
    {
        if (door.Opened.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var model = new PaymentModel
        {
            Payment = door.Opened.Value,
            Href = door.Href,
            InvoiceHref = door.InvoiceHref,
            HadBeenPaid = before is not null,
        };
        return model.AmountDue > 0
            ? PageContext.GoTo(door.Href)
            : (await ShowPayPage.BrandedAsync(invoicing, page, door.Opened.Value, cancellationToken)).Show<PaidPage, PaymentModel>(model);
    }
}
