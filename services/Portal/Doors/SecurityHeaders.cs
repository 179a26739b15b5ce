namespace RetailInvoicing.Portal.Doors;

/// <summary>What a browser may do with our pages: nothing from elsewhere, no script, no frame, nothing kept.</summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    private const string ToOurselves = "form-action 'self'";

    /// <summary>The policy of every page.</summary>
    internal const string Policy =
        $"default-src 'none'; style-src 'self'; img-src 'self'; manifest-src 'self'; {ToOurselves}; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The policy of a page that is quicker with a script of ours, and works without it.</summary>
    internal static readonly string PolicyWithOwnScript = Policy.Replace(
        "style-src 'self';",
        "style-src 'self'; script-src 'self';",
        StringComparison.Ordinal
    );

    /// <summary>
    /// The policy of a page whose form is posted to a payment provider: to where that address is, and nowhere else. Browsers hold a form to
    /// it through every redirect, so a page that posts to ourselves must not be answered by a redirect elsewhere.
    /// </summary>
    internal static string PolicyPostingTo(Uri address) =>
        Policy.Replace(
            ToOurselves,
            $"{ToOurselves} {address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}",
            StringComparison.Ordinal
        );

    /// <summary>Sets the headers, but on the API's reference page, which lives from script.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        if (!http.Request.Path.StartsWithSegments("/scalar", StringComparison.Ordinal))
        {
            headers.ContentSecurityPolicy = Policy;
        }

        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        // Pages show a person's own affairs: neither a proxy nor the back button may show them again without asking.
        http.Response.OnStarting(() =>
        {
            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(http);
    }
}
