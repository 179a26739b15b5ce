using System.Globalization;
using RetailInvoicing.Reporting.Ageing;
using RetailInvoicing.Reporting.CashFlow;
using RetailInvoicing.Reporting.Collecting;
using RetailInvoicing.Reporting.Dso;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Income;
using RetailInvoicing.Reporting.Live;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.Reporting.Views;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>What was asked for, what came, what is owed and what is expected; the totals of the day as they change; a tool's own login.</summary>
public static class MoneyDoors
{
    /// <summary>What the doors need.</summary>
    public static void AddMoney(this WebApplicationBuilder builder) =>
        builder
            .Services.AddSingleton<IProjection, KeepMoney>()
            .AddSingleton<QueryIncome>()
            .AddSingleton<QueryAgeing>()
            .AddSingleton<QueryDso>()
            .AddSingleton<QueryCollecting>()
            .AddSingleton<QueryCashFlow>()
            .AddSingleton<WatchLive>()
            .AddSingleton<KeepBiLogin>();

    /// <summary>The doors.</summary>
    public static void MapMoney(this WebApplication app)
    {
        MapReports(app);
        app.MapGet("/v1/live", (Caller caller, HttpContext http, WatchLive live) => live.RunAsync(caller, http))
            .RequireScope(Scopes.ReportsRead)
            .Produces<LiveTotals>(contentType: "text/event-stream");
        app.MapPut(
                "/v1/sellers/{sellerId}/bi-login",
                async (string sellerId, KeepBiLogin logins, CancellationToken ct) =>
                    (await logins.RunAsync(sellerId, ct)).ToResult(Results.Ok)
            )
            .RequireAdmin()
            .Produces<BiLogin>();
        app.MapDelete(
                "/v1/sellers/{sellerId}/bi-login",
                async (string sellerId, KeepBiLogin logins, CancellationToken ct) =>
                    (await logins.RemoveAsync(sellerId, ct)).ToResult(_ => Results.NoContent())
            )
            .RequireAdmin();
    }

    private static void MapReports(WebApplication app)
    {
        app.MapGet(
                "/v1/reports/income",
                (
                    [AsParameters] ReportQuestion question,
                    string? groupBy,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryIncome income,
                    CancellationToken ct
                ) => door.AnswerAsync(http, caller.SellerId, question, (asked, token) => income.MakeAsync(asked, groupBy, token), ct)
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/dso",
                (
                    [AsParameters] ReportQuestion question,
                    string? groupBy,
                    string? window,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryDso dso,
                    CancellationToken ct
                ) =>
                    NumberOf(window) is not { } days
                        ? Refused("window", "90")
                        : door.AnswerAsync(
                            http,
                            caller.SellerId,
                            question,
                            (asked, token) => dso.MakeAsync(asked, groupBy, window is null ? null : days, token),
                            ct
                        )
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/collections",
                (
                    [AsParameters] ReportQuestion question,
                    string? groupBy,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryCollecting collecting,
                    CancellationToken ct
                ) => door.AnswerAsync(http, caller.SellerId, question, (asked, token) => collecting.MakeAsync(asked, groupBy, token), ct)
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/cash-flow",
                (
                    [AsParameters] ReportQuestion question,
                    string? groupBy,
                    string? madeBy,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryCashFlow cashFlow,
                    CancellationToken ct
                ) =>
                    DayOf(madeBy) is not { } day
                        ? Refused("madeBy", "2026-11-23")
                        : door.AnswerAsync(
                            http,
                            caller.SellerId,
                            question,
                            (asked, token) => cashFlow.MakeAsync(asked, groupBy, madeBy is null ? null : day, token),
                            ct
                        )
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/ageing",
                (
                    [AsParameters] ReportQuestion question,
                    string? date,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryAgeing ageing,
                    CancellationToken ct
                ) =>
                    DayOf(date) is not { } day
                        ? Refused("date", "2026-11-23")
                        : door.AnswerAsync(
                            http,
                            caller.SellerId,
                            question,
                            (asked, token) => ageing.MakeAsync(asked, date is null ? null : day, token),
                            ct,
                            ReportPeriod.None
                        )
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/ageing/invoices",
                (
                    [AsParameters] ReportQuestion question,
                    string? date,
                    string? bucket,
                    string? cursor,
                    string? limit,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryAgeing ageing,
                    CancellationToken ct
                ) =>
                    DayOf(date) is not { } day ? Refused("date", "2026-11-23")
                    : NumberOf(limit) is not { } most ? Refused("limit", "50")
                    : door.AnswerAsync(
                        http,
                        caller.SellerId,
                        question,
                        (asked, token) =>
                            ageing.MakeListAsync(asked, date is null ? null : day, bucket, cursor, limit is null ? null : most, token),
                        ct,
                        ReportPeriod.None
                    )
            )
            .RequireScope(Scopes.ReportsRead);
    }

    private static Task<IResult> Refused(string parameter, string such) =>
        Task.FromResult(DoorFaults.BadParameter.At(parameter, parameter, such).ToResult());

    /// <summary>The day, any where none is named, none where it cannot be read.</summary>
    private static DateOnly? DayOf(string? text) =>
        text is null ? DateOnly.MinValue
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : null;

    private static int? NumberOf(string? text) =>
        text is null ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
