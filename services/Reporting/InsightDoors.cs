using RetailInvoicing.Reporting.Anomalies;
using RetailInvoicing.Reporting.Customers;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Products;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>What products are bought together or sell slowly, who buys how, and what is not as it used to be.</summary>
public static class InsightDoors
{
    /// <summary>What the doors need.</summary>
    public static void AddInsights(this WebApplicationBuilder builder) =>
        builder
            .Services.AddSingleton<IProjection, KeepBaskets>()
            .AddSingleton<QueryPairs>()
            .AddSingleton<QuerySlowMovers>()
            .AddSingleton<QueryCustomers>()
            .AddSingleton<QueryCohorts>()
            .AddSingleton<FindAnomalies>();

    /// <summary>The doors.</summary>
    public static void MapInsights(this WebApplication app)
    {
        app.MapGet(
                "/v1/reports/products/pairs",
                (
                    [AsParameters] ReportQuestion question,
                    string? sku,
                    int? limit,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryPairs pairs,
                    CancellationToken ct
                ) => door.AnswerAsync(http, caller.SellerId, question, (asked, token) => pairs.MakeAsync(asked, sku, limit, token), ct)
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/products/slow",
                (
                    [AsParameters] ReportQuestion question,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QuerySlowMovers slow,
                    CancellationToken ct
                ) => door.AnswerAsync(http, caller.SellerId, question, slow.MakeAsync, ct)
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/customers",
                (
                    [AsParameters] ReportQuestion question,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryCustomers customers,
                    CancellationToken ct
                ) => door.AnswerAsync(http, caller.SellerId, question, customers.MakeAsync, ct)
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/customers/cohorts",
                (
                    [AsParameters] ReportQuestion question,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryCohorts cohorts,
                    CancellationToken ct
                ) => door.AnswerAsync(http, caller.SellerId, question, cohorts.MakeAsync, ct)
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/anomalies",
                (
                    [AsParameters] ReportQuestion question,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    FindAnomalies anomalies,
                    CancellationToken ct
                ) =>
                    door.AnswerAsync(
                        http,
                        caller.SellerId,
                        question,
                        (asked, token) => anomalies.MakeAsync(asked, ReportDoor.LanguageOf(http, question.Language), token),
                        ct
                    )
            )
            .RequireScope(Scopes.ReportsRead);
    }
}
