using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>How sellers set up their own channels, and how whoever holds a link sees its invoice.</summary>
internal static class ChannelDoors
{
    /// <summary>The limit of those who show no key but a link.</summary>
    internal const string LinkLimit = "invoice-links";

    private const string NoLink = """
        <!doctype html><html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="robots" content="noindex"><title>Enlace caducado</title></head>
        <body style="font:16px/1.5 system-ui,sans-serif;max-width:680px;margin:0 auto;padding:24px 16px">
        <h1 style="font-size:20px">Este enlace ya no muestra ninguna factura</h1>
        <p>Los enlaces caducan a los tres meses. Pide la factura otra vez a la tienda en la que compraste.</p>
        <p lang="en">This link shows no invoice any more. Links last three months: ask the shop where you bought for your invoice.</p>
        </body></html>
        """;

    /// <summary>So many pages a second from one address, and twice as many at once: enough for a till, too few to try names.</summary>
    internal static void AddLinkLimit(this IServiceCollection services) =>
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<IConfiguration>(
                static (limiter, configuration) =>
                {
                    var perSecond = Math.Max(1, configuration.GetValue("Delivery:LinksPerSecond", 10));
                    limiter.AddPolicy(
                        LinkLimit,
                        http =>
                            RateLimitPartition.GetTokenBucketLimiter(
                                http.Connection.RemoteIpAddress?.ToString() ?? "",
                                _ => new TokenBucketRateLimiterOptions
                                {
                                    TokenLimit = 2 * perSecond,
                                    TokensPerPeriod = perSecond,
                                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                                    AutoReplenishment = true,
                                }
                            )
                    );
                }
            );

    internal static async Task<IResult> List(Caller caller, ListChannels list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.RunAsync(caller.SellerId, cancellationToken));

    internal static async Task<IResult> Keep(
        string channel,
        Caller caller,
        Body<ChannelRequest> body,
        KeepChannel keep,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var bad)
            ? bad.ToResult()
            : (await keep.RunAsync(caller.SellerId, channel, body.Content.Value, cancellationToken)).ToResult(kept =>
                kept.IsNew ? Results.Created((string?)null, kept.Channel) : Results.Ok(kept.Channel)
            );

    internal static async Task<IResult> Remove(string channel, Caller caller, KeepChannel keep, CancellationToken cancellationToken) =>
        (await keep.RemoveAsync(caller.SellerId, channel, cancellationToken)).ToResult(_ => TypedResults.NoContent());

    internal static async Task<IResult> Test(
        string channel,
        Caller caller,
        Body<ChannelTest> body,
        SendTestMessage test,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var bad)
            ? bad.ToResult()
            : (await test.RunAsync(caller.SellerId, channel, body.Content.Value, cancellationToken)).ToResult(TypedResults.Ok);

    internal static async Task<IResult> Print(
        string invoiceId,
        Caller caller,
        GiveInvoiceLink links,
        Neighbours neighbours,
        CancellationToken cancellationToken
    ) =>
        await neighbours.WhyNotOfStoreAsync(invoiceId, caller, cancellationToken) is { } none
            ? none.ToResult()
            : (await links.ForTillAsync(caller.SellerId, invoiceId, cancellationToken)).ToResult(link =>
                TypedResults.Created((string?)null, link)
            );

    internal static Task<IResult> LinkedPage(string name, ShowLinkedInvoice show, HttpContext http) =>
        LinkedAsync(name, DocumentKind.Html, show, http);

    internal static Task<IResult> LinkedPdf(string name, ShowLinkedInvoice show, HttpContext http) =>
        LinkedAsync(name, DocumentKind.Pdf, show, http);

    private static async Task<IResult> LinkedAsync(string name, DocumentKind kind, ShowLinkedInvoice show, HttpContext http)
    {
        var headers = http.Response.Headers;
        // Whoever has the address has the invoice: it goes to no search engine, no next page, no shared cache.
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "private, no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
        if (await show.RunAsync(name, kind, http.RequestAborted) is not { } document)
        {
            return Results.Content(NoLink, "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);
        }

        headers.ContentDisposition = $"inline; filename=\"{document.FileName}\"";
        return TypedResults.Bytes(document.Content, document.ContentType);
    }
}
