using System.Text.RegularExpressions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>What a schedule has to be, before its report is asked what it makes of it.</summary>
public static partial class ScheduleRules
{
    /// <summary>People that one schedule mails to.</summary>
    public const int MostRecipients = 20;

    /// <summary>Schedules of one seller.</summary>
    public const int MostSchedules = 50;

    private const int MostParameters = 20;

    // The period is the cadence's, and where a mail stands is when it is made.
    private static readonly string[] NotToBeAsked = ["from", "to", "asOf", "format", "language", "year", "period", "cursor", "limit"];

    /// <summary>What is wrong with a schedule; nothing where it is sound.</summary>
    public static Fault? Check(string scheduleId, ScheduleRequest request, IReadOnlyList<string> reports)
    {
        if (!Id().IsMatch(scheduleId))
        {
            return ReportingFaults.BadScheduleId.At("scheduleId", scheduleId);
        }

        if (!reports.Contains(request.Report))
        {
            return ReportingFaults.UnknownReport.At("report", request.Report, string.Join(", ", reports));
        }

        if (request.Report == "form-303" && request.Cadence is not (Cadence.Monthly or Cadence.Quarterly))
        {
            return ReportingFaults.FormCadence.At("cadence");
        }

        if (request.Hour is < 0 or > 23)
        {
            return ReportingFaults.BadHour.At("hour", request.Hour);
        }

        if (request.Recipients.Count is 0 or > MostRecipients)
        {
            return ReportingFaults.BadRecipients.At("recipients", MostRecipients);
        }

        for (var i = 0; i < request.Recipients.Count; i++)
        {
            if (!Mailbox().IsMatch(request.Recipients[i]))
            {
                return ReportingFaults.NoMailbox.At($"recipients[{i}]", request.Recipients[i]);
            }
        }

        if (request.Language is not (null or "es" or "en"))
        {
            return ReportingFaults.BadLanguage.At("language", request.Language);
        }

        // What no address and no database holds.
        if (request.Parameters.FirstOrDefault(each => each.Key.Any(char.IsControl) || each.Value.Any(char.IsControl)) is { Key: { } odd })
        {
            return ReportingFaults.NotAParameter.At("parameters", string.Concat(odd.Where(letter => !char.IsControl(letter))));
        }

        return request.Parameters.Keys.FirstOrDefault(NotToBeAsked.Contains) is { } own
                ? ReportingFaults.NotAParameter.At($"parameters.{own}", own)
            : request.Parameters.Count > MostParameters ? ReportingFaults.NotAParameter.At("parameters", "…")
            : null;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    // What a mail server takes; whether anybody is there, only a mail can tell.
    [GeneratedRegex(
        @"^[^\s\p{Cc}@<>()\[\],;:\\""]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Mailbox();
}
