using System.Globalization;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Doors;

/// <summary>Faults that every door can have.</summary>
internal static class Spoiling
{
    /// <summary>Waits where the door is slow; the answer of one that is down, null where it is not.</summary>
    public static async Task<IResult?> SpoilAsync(
        this Faults faults,
        string place,
        string? order,
        TimeProvider clock,
        CancellationToken token
    )
    {
        if (faults.Draw(FaultKinds.Slow, place, order) is { } slow)
        {
            await Task.Delay(slow.Wait(5), clock, token);
        }

        return faults.Draw(FaultKinds.Down, place, order) is { } down
            ? Results.Content("<html><body>Service Unavailable</body></html>", "text/html; charset=utf-8", statusCode: StatusOf(down))
            : null;
    }

    /// <summary>The answer, unless it is lost on the way: then the line is cut.</summary>
    public static IResult OrLost(this IResult answer, Faults faults, string place, string? order) =>
        faults.Draw(FaultKinds.LostAnswer, place, order) is null ? answer : new Cut();

    private static int StatusOf(Fault down) =>
        int.TryParse(down.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 599
            ? status
            : StatusCodes.Status503ServiceUnavailable;

    private sealed class Cut : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Abort();
            return Task.CompletedTask;
        }
    }
}
