using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.VatBook;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>A seller says which report to mail, to whom and how often; what the report itself would refuse is refused at once.</summary>
public sealed class KeepSchedule(NpgsqlDataSource database, AskReport ask, FindSeller sellers, MailOptions mail, TimeProvider clock)
{
    // Another one more than are allowed is not kept; one that is there is always changed.
    private const string Keep = """
        insert into report_schedule (seller_id, schedule_id, request, next_at)
        select @seller::text, @schedule::text, @request::jsonb, @nextAt::timestamptz
        where @most > (select count(*) from report_schedule where seller_id = @seller)
            or exists (select from report_schedule where seller_id = @seller and schedule_id = @schedule)
        on conflict (seller_id, schedule_id) do update set request = excluded.request, next_at = excluded.next_at, held_until = null
        returning (xmax = 0) as is_new
        """;

    // Enough for a refusal; a report that has more to say is a sound one.
    private const int Enough = 4096;

    /// <summary>Keeps it.</summary>
    public async Task<Outcome<(ReportSchedule Schedule, bool IsNew)>> RunAsync(
        SellerId seller,
        string scheduleId,
        ScheduleRequest request,
        CancellationToken cancellationToken
    )
    {
        if (mail.Smtp is null)
        {
            return ReportingFaults.NoMailServer.With();
        }

        if (ScheduleRules.Check(scheduleId, request, ask.Names) is { } fault)
        {
            return fault;
        }

        var known = await sellers.RunAsync(seller, cancellationToken);
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, known.Zone).DateTime);
        var question = AskReport.QuestionOf(request, MailedPeriod.Before(today, request.Cadence));
        var answer = await ask.RunAsync(seller, request.Report, question, Enough, cancellationToken);
        if (answer.Status >= 400)
        {
            return ReportingFaults.ReportRefuses.At("parameters", SaidOf(answer));
        }

        DateTimeOffset? nextAt = request.Active ? MailedPeriod.NextAfter(now, request.Cadence, request.Hour, known.Zone) : null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var isNew = await connection.QuerySingleOrDefaultAsync<bool?>(
            new CommandDefinition(
                Keep,
                new
                {
                    seller = seller.Value,
                    schedule = scheduleId,
                    request = JsonSerializer.Serialize(request, Wire.Tolerant),
                    nextAt,
                    most = ScheduleRules.MostSchedules,
                },
                cancellationToken: cancellationToken
            )
        );
        return isNew is not { } kept
            ? ReportingFaults.TooManySchedules.With(ScheduleRules.MostSchedules)
            : (
                new ReportSchedule
                {
                    SellerId = seller,
                    ScheduleId = scheduleId,
                    Request = request,
                    NextAt = nextAt,
                },
                kept
            );
    }

    /// <summary>What the report said, from its problem.</summary>
    private static string SaidOf(ReportAnswer answer)
    {
        try
        {
            using var problem = JsonDocument.Parse(answer.Content ?? []);
            return $"{problem.RootElement.GetProperty("code").GetString()}: {problem.RootElement.GetProperty("detail").GetString()}";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"HTTP {answer.Status}";
        }
    }
}
