using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Doors;

/// <summary>The cookies that tell one browser from another; no script reads them and no other site's form sends them.</summary>
public static class Cookies
{
    /// <summary>Opens the session.</summary>
    public const string Session = "retail-session";

    /// <summary>Marks the browser that asked for a link.</summary>
    public const string Browser = "retail-browser";

    /// <summary>How each of ours is set.</summary>
    public static CookieOptions Options(HttpContext http, TimeSpan life) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            IsEssential = true,
            MaxAge = life,
            Path = "/",
        };

    /// <summary>A cookie's secret, where it can be one of ours.</summary>
    public static string? SecretIn(HttpContext http, string cookie) =>
        http.Request.Cookies[cookie] is { } value && Secrets.IsPlausible(value) ? value : null;
}
