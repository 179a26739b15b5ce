using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Sessions;

/// <summary>
/// Shows what was written before the session ended, on its own page, as if it had just been refused: nothing was sent, and it is sent by whoever
/// looks at it. The door that it was going to gets the form with that refusal, and so does nothing.
/// </summary>
public sealed class ShowKeptForm(KeepForm kept, FormOnce once, EndpointDataSource doors)
{
    /// <summary>The page.</summary>
    public async Task HandleAsync(string formId, PageContext page, Visitor visitor, HttpContext http)
    {
        var form = Guid.TryParseExact(formId, "D", out var id) ? await kept.FindAsync(http, id, visitor.Email) : null;
        var door = form is null ? null : doors.Endpoints.OfType<RouteEndpoint>().FirstOrDefault(each => Takes(each, form.Pattern));
        if (form is null || door?.RequestDelegate is not { } answer)
        {
            await page.Show(PortalFaults.FormGone.With()).ExecuteAsync(http);
            return;
        }

        // Sent meanwhile: it is used up.
        if (
            form.Written.TryGetValue(FormOnce.Field, out var key)
            && await once.AnswerAsync(visitor.Email, key, http.RequestAborted) is { } led
        )
        {
            await PageContext.GoTo(led).ExecuteAsync(http);
            return;
        }

        KeptForm.Set(http, form);
        http.Request.Method = HttpMethods.Post;
        http.Request.Path = PathString.FromUriComponent(form.Path);
        http.Request.QueryString = QueryString.FromUriComponent(form.Query);
        http.Request.RouteValues = new RouteValueDictionary(form.Route.ToDictionary(each => each.Key, each => (object?)each.Value));
        http.SetEndpoint(door);
        await answer(http);
    }

    private static bool Takes(RouteEndpoint door, string pattern) =>
        door.RoutePattern.RawText == pattern
        && door.Metadata.GetMetadata<NeedsSignIn>() is not null
        && door.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) == true;
}
