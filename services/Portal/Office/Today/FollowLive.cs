using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Today;

/// <summary>Tells a page that looks at the day that something has changed, as Reporting tells it; a role taken away or a session that has ended ends it within a minute.</summary>
public sealed class FollowLive(TimeProvider clock)
{
    private const int Block = 4096;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The events as they come; the browser comes back by itself when they end.</summary>
    public async Task HandleAsync(AskOffice office)
    {
        var http = office.Http;
        if (office.Door.Fault is not null || office.Door.Chosen is null)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var asked = await office.FileAsync("reporting", "/v1/live");
        if (asked.Refused(out var fault))
        {
            http.Response.StatusCode = fault.Status;
            return;
        }

        await using var events = asked.Value;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        await using var over = clock.CreateTimer(_ => ends.Cancel(), null, Longest, Timeout.InfiniteTimeSpan);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var block = new byte[Block];
        try
        {
            while (await events.ReadAsync(block, ends.Token) is > 0 and var read)
            {
                await http.Response.Body.WriteAsync(block.AsMemory(0, read), ends.Token);
                await http.Response.Body.FlushAsync(ends.Token);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or HttpRequestException)
        {
            // Whoever looked has gone, or it is time to come back and show that it still may.
        }
    }
}
