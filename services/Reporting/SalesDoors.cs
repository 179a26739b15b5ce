using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Rebuild;
using RetailInvoicing.Reporting.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>What was sold, the invoices a row is made of, what changed since, and making everything again.</summary>
public static class SalesDoors
{
    /// <summary>What the doors need, and what every report stands on.</summary>
    public static void AddSales(this WebApplicationBuilder builder)
    {
        AddReader(builder);
        builder
            .Services.AddSingleton<Feed>()
            .AddSingleton<IProjection, KeepSellers>()
            .AddSingleton<IProjection, KeepSales>()
            .AddSingleton<KeepFacts>()
            .AddSingleton<TakeStand>()
            .AddSingleton<ReportDoor>()
            .AddSingleton<QuerySales>()
            .AddSingleton<QueryInvoices>()
            .AddSingleton<QueryChanges>()
            .AddSingleton<CatchUp>()
            .AddSingleton<ReadEvents>()
            .AddSingleton(provider =>
                ActivatorUtilities.CreateInstance<RunRebuild>(
                    provider,
                    new RebuildLogin(builder.Configuration.GetConnectionString("reportingdb")!)
                )
            );
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CatchUp>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RunRebuild>());
    }

    /// <summary>The doors.</summary>
    public static void MapSales(this WebApplication app)
    {
        app.Services.GetRequiredService<Feed>().Measure(app.Services.GetRequiredService<TakeStand>().Lag);
        app.MapGet(
                "/v1/reports/sales",
                (
                    [AsParameters] ReportQuestion question,
                    string? groupBy,
                    string? compare,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QuerySales sales,
                    CancellationToken ct
                ) =>
                    door.AnswerAsync(
                        http,
                        caller.SellerId,
                        question,
                        (asked, token) => sales.MakeAsync(asked with { Stores = caller.StoresOrAll }, groupBy, compare, token),
                        ct
                    )
            )
            .RequireScope(Scopes.ReportsRead)
            .HeldToStores();
        app.MapGet(
                "/v1/reports/sales/invoices",
                (
                    [AsParameters] ReportQuestion question,
                    string? groupBy,
                    string? key,
                    string? cursor,
                    int? limit,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryInvoices invoices,
                    CancellationToken ct
                ) =>
                    door.AnswerAsync(
                        http,
                        caller.SellerId,
                        question,
                        (asked, token) =>
                            invoices.MakeAsync(asked with { Stores = caller.StoresOrAll }, groupBy, key, cursor, limit, token),
                        ct,
                        streams: true
                    )
            )
            .RequireScope(Scopes.ReportsRead)
            .HeldToStores();
        app.MapGet(
                "/v1/reports/sales/changes",
                (
                    [AsParameters] ReportQuestion question,
                    string? since,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryChanges changes,
                    CancellationToken ct
                ) =>
                    string.IsNullOrEmpty(since) ? Task.FromResult(ReportingFaults.NoSince.At("since").ToResult())
                    : ReportDoor.InstantOf(since) is not { } instant
                        ? Task.FromResult(DoorFaults.BadParameter.At("since", "since", "2026-11-23T10:15:30Z").ToResult())
                    : door.AnswerAsync(
                        http,
                        caller.SellerId,
                        question,
                        (asked, token) => Task.FromResult(changes.Make(asked with { Stores = caller.StoresOrAll }, instant, token)),
                        ct,
                        ReportPeriod.Optional,
                        streams: true
                    )
            )
            .RequireScope(Scopes.ReportsRead)
            .HeldToStores();
        app.MapPost(
                "/v1/reports/rebuild",
                async (string? seller, RunRebuild rebuild, CancellationToken ct) =>
                    seller is null ? Started(await rebuild.AskAsync(null, ct))
                    : SellerId.TryParse(seller, out var one) ? Started(await rebuild.AskAsync(one, ct))
                    : DoorFaults.BadParameter.At("seller", "seller", "casa-luna").ToResult()
            )
            .RequireAdmin()
            .Produces<RebuildState>(StatusCodes.Status202Accepted);
        app.MapGet(
                "/v1/reports/rebuild",
                async (RunRebuild rebuild, CancellationToken ct) =>
                    await rebuild.LastAsync(ct) is { } last ? Results.Ok(last) : DoorFaults.NotFound.With().ToResult()
            )
            .RequireAdmin()
            .Produces<RebuildState>();
    }

    private static IResult Started(Outcome<RebuildState> asked) =>
        asked.ToResult(rebuild => Results.Accepted("/v1/reports/rebuild", rebuild));

    /// <summary>Heavy reading goes to a replica where there is one.</summary>
    private static void AddReader(WebApplicationBuilder builder)
    {
        var replica = builder.Configuration.GetConnectionString("reporting-reader");
        if (string.IsNullOrEmpty(replica))
        {
            builder.Services.AddKeyedSingleton(ReportDoor.Reader, (provider, _) => provider.GetRequiredService<NpgsqlDataSource>());
        }
        else
        {
            var login = new NpgsqlConnectionStringBuilder(replica)
            {
                Options = "-c role=reporting_app -c search_path=reporting -c random_page_cost=1.1",
                MaxPoolSize = builder.Configuration.GetValue("Postgres:MaxPoolSize", 24),
                ApplicationName = "reporting-reader",
                Timeout = 5,
                CommandTimeout = 30,
                KeepAlive = 15,
            };
            builder.Services.AddNpgsqlDataSource(login.ConnectionString, serviceKey: ReportDoor.Reader);
        }

        builder.Services.AddSingleton(provider => new ReportDatabase(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(ReportDoor.Reader),
            !string.IsNullOrEmpty(replica)
        ));
    }
}
