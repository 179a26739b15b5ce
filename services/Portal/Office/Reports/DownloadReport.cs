using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>A report whole as a file, as Reporting writes it.</summary>
public sealed class DownloadReport
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["csv"] = "text/csv; charset=utf-8",
        ["xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ["parquet"] = "application/vnd.apache.parquet",
        ["pdf"] = "application/pdf",
    };

    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(AskOffice office, string name)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadReport));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        if (ReportKinds.Of(name) is not { } kind || office.Asked("format") is not { } format || !kind.Formats.Contains(format))
        {
            return office.Page.Show(PortalFaults.NotFound.With());
        }

        var question = ReportQuestion.Of(office, kind);
        var file = await office.FileAsync("reporting", question.Door(format, office.Words.FaultLanguage));
        return file.Refused(out var fault)
            ? office.Page.Show(fault)
            : Results.Stream(file.Value, Types[format], $"{kind.Name}-{ReportQuestion.Text(question.To)}.{format}");
    }
}
