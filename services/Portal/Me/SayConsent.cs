using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Me;

/// <summary>Tells a shop that a person wants its offers, or wants them no more; both hold from then on.</summary>
public sealed class SayConsent(AskInvoicing invoicing, AskCustomers customers, AskPersonal personal)
{
    /// <summary>Takes the form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, Form form, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(SayConsent));
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        if (form["granted"] is not ("yes" or "no") || !SellerId.TryParse(form["seller"], out var seller))
        {
            return page.Show(PortalFaults.BadRequest.With());
        }

        // Nobody tells a shop anything that it is no customer of.
        var person = await invoicing.PersonAsync(visitor.Email, cancellationToken);
        if (person.Fault is { } away)
        {
            return page.Show(away);
        }

        if (person.Value.CustomerOf.All(each => each.SellerId != seller.Value))
        {
            return page.Show(PortalFaults.NotFound.With());
        }

        var known = await ShowMe.KnownAsync(customers, seller, visitor, cancellationToken);
        var granted = form["granted"] == "yes";
        var said = await personal.SayAsync(granted, known, visitor.AsCustomer with { SellerId = seller }, cancellationToken);
        return said.Fault is { } fault ? page.Show(fault)
            : form["back"] is { Length: > 0 } back && LocalPath.Of(back).StartsWith("/invoices/", StringComparison.Ordinal)
                ? PageContext.GoTo(LocalPath.Of(back))
            : PageContext.GoTo($"/me?done={(granted ? "yes" : "no")}");
    }
}
