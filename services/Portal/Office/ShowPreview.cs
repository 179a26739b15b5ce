using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office;

/// <summary>
/// A seller's staff sees what its mails and invoice pages look like before a customer gets one. What a template wrote is shown in a frame of
/// its own, from which nothing reaches the office.
/// </summary>
public sealed class ShowPreview(AskDelivery delivery)
{
    /// <summary>What a frame of ours may show: styles and pictures that are inside it, and no script, no form, no way out.</summary>
    private const string DocumentPolicy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>The page around the frame, or the choice of a seller.</summary>
    public IResult Handle(string kind, PageContext page, OfficeDoor door, HttpContext http)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPreview));
        page = page with { Staff = door.Offices.Count > 0 };
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        if (kind is not ("mail" or "page"))
        {
            return page.Show(PortalFaults.NotFound.With());
        }

        if (door.Chosen is null)
        {
            return page.Show<OfficesPage, OfficesModel>(new OfficesModel(door.Offices));
        }

        http.Response.Headers.ContentSecurityPolicy = $"{SecurityHeaders.Policy}; frame-src 'self'";
        var invoice = http.Request.Query["invoice"].ToString();
        var named = InvoiceId.TryParse(invoice, out var id) ? $"invoice={id}" : "";
        var query = (door.Query, named) switch
        {
            ("", "") => "",
            ("", _) => $"?{named}",
            (_, "") => door.Query,
            _ => $"{door.Query}&{named}",
        };
        return (page with { SellerName = door.Chosen.SellerName }).Show<PreviewPage, PreviewModel>(
            new PreviewModel(kind, $"/office/previews/{kind}/document{query}", door.Query)
        );
    }

    /// <summary>What stands in the frame.</summary>
    public async Task<IResult> DocumentAsync(string kind, PageContext page, OfficeDoor door, HttpContext http)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowPreview));
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        if (door.Fault is not null || door.Chosen is null)
        {
            return page.Show(door.Fault ?? PortalFaults.NotFound.With());
        }

        var invoice = InvoiceId.TryParse(http.Request.Query["invoice"].ToString(), out var id) ? id : (InvoiceId?)null;
        var document = await delivery.PreviewAsync(kind, invoice, door.Behalf, http.RequestAborted);
        if (document.Fault is { } fault)
        {
            http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Policy.Replace(
                "frame-ancestors 'none'",
                "frame-ancestors 'self'",
                StringComparison.Ordinal
            );
            return page.Show(fault);
        }

        http.Response.Headers.ContentSecurityPolicy = DocumentPolicy;
        return Results.Bytes(document.Value.Content.ToByteArray(), "text/html; charset=utf-8");
    }
}
