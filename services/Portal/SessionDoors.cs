using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Sessions;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal;

/// <summary>Where someone is signed in, and what was written when a session ended.</summary>
public static class SessionDoors
{
    /// <summary>The use cases behind them.</summary>
    public static void AddSessions(this IServiceCollection services) =>
        services.AddSingleton<ShowSessions>().AddSingleton<RevokeSessions>().AddSingleton<KeepForm>().AddSingleton<ShowKeptForm>();

    /// <summary>The pages.</summary>
    public static void MapSessions(this WebApplication app)
    {
        var sessions = app.MapGroup("/account/sessions").ForTheSignedIn();
        sessions.MapPage(
            "",
            (ShowSessions slice, string? done, PageContext p, Visitor v, CancellationToken c) => slice.HandleAsync(p, v, done, c)
        );
        sessions.MapPost(
            "/end",
            (RevokeSessions slice, PageContext p, Visitor v, Form form, HttpContext http) => slice.OneAsync(p, v, form, http)
        );
        sessions.MapPost(
            "/end-others",
            (RevokeSessions slice, PageContext p, Visitor v, Form form, CancellationToken c) => slice.OthersAsync(p, v, form, c)
        );
        app.MapGroup("/kept-forms")
            .ForTheSignedIn()
            .MapPage(
                "/{formId}",
                (ShowKeptForm slice, string formId, PageContext p, Visitor v, HttpContext http) => slice.HandleAsync(formId, p, v, http)
            );
    }
}
