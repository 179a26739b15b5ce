using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Says thank you for what Payments says is paid; whoever types this address without paying is sent to the payment page.</summary>
public sealed class ShowPaidPage(AskInvoicing invoicing)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(string? before, PageContext page, PayDoor door, CancellationToken cancellationToken)
    {
        if (door.Opened.Fault is not null)
        {
            return door.Refuse(page);
        }

        var (branded, zone) = await ShowPayPage.BrandedAsync(invoicing, page, door.Opened.Value, cancellationToken);
        var model = PaymentModel.Of(door, door.Opened.Value, zone) with { HadBeenPaid = before is not null };
        // Of everything open of a customer, what is on its way is not offered and not paid either.
        return model.AmountDue > 0m || (model.Payment.AllOpen && model.InFlight > 0m)
            ? PageContext.GoTo(door.Href)
            : branded.Show<PaidPage, PaymentModel>(model);
    }
}
