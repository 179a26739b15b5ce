using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>How Delivery's use cases are asked for over HTTP.</summary>
internal static class DeliveryDoors
{
    internal static Task<IResult> Pdf(string invoiceId, Caller caller, RenderInvoice render, HttpContext http) =>
        DocumentAsync(invoiceId, caller, render, DocumentKind.Pdf, http);

    internal static Task<IResult> Html(string invoiceId, Caller caller, RenderInvoice render, HttpContext http) =>
        DocumentAsync(invoiceId, caller, render, DocumentKind.Html, http);

    internal static async Task<IResult> List(
        string? invoiceId,
        string? status,
        string? cursor,
        string? limit,
        Caller caller,
        ListTransmissions list,
        Neighbours neighbours,
        CancellationToken cancellationToken
    )
    {
        // Which store a message is about, only its invoice tells.
        if (caller.Stores.Count > 0)
        {
            var none = invoiceId is null
                ? DoorFaults.NotByStore.At("invoiceId")
                : await neighbours.WhyNotOfStoreAsync(invoiceId, caller, cancellationToken);
            if (none is not null)
            {
                return none.ToResult();
            }
        }

        int? most = null;
        if (limit is not null)
        {
            if (!int.TryParse(limit, System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                return DoorFaults.BadParameter.With("limit", limit).ToResult();
            }

            most = number;
        }

        var found = await list.RunAsync(caller.SellerId, invoiceId, status, cursor, most, cancellationToken);
        return found.ToResult(page => TypedResults.Ok(caller.Stores.Count > 0 ? About(InvoiceId.Of(Guid.Parse(invoiceId!)), page) : page));
    }

    /// <summary>A reminder of several invoices names the first; to whoever is held to stores that one may be another store's.</summary>
    private static TransmissionPage About(InvoiceId invoice, TransmissionPage page) =>
        page with
        {
            Transmissions = [.. page.Transmissions.Select(each => each with { InvoiceId = invoice })],
        };

    internal static async Task<IResult> Resend(
        string transmissionId,
        Caller caller,
        ResendTransmission resend,
        CancellationToken cancellationToken
    ) =>
        (await resend.RunAsync(caller.SellerId, transmissionId, cancellationToken)).ToResult(queued =>
            TypedResults.Accepted((string?)null, queued)
        );

    private static async Task<IResult> DocumentAsync(
        string invoiceId,
        Caller caller,
        RenderInvoice render,
        DocumentKind kind,
        HttpContext http
    )
    {
        if (!InvoiceId.TryParse(invoiceId, out var id))
        {
            return DeliveryFaults.NoInvoice.With(invoiceId).ToResult();
        }

        var rendered = await render.RunAsync(
            id,
            OnBehalfOf.Seller(caller.SellerId) with
            {
                Stores = caller.Stores,
            },
            kind,
            http.RequestAborted
        );
        return rendered.ToResult(document =>
        {
            http.Response.Headers.ContentDisposition = $"inline; filename=\"{document.FileName}\"";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            // What an invoice says comes from tills and shops: the page may show it and do nothing else.
            http.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
            return TypedResults.Bytes(document.Content, document.ContentType);
        });
    }
}
