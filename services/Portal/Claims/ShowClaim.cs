using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Claims;

/// <summary>Asks for the tickets that a full invoice is wanted for: typed from the paper, scanned, or one that was mailed.</summary>
public sealed class ShowClaim(AskInvoicing invoicing)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, string? ticket, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowClaim));
        var (branded, taxId) = await BrandedAsync(page, visitor, invoicing, cancellationToken);
        var rows = new List<ClaimRow>();
        if (InvoiceId.TryParse(ticket, out var id))
        {
            var asked = await invoicing.InvoiceAsync(id, visitor.AsCustomer, cancellationToken);
            if (asked.Fault is { } fault)
            {
                return branded.Show(fault);
            }

            rows.Add(new ClaimRow { InvoiceId = id, Seen = asked.Value });
        }

        return Show(
            branded,
            new ClaimModel
            {
                TaxId = rows.Count > 0 ? rows[0].Seen!.Seller.TaxId ?? "" : taxId,
                Rows = rows,
                Key = Guid.CreateVersion7().ToString("N"),
            }
        );
    }

    /// <summary>The page, which may use the camera where the browser reads codes; everything else on it works without.</summary>
    internal static IResult Show(PageContext page, ClaimModel model, int status = StatusCodes.Status200OK) =>
        new WithHeaders(
            page.Show<ClaimPage, ClaimModel>(model, status),
            headers =>
            {
                headers.ContentSecurityPolicy = SecurityHeaders.PolicyWithOwnScript;
                headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()";
            }
        );

    /// <summary>The page in the colour of the customer's only shop, and that shop's tax identifier.</summary>
    internal static async Task<(PageContext Page, string TaxId)> BrandedAsync(
        PageContext page,
        Visitor visitor,
        AskInvoicing invoicing,
        CancellationToken cancellationToken
    )
    {
        var person = await invoicing.PersonAsync(visitor.Email, cancellationToken);
        if (person.Fault is not null)
        {
            return (page, "");
        }

        page = page with { Staff = person.Value.StaffOf.Count > 0 };
        if (person.Value.CustomerOf.Count != 1)
        {
            return (page, "");
        }

        var seller = await invoicing.SellerAsync(SellerId.Of(person.Value.CustomerOf[0].SellerId), cancellationToken);
        return seller.Fault is null ? (ListMyInvoices.Branded(page, seller.Value), seller.Value.TaxId) : (page, "");
    }
}
