using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Operations;

namespace RetailInvoicing.Portal;

/// <summary>The pages of those who operate the system.</summary>
public static class OperationsPages
{
    /// <summary>The use cases behind them.</summary>
    public static void AddOperations(this IServiceCollection services) =>
        services.AddSingleton<ShowOperations>().AddSingleton<ShowDeadLetters>().AddSingleton<ReplayDeadLetters>();

    /// <summary>The pages.</summary>
    public static void MapOperationsPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/operations").ForTheSignedIn();
        pages.MapPage("", (ShowOperations slice, AskOperations ask) => slice.HandleAsync(ask));
        pages.MapPage(
            "/dead-letters/{service}/{queue}",
            (ShowDeadLetters slice, AskOperations ask, string service, string queue) => slice.HandleAsync(ask, service, queue)
        );
        pages
            .MapPost(
                "/dead-letters/{service}/{queue}/replay",
                (ReplayDeadLetters slice, AskOperations ask, string service, string queue, Form form) =>
                    slice.HandleAsync(ask, service, queue, form)
            )
            .Once();
    }
}
