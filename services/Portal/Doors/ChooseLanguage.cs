using RetailInvoicing.Portal.Look;

namespace RetailInvoicing.Portal.Doors;

/// <summary>Remembers the language someone chose, and goes back to the page it was chosen on.</summary>
public static class ChooseLanguage
{
    /// <summary>Sends back.</summary>
    public static IResult Handle(string code, string? back, HttpContext http)
    {
        if (Words.All.Any(words => words.Code == code))
        {
            http.Response.Cookies.Append(PageContext.LanguageCookie, code, Cookies.Options(http, TimeSpan.FromDays(365)));
        }

        return PageContext.GoTo(LocalPath.Of(back));
    }
}
