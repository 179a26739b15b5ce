using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Retail.Running;
using Spectre.Console;

namespace RetailInvoicing.Retail.Chains;

/// <summary>./retail chains list|holds|lift|restored</summary>
public static class ChainsCommand
{
    /// <summary>The commands, their options and their words.</summary>
    public static Command Of(GlobalOptions global)
    {
        var command = new Command("chains", "Chains of fiscal records: how they stand, which are on hold, and how a hold is lifted")
        {
            List(global),
            Holds(global),
            Lift(global),
            Restored(global),
        };
        command.SetAction((parsed, cancellation) => global.RunAsync(parsed, (data, json) => ListAsync(data, json, cancellation)));
        return command;
    }

    private static Command List(GlobalOptions global)
    {
        var command = new Command("list", "Every chain: its length, what waits for the tax agency, whether it is on hold");
        command.SetAction((parsed, cancellation) => global.RunAsync(parsed, (data, json) => ListAsync(data, json, cancellation)));
        return command;
    }

    private static Command Holds(GlobalOptions global)
    {
        var all = new Option<bool>("--all") { Description = "Those that were lifted too" };
        var command = new Command("holds", "The holds that stand; exit code 1 while there is one") { all };
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        using var admin = Admin(data);
                        var holds = new List<FiscalHold>();
                        var isAll = parsed.GetValue(all);
                        for (string? cursor = null; ; )
                        {
                            var page = await AskedAsync<HoldPage>(
                                admin.GetAsync(
                                    $"/v1/fiscal/holds?limit=200&standing={(isAll ? "false" : "true")}&cursor={cursor}",
                                    cancellation
                                ),
                                cancellation
                            );
                            holds.AddRange(page.Holds);
                            if (page.NextCursor is null)
                            {
                                break;
                            }

                            cursor = page.NextCursor;
                        }

                        Show(holds, json);
                        return holds.Exists(hold => hold.LiftedAt is null) ? 1 : 0;
                    }
                )
        );
        return command;
    }

    private static Command Lift(GlobalOptions global)
    {
        var hold = new Argument<Guid>("HOLD") { Description = "The hold's id, as holds shows it" };
        var how = new Option<string>("--how")
        {
            Description = "adopt: the tax agency's last record becomes the head; go-on: the chain goes on as it stands here",
            HelpName = "adopt|go-on",
            Required = true,
        };
        how.AcceptOnlyFromAmong("adopt", "go-on");
        var reason = new Option<string>("--reason") { Description = "Why; it is written down for ever", Required = true };
        var numbers = new Option<string[]>("--number")
        {
            Description = "The highest number that was given in a series, where more is known than stands here",
            HelpName = "SERIES=NUMBER",
        };
        var command = new Command("lift", "Lifts a hold") { hold, how, reason, numbers };
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        var highest = new JsonObject();
                        foreach (var each in parsed.GetValue(numbers) ?? [])
                        {
                            var at = each.LastIndexOf('=');
                            if (at < 1 || !long.TryParse(each[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                            {
                                throw new CommandFailed($"{each} is not like F-S01-2026=123.");
                            }

                            highest[each[..at]] = number;
                        }

                        using var admin = Admin(data);
                        var lifted = await AskedAsync<FiscalHold>(
                            admin.PostAsJsonAsync(
                                $"/v1/fiscal/holds/{parsed.GetRequiredValue(hold)}/lift",
                                new JsonObject
                                {
                                    ["how"] = parsed.GetRequiredValue(how),
                                    ["reason"] = parsed.GetRequiredValue(reason),
                                    ["numbers"] = highest,
                                },
                                cancellation
                            ),
                            cancellation
                        );
                        if (json)
                        {
                            Console.Out.WriteLine(JsonSerializer.Serialize(lifted, Wire.Tolerant));
                        }
                        else
                        {
                            OnTerminal.Result.MarkupLineInterpolated(
                                $"[green]Lifted[/] ({lifted.LiftedHow ?? ""}): {lifted.TaxId} {Word(lifted.Environment)} takes records again."
                            );
                        }

                        return 0;
                    }
                )
        );
        return command;
    }

    private static Command Restored(GlobalOptions global)
    {
        var command = new Command(
            "restored",
            "Says that the database was restored from a backup: every chain is held until it agrees with the tax agency"
        );
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        using var admin = Admin(data);
                        var page = await AskedAsync<HoldPage>(admin.PostAsync("/v1/fiscal/restored", null, cancellation), cancellation);
                        Show(page.Holds, json);
                        return page.Holds.Count == 0 ? 0 : 1;
                    }
                )
        );
        return command;
    }

    private static async Task<int> ListAsync(DirectoryInfo data, bool json, CancellationToken cancellation)
    {
        using var admin = Admin(data);
        var list = await AskedAsync<ChainList>(admin.GetAsync("/v1/fiscal/chains", cancellation), cancellation);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(list, Wire.Tolerant));
            return 0;
        }

        if (list.Chains.Count == 0)
        {
            Console.Out.WriteLine("No chains: nothing was recorded yet.");
            return 0;
        }

        var table = new Table().RoundedBorder().AddColumn("Taxpayer").AddColumn("Environment").AddColumn("Sellers");
        foreach (var column in new[] { "Records", "Pending" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("Last record").AddColumn("State");
        foreach (var chain in list.Chains)
        {
            table.AddRow(
                chain.TaxId.EscapeMarkup(),
                Word(chain.Environment),
                string.Join(", ", chain.Sellers ?? []).EscapeMarkup(),
                chain.Records.ToString(CultureInfo.InvariantCulture),
                chain.Pending.ToString(CultureInfo.InvariantCulture),
                chain.LastRecordedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "",
                chain switch
                {
                    { Reason: { } reason } => $"[red]on hold ({reason.EscapeMarkup()})[/] {chain.HoldId}",
                    { IncidentSince: { } since } => string.Create(CultureInfo.InvariantCulture, $"[yellow]not sent since {since:u}[/]"),
                    _ => "[green]in order[/]",
                }
            );
        }

        OnTerminal.Result.Write(table);
        return 0;
    }

    private static void Show(IReadOnlyList<FiscalHold> holds, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new HoldPage { Holds = holds }, Wire.Tolerant));
            return;
        }

        if (holds.Count == 0)
        {
            Console.Out.WriteLine("No chain is on hold.");
        }

        foreach (var hold in holds)
        {
            var state = hold.LiftedHow is { } how ? $"lifted ({how}: {hold.LiftedReason})" : "on hold";
            OnTerminal.Result.MarkupLineInterpolated(
                $"[bold]{hold.HoldId}[/] {hold.TaxId} {Word(hold.Environment)} installation {hold.Installation}: {hold.Reason}, {state}"
            );
            OnTerminal.Result.MarkupLineInterpolated($"  since {hold.PlacedAt.ToString("u", CultureInfo.InvariantCulture)}: {hold.Detail}");
            if (hold.Agency is { } agency)
            {
                OnTerminal.Result.MarkupLineInterpolated(
                    $"  the agency's last record: {agency.Number}, {agency.IssueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {agency.Fingerprint}"
                );
            }
        }
    }

    private static string Word(SellerEnvironment environment) => environment == SellerEnvironment.Production ? "production" : "test";

    private static HttpClient Admin(DirectoryInfo data)
    {
        var system = RunningSystem.Of(data);
        return Connections.Http(
            system.Http("invoicing"),
            system.Admin?.ApiKey ?? throw new CommandFailed("endpoints.json names no admin key.")
        );
    }

    private static async Task<T> AskedAsync<T>(Task<HttpResponseMessage> asking, CancellationToken cancellation)
    {
        using var answer = await asking;
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<T>(body, Wire.Tolerant)!
            : throw new CommandFailed(Refusal((int)answer.StatusCode, body));
    }

    private static string Refusal(int status, string body)
    {
        try
        {
            var problem = JsonNode.Parse(body);
            return $"{problem?["code"]}: {problem?["detail"]}";
        }
        catch (JsonException)
        {
            return $"Invoicing answers {status}: {body}";
        }
    }
}
