using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.Reporting.Schedules;
using RetailInvoicing.Reporting.VatBook;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>The VAT book and form 303, the formats of every report, and reports that are mailed.</summary>
public static class BookDoors
{
    /// <summary>What the doors need.</summary>
    public static void AddBooks(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddSingleton<IProjection, KeepBook>()
            .AddSingleton<IReportWriter, WriteCsv>()
            .AddSingleton<IReportWriter, WriteXlsx>()
            .AddSingleton<IReportWriter, WriteParquet>()
            .AddSingleton<FindSeller>()
            .AddSingleton<QueryBook>()
            .AddSingleton<QueryForm303>()
            .AddSingleton<ValidateBook>()
            .AddSingleton(MailOptions.From(builder.Configuration))
            .AddSingleton<AskReport>()
            .AddSingleton<KeepSchedule>()
            .AddSingleton<ListSchedules>()
            .AddSingleton<RemoveSchedule>()
            .AddSingleton<MailSchedules>()
            .AddHostedService(provider => provider.GetRequiredService<MailSchedules>());
    }

    /// <summary>The doors.</summary>
    public static void MapBooks(this WebApplication app)
    {
        app.MapGet("/v1/reports/vat-book", BookAsync).RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/vat-book/check",
                (
                    [AsParameters] ReportQuestion question,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    ValidateBook validate,
                    CancellationToken ct
                ) =>
                    door.AnswerAsync(
                        http,
                        caller.SellerId,
                        question,
                        (asked, token) => validate.MakeAsync(asked, ReportDoor.LanguageOf(http, question.Language), token),
                        ct,
                        streams: true
                    )
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/reports/form-303",
                (
                    [AsParameters] ReportQuestion question,
                    int? year,
                    string? period,
                    Caller caller,
                    HttpContext http,
                    ReportDoor door,
                    QueryForm303 form,
                    CancellationToken ct
                ) =>
                    door.AnswerAsync(
                        http,
                        caller.SellerId,
                        question,
                        (asked, token) => form.MakeAsync(asked, year, period, ReportDoor.LanguageOf(http, question.Language), token),
                        ct,
                        ReportPeriod.None
                    )
            )
            .RequireScope(Scopes.ReportsRead);
        MapSchedules(app);
    }

    private static async Task<IResult> BookAsync(
        [AsParameters] ReportQuestion question,
        string? activity,
        Caller caller,
        HttpContext http,
        ReportDoor door,
        QueryBook book,
        FindSeller sellers,
        CancellationToken ct
    )
    {
        var of = activity is null ? null : BookActivity.Read(activity);
        if (activity is not null && of is null)
        {
            return ReportingFaults.BadActivity.At("activity", activity).ToResult();
        }

        var seller = await sellers.RunAsync(caller.SellerId, ct);
        return await door.AnswerAsync(
            http,
            caller.SellerId,
            question,
            (asked, token) => book.MakeAsync(asked, token),
            ct,
            streams: true,
            others: new Dictionary<string, ReportDoor.WriteOther<BookEntry>>
            {
                ["csv"] = (to, asked, report, token) => WriteBook.AsCsvAsync(to, asked, report, seller, of, token),
                ["xlsx"] = (to, asked, report, token) => WriteBook.AsXlsxAsync(to, asked, report, seller, of, token),
                ["pdf"] = (to, asked, report, token) => WriteBook.AsPdfAsync(to, asked, report, seller, token),
            }
        );
    }

    private static void MapSchedules(WebApplication app)
    {
        app.MapPut(
                "/v1/report-schedules/{scheduleId}",
                async (string scheduleId, Body<ScheduleRequest> body, Caller caller, KeepSchedule keep, CancellationToken ct) =>
                    body.Content.Refused(out var fault)
                        ? fault.ToResult()
                        : (await keep.RunAsync(caller.SellerId, scheduleId, body.Content.Value, ct)).ToResult(kept =>
                            kept.IsNew
                                ? Results.Created($"/v1/report-schedules/{kept.Schedule.ScheduleId}", View(kept.Schedule))
                                : Results.Ok(View(kept.Schedule))
                        )
            )
            .RequireScope(Scopes.ReportsRead)
            .Produces<ScheduleView>();
        app.MapGet(
                "/v1/report-schedules",
                async (Caller caller, ListSchedules list, CancellationToken ct) =>
                    Results.Ok(new { schedules = await list.RunAsync(caller.SellerId, ct) })
            )
            .RequireScope(Scopes.ReportsRead);
        app.MapGet(
                "/v1/report-schedules/{scheduleId}",
                async (string scheduleId, Caller caller, ListSchedules list, CancellationToken ct) =>
                    (await list.GetAsync(caller.SellerId, scheduleId, ct)).ToResult(Results.Ok)
            )
            .RequireScope(Scopes.ReportsRead)
            .Produces<ScheduleView>();
        app.MapDelete(
                "/v1/report-schedules/{scheduleId}",
                async (string scheduleId, Caller caller, RemoveSchedule remove, CancellationToken ct) =>
                    (await remove.RunAsync(caller.SellerId, scheduleId, ct)).ToResult(_ => Results.NoContent())
            )
            .RequireScope(Scopes.ReportsRead);
    }

    private static ScheduleView View(ReportSchedule schedule) =>
        new()
        {
            ScheduleId = schedule.ScheduleId,
            Schedule = schedule.Request,
            NextAt = schedule.NextAt,
        };
}
