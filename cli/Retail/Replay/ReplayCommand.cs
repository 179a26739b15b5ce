using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;
using Spectre.Console;

namespace RetailInvoicing.Retail.Replay;

/// <summary>./retail replay FILE.csv.gz</summary>
public static class ReplayCommand
{
    private static readonly string[] Scopes = ["sales:write", "invoices:read"];

    /// <summary>The command, its options and their words.</summary>
    public static Command Of(GlobalOptions global)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The shop's file (CSV, gzipped or not), such as data/retail/….csv.gz" };
        var from = new Option<DateOnly?>("--from") { Description = "First day, as dated in the file", HelpName = "DATE" };
        var to = new Option<DateOnly?>("--to") { Description = "Last day, as dated in the file", HelpName = "DATE" };
        var speed = new Option<string>("--speed")
        {
            Description = "How many times the shop's own pace, or max",
            HelpName = "N|max",
            DefaultValueFactory = _ => "max",
        };
        speed.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value != "max" && SpeedOf(token.Value) is not > 0m)
            {
                result.AddError($"--speed wants a number above 0 or max, not '{token.Value}'.");
            }
        });
        var via = new Option<ReplayVia>("--via")
        {
            Description = "The way in",
            DefaultValueFactory = _ => ReplayVia.Http,
            HelpName = "http|grpc|bus",
        };
        var seller = new Option<string>("--seller")
        {
            Description = "Whose shop it becomes; for another than demo the replay makes itself a key for the time it runs",
            HelpName = "ID",
            DefaultValueFactory = _ => "demo",
        };
        var command = new Command("replay", "Posts the sales of a real shop's file, moved by 780 weeks, and tells what became of each")
        {
            file,
            from,
            to,
            speed,
            via,
            seller,
        };
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        var order = new ReplayOrder
                        {
                            File = parsed.GetRequiredValue(file),
                            From = parsed.GetValue(from),
                            To = parsed.GetValue(to),
                            Speed = SpeedOf(parsed.GetValue(speed)),
                            Via = parsed.GetValue(via),
                            Seller = parsed.GetValue(seller)!,
                        };
                        var tally = await RunAsync(order, RunningSystem.Of(data), cancellation);
                        Show(tally, json);
                        return tally.Unexpected.Count == 0 ? 0 : 1;
                    }
                )
        );
        return command;
    }

    private static decimal? SpeedOf(string? speed) =>
        decimal.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var times) ? times : null;

    private static async Task<Tally> RunAsync(ReplayOrder order, RunningSystem system, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var numbers = order.Of(ShopNumber.Of(ShopFile.Read(order.File))).ToArray();
        if (numbers.Length == 0)
        {
            return new Tally();
        }

        var key = system.Demo is { } demo && demo.SellerId == order.Seller ? demo.ApiKey : null;
        using var admin = Connections.Http(system.Http("invoicing"), system.Admin?.ApiKey);
        var made = key is null ? await Connections.MakeKeyAsync(admin, order.Seller, Scopes, cancellation) : null;
        key ??= made!.ApiKey;
        try
        {
            var startedAt = clock.GetUtcNow();
            using var http = Connections.Http(system.Http("invoicing"), key);
            var invoices = new InvoiceLookUp(http);
            await using ISaleDoor door = order.Via switch
            {
                ReplayVia.Grpc => new GrpcDoor(system.Grpc("invoicing"), key),
                ReplayVia.Bus => new BusDoor(
                    new Uri(system.Messaging?.Amqp ?? throw new CommandFailed("endpoints.json names no broker")),
                    new SellerId(order.Seller),
                    key,
                    invoices,
                    startedAt
                ),
                _ => new HttpDoor(http),
            };
            var replay = new ReplayShop(door, async (sale, stop) => (await invoices.OfSaleAsync(sale, stop))?.IssuedAt, startedAt, clock);
            return await OnTerminal
                .Progress()
                .StartAsync(async context =>
                {
                    var bar = context.AddTask(
                        $"{order.File.Name} → {order.Seller}",
                        maxValue: numbers.Count(number => number.Refusal is null)
                    );
                    return await replay.RunAsync(
                        numbers,
                        order.Speed,
                        (done, trouble) =>
                        {
                            bar.Increment(done);
                            if (trouble is not null)
                            {
                                OnTerminal.Say($"{trouble}; sending again what was not answered");
                            }
                        },
                        cancellation
                    );
                });
        }
        finally
        {
            if (made is not null)
            {
                // The key was for this run only.
                using var gone = await Connections.AnsweredAsync(
                    () => admin.DeleteAsync($"/v1/sellers/{order.Seller}/keys/{made.KeyId}", CancellationToken.None),
                    CancellationToken.None
                );
            }
        }
    }

    private static void Show(Tally tally, bool json)
    {
        foreach (var refusal in tally.Unexpected)
        {
            OnTerminal.Say($"refused, and nothing in the file calls for it: {refusal}");
        }

        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(tally.ToResult(), Wire.Tolerant));
            return;
        }

        var table = new Table().RoundedBorder().AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        table.AddRow("Numbers read", Text(tally.Read));
        table.AddRow("Issued", Text(tally.Issued));
        table.AddRow("Repeated", Text(tally.Repeated));
        table.AddRow("Refused", Text(tally.Refused.Values.Sum()));
        foreach (var (code, count) in tally.Refused)
        {
            table.AddRow($"  {code.EscapeMarkup()}{Words(code)}", Text(count));
        }

        table.AddRow("Returns with their original", Text(tally.WithOriginal));
        table.AddRow("Returns without", Text(tally.Blind));
        table.AddRow("Total with VAT issued, EUR", tally.ToResult().TotalWithVat.ToString(CultureInfo.InvariantCulture));
        OnTerminal.Result.Write(table);
    }

    private static string Words(string code) =>
        code switch
        {
            ShopNumber.BadDebtAdjustment => "  adjustment of bad debt, no sale",
            ShopNumber.StockAdjustment => "  stock adjustment, nothing is priced",
            Tally.OverTicketLimit => "  above 3,000 EUR and no buyer named",
            _ => "",
        };

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
