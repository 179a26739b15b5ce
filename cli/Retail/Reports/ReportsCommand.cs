using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Retail.Running;
using Spectre.Console;

namespace RetailInvoicing.Retail.Reports;

/// <summary>./retail reports rebuild</summary>
public static class ReportsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The command, its options and its words.</summary>
    public static Command Of(GlobalOptions global)
    {
        var seller = new Option<string?>("--seller") { Description = "One seller only", HelpName = "ID" };
        var rebuild = new Command(
            "rebuild",
            "Makes all reports again from the kept events while the old ones serve, and says whether every row is the same; exit code 1 where not"
        )
        {
            seller,
        };
        rebuild.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(parsed, (data, json) => RebuildAsync(data, parsed.GetValue(seller), json, cancellation))
        );
        return new Command("reports", "Reports: making them again") { rebuild };
    }

    private static async Task<int> RebuildAsync(DirectoryInfo data, string? seller, bool json, CancellationToken cancellation)
    {
        var system = RunningSystem.Of(data);
        using var admin = Connections.Http(
            system.Http("reporting"),
            system.Admin?.ApiKey ?? throw new CommandFailed("endpoints.json names no admin key.")
        );
        var query = seller is null ? "" : $"?seller={Uri.EscapeDataString(seller)}";
        var state = await AskedAsync(admin.PostAsync($"/v1/reports/rebuild{query}", null, cancellation), cancellation);
        while ((string)state["state"]! is not ("done" or "failed"))
        {
            await Task.Delay(Pause, cancellation);
            state = await AskedAsync(admin.GetAsync("/v1/reports/rebuild", cancellation), cancellation);
        }

        var isGood = (string)state["state"]! == "done" && (bool?)state["isEqual"] == true;
        if (json)
        {
            Console.Out.WriteLine(state.ToJsonString());
            return isGood ? 0 : 1;
        }

        var (events, lines, milliseconds) = ((long)state["events"]!, (long)state["lines"]!, (long?)state["builtInMs"] ?? 0);
        OnTerminal.Result.MarkupLineInterpolated(
            $"{((string)state["state"]!)}: {events.ToString("N0", CultureInfo.InvariantCulture)} events with {lines.ToString("N0", CultureInfo.InvariantCulture)} invoice lines in {(milliseconds / 1000m).ToString("0.0", CultureInfo.InvariantCulture)} s"
        );
        foreach (var differs in state["differs"]?.AsArray() ?? [])
        {
            OnTerminal.Result.MarkupLineInterpolated($"[red]differs[/] {(string)differs!}");
        }

        OnTerminal.Result.MarkupLineInterpolated(
            $"{(state["reason"] is { } reason ? (string)reason! : isGood ? "Every row is the same." : "Not every row was the same; the rebuilt ones serve.")}"
        );
        return isGood ? 0 : 1;
    }

    private static async Task<JsonNode> AskedAsync(Task<HttpResponseMessage> asking, CancellationToken cancellation)
    {
        using var answer = await asking;
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!;
        return answer.IsSuccessStatusCode ? body : throw new CommandFailed($"{body["code"]}: {body["detail"]}");
    }
}
