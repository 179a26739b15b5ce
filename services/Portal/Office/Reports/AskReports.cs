using System.Text.Json;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>Asks Reporting for what of a report is shown.</summary>
public static class AskReports
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>The first rows of a report.</summary>
    public static async Task<Outcome<ReportRows>> RowsAsync(AskOffice office, string path, int most)
    {
        var file = await office.FileAsync("reporting", path);
        if (file.Refused(out var fault))
        {
            return fault;
        }

        await using var answer = file.Value;
        var beginning = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == beginning.Length)
                {
                    if (length >= MostBytes)
                    {
                        return ReportRows.Of(beginning.AsSpan(0, length), isWhole: false, most);
                    }

                    Array.Resize(ref beginning, beginning.Length * 2);
                }

                var read = await answer.ReadAsync(beginning.AsMemory(length), office.Http.RequestAborted);
                if (read == 0)
                {
                    return ReportRows.Of(beginning.AsSpan(0, length), isWhole: true, most);
                }

                length += read;
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or JsonException)
        {
            return PortalFaults.Away.With();
        }
    }
}
