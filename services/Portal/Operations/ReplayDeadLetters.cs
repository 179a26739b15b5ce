using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Operations;

/// <summary>
/// Sends one dead letter, or all of a queue, back to where they came from. A form counts once; and what is sent back twice all the same, as
/// where a process dies between the two halves, consumers take once.
/// </summary>
public sealed class ReplayDeadLetters
{
    /// <summary>Sends them back.</summary>
    public Task<IResult> HandleAsync(AskOperations ask, string service, string queue, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ReplayDeadLetters));
        return ask.ActAsync(form, () => ReplayAsync(ask, service, queue, form["message"]));
    }

    /// <summary>What came of it, after the browser was sent on.</summary>
    internal static string? Said(AskOperations ask) =>
        long.TryParse(ask.Asked("replayed"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count == 1
                ? ask.Say("Devuelto: 1 mensaje. Su servicio lo intenta otra vez.", "Sent back: 1 message. Its service tries again.")
                : ask.Say(
                    $"Devueltos: {count} mensajes. Su servicio lo intenta otra vez.",
                    $"Sent back: {count} messages. Its service tries again."
                )
            : null;

    private static async Task<Outcome<string>> ReplayAsync(AskOperations ask, string service, string queue, string? message)
    {
        if (!AskOperations.Services.Contains(service))
        {
            return PortalFaults.NotFound.With();
        }

        var path = $"{Uri.EscapeDataString(service)}/{Uri.EscapeDataString(queue)}";
        var order = message is { Length: > 0 } ? new JsonObject { ["message"] = message } : new JsonObject { ["all"] = true };
        var done = await ask.SendAsync(service, $"/v1/operations/dead-letters/{Uri.EscapeDataString(queue)}/replay", order);
        return done.Refused(out var refused)
            ? refused
            : $"/operations/dead-letters/{path}?replayed={done.Value.Count("replayed").ToString(CultureInfo.InvariantCulture)}";
    }
}
