using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.Sessions;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Doors;

/// <summary>What every page knows: whose eyes, which language, whose colour, and the token that proves a form is ours.</summary>
public sealed record PageContext : IBindableFromHttpContext<PageContext>
{
    /// <summary>The cookie that remembers a chosen language.</summary>
    public const string LanguageCookie = "retail-language";

    /// <summary>The language.</summary>
    public required Words Words { get; init; }

    /// <summary>The address of the page, for coming back to it in another language.</summary>
    public required string Path { get; init; }

    /// <summary>Who is signed in.</summary>
    public Visitor? Visitor { get; init; }

    /// <summary>Proves that a form was opened here.</summary>
    public required string FormToken { get; init; }

    /// <summary>The seller's colour where the page is about one seller.</summary>
    public Accent? Accent { get; init; }

    /// <summary>The seller's name, likewise.</summary>
    public string? SellerName { get; init; }

    /// <summary>Whether that seller only tries: its documents have no fiscal validity.</summary>
    public bool IsTest { get; init; }

    /// <summary>What was written before the session ended, where it is shown again.</summary>
    public KeptForm? Kept { get; init; }

    /// <summary>Whether the visitor has an office to go to, where that is known.</summary>
    public bool Staff { get; init; }

    /// <summary>Whether the visitor is one of those who operate the system.</summary>
    public bool Operator { get; init; }

    /// <summary>The page's context, told by the request.</summary>
    public static ValueTask<PageContext?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) => new(Of(context));

    /// <summary>The page's context, told by the request.</summary>
    public static PageContext Of(HttpContext context)
    {
        var request = context.Request;
        return new PageContext
        {
            Words = Words.For(request.Cookies[LanguageCookie], request.Headers.AcceptLanguage),
            // What answers a form stands at the form's address, but only reading a page leads back to it.
            Path = HttpMethods.IsGet(request.Method) ? LocalPath.Of(request.Path.ToUriComponent() + request.QueryString) : "/",
            Visitor = Visitor.Of(context),
            Operator =
                Visitor.Of(context) is { } visitor && context.RequestServices.GetRequiredService<PortalOptions>().IsOperator(visitor.Email),
            Kept = KeptForm.Of(context),
            FormToken = context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context).RequestToken ?? "",
        };
    }

    /// <summary>A new form's own key: sent twice, the form is done once.</summary>
    public static string NewFormKey => Guid.CreateVersion7().ToString("N");

    /// <summary>Renders a page.</summary>
    public IResult Show<TView, TModel>(TModel model, int status = StatusCodes.Status200OK)
        where TView : PageView<TModel> =>
        new RazorComponentResult<TView>(new Dictionary<string, object?> { ["Page"] = this, ["Model"] = model }) { StatusCode = status };

    /// <summary>Renders a refusal: what happened, what it means, what to do.</summary>
    public IResult Show(Fault fault) => Show<ProblemPage, Fault>(fault, StatusOf(fault));

    /// <summary>Sends the browser on with GET, so that reloading and going back repeat nothing.</summary>
    public static IResult GoTo(string path) => new SeeOther(path);

    /// <summary>Links that are over are gone (410): asking again will not help.</summary>
    private static int StatusOf(Fault fault) =>
        fault.Code == PortalFaults.LateLink || fault.Code == PortalFaults.UsedLink || fault.Code == PortalFaults.LatePayLink
            ? StatusCodes.Status410Gone
        : fault.Code == PortalFaults.NotSent ? StatusCodes.Status200OK
        : fault.Status;

    /// <summary>An answer that sends the browser on.</summary>
    public sealed class SeeOther(string path) : IResult
    {
        /// <summary>Where to.</summary>
        public string Path => path;

        /// <inheritdoc />
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}

/// <summary>A page of one model.</summary>
public abstract class PageView<TModel> : ComponentBase
{
    /// <summary>What every page knows.</summary>
    [Parameter]
    public required PageContext Page { get; set; }

    /// <summary>What this one shows.</summary>
    [Parameter]
    public required TModel Model { get; set; }

    /// <summary>The language.</summary>
    protected Words W => Page.Words;
}
