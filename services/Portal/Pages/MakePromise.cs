using System.Globalization;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Gives the shop a customer's word for a day; whether it can be given, Collections decides.</summary>
public sealed class MakePromise(AskInvoicing invoicing, AskPayments payments, AskCollections collections, TimeProvider clock)
{
    /// <summary>Takes the form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, Form form, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(MakePromise));
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        var (branded, asked) = await ShowPromise.OpenAsync(page, door, invoicing, payments, clock, cancellationToken);
        if (asked.Fault is { } fault)
        {
            return branded.Show(fault);
        }

        var model = asked.Value;
        if (
            !DateOnly.TryParseExact(form["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !model.Takes(day)
        )
        {
            return branded.Show<PromisePage, PromiseModel>(model with { BadDay = true }, StatusCodes.Status422UnprocessableEntity);
        }

        var made = await collections.PromiseAsync(
            door.InvoiceId,
            day,
            door.Behalf with
            {
                SellerId = model.Invoice.SellerId,
            },
            cancellationToken
        );
        return made.Fault is not { } refused ? PageContext.GoTo($"{door.Href}/promise?made=yes")
            // Promised before, disputed whole, or never open at all.
            : refused.Code == PortalFaults.NoDocument || refused.Code == PortalFaults.NotFound
                ? branded.Show<PromisePage, PromiseModel>(model with { NothingLeft = true, Chosen = day }, StatusCodes.Status409Conflict)
            : branded.Show(refused);
    }
}
