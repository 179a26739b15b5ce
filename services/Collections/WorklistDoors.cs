using RetailInvoicing.Collections.Forecasts;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Timing;
using RetailInvoicing.Collections.Worklist;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections;

/// <summary>Whom to turn to, what is expected to come in, and what choosing the time of messages is worth, over HTTP.</summary>
public static class WorklistDoors
{
    private static readonly string[] Readers = [Scopes.InvoicesRead, Scopes.CollectionsWrite, Scopes.ReportsRead];

    /// <summary>What the doors need.</summary>
    public static IServiceCollection AddWorklist(this IServiceCollection services) =>
        services
            .AddSingleton<LearnActs>()
            .AddSingleton<LearnAnswers>()
            .AddSingleton<MakeForecast>()
            .AddSingleton<GetForecast>()
            .AddSingleton<GetWorklist>()
            .AddSingleton<GetEffect>()
            .AddSingleton<RunForecasts>()
            .AddHostedService(provider => provider.GetRequiredService<RunForecasts>());

    /// <summary>The doors.</summary>
    public static void MapWorklist(this WebApplication app)
    {
        app.MapGet(
                "/v1/worklist",
                async ([AsParameters] WorklistQuery query, HttpContext http, Caller caller, GetWorklist worklist, CancellationToken ct) =>
                    (
                        await worklist.RunAsync(
                            caller.SellerId,
                            query,
                            http.Request.Headers.AcceptLanguage.ToString(),
                            caller.StoresOrAll,
                            ct
                        )
                    ).ToResult(Results.Ok)
            )
            .RequireScope(Readers)
            .HeldToStores()
            .Produces<WorklistBody>();
        app.MapGet(
                "/v1/forecast",
                async ([AsParameters] ForecastQuery query, Caller caller, GetForecast forecast, CancellationToken ct) =>
                    (await forecast.RunAsync(caller.SellerId, query, ct)).ToResult(Results.Ok)
            )
            .RequireScope(Readers)
            .Produces<ForecastBody>();
        app.MapGet(
                "/v1/collections-effect",
                (Caller caller, GetEffect effect, CancellationToken ct) => effect.RunAsync(caller.SellerId, ct)
            )
            .RequireScope(Readers);
    }
}
