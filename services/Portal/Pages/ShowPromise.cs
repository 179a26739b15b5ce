using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Asks a customer on which day it will pay; nothing is reminded of until then.</summary>
public sealed class ShowPromise(AskInvoicing invoicing, AskPayments payments, TimeProvider clock)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, bool made, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPromise));
        var (branded, asked) = await OpenAsync(page, door, invoicing, payments, clock, cancellationToken);
        return asked.Fault is { } fault
            ? branded.Show(fault)
            : branded.Show<PromisePage, PromiseModel>(asked.Value with { Made = made, NothingLeft = !made && asked.Value.AmountDue <= 0m });
    }

    /// <summary>The invoice and what is open of it, in the seller's colour and by its clock.</summary>
    internal static async Task<(PageContext Page, Outcome<PromiseModel> Model)> OpenAsync(
        PageContext page,
        InvoiceDoor door,
        AskInvoicing invoicing,
        AskPayments payments,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        page = page with { Staff = door.HasOffice };
        if (door.Fault is { } shut)
        {
            return (page, shut);
        }

        var balancesAsked = payments.BalancesAsync([door.InvoiceId], door.Behalf, cancellationToken);
        var asked = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        var balances = await balancesAsked;
        if (asked.Fault is { } fault)
        {
            return (page, fault);
        }

        if (balances.Fault is { } away)
        {
            return (page, away);
        }

        var seller = await invoicing.SellerAsync(asked.Value.SellerId, cancellationToken);
        var known = seller.Fault is null ? seller.Value : null;
        var zone = Zones.Of(known?.TimeZone);
        var today = Zones.DayAt(clock.GetUtcNow(), zone);
        var standing = Standing.Of(asked.Value, balances.Value.GetValueOrDefault(door.InvoiceId), false, today, zone);
        return (
            ListMyInvoices.Branded(page, known),
            new PromiseModel
            {
                Invoice = asked.Value,
                Href = door.Href,
                AmountDue = standing.AmountDue,
                Today = today,
            }
        );
    }
}
