using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>Whether a system that is killed again and again under full load loses, doubles or misnumbers anything: ./bench endurance.</summary>
internal static class Endurance
{
    private const string Name = "endurance";
    private const string SellerId = "endurance";

    /// <summary>The command; its exit code is 0 only where everything is as it must be.</summary>
    public static Command Command(Option<bool> quick, Option<bool> json)
    {
        var sales = new Option<int?>("--sales") { Description = "How many (default 1,000,000)" };
        var kills = new Option<int?>("--kills") { Description = "How often Invoicing, PostgreSQL or RabbitMQ is killed (default 50)" };
        var mailEvery = new Option<int?>("--mail-every") { Description = "Of how many sales one is mailed (default 1,000; 0: none)" };
        var seed = new Option<int>("--seed")
        {
            Description = "What sales, victims and times of death follow from",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command(
            Name,
            "64 tills on one series, a fifth of the sales sent twice, and kill -9 meanwhile: no gap, no duplicate, one chain, each event one effect"
        )
        {
            sales,
            kills,
            mailEvery,
            seed,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var isQuick = parsed.GetValue(quick);
                var size = new EnduranceSize
                {
                    Sales = parsed.GetValue(sales) ?? (isQuick ? 15_000 : 1_000_000),
                    Kills = parsed.GetValue(kills) ?? (isQuick ? 6 : 50),
                    MailEvery = parsed.GetValue(mailEvery) ?? (isQuick ? 200 : 1_000),
                    Seed = parsed.GetValue(seed),
                };
                try
                {
                    var report = await RunAsync(size, cancellation);
                    await Console.Error.WriteLineAsync(report.ToString());
                    await ResultFile.WriteAsync(Name, report.Result, parsed.GetValue(json), cancellation);
                    if (report.Failures.Count == 0)
                    {
                        return 0;
                    }

                    await Console.Error.WriteLineAsync($"Not so: {string.Join("; ", report.Failures.Select(each => each.What))}");
                }
                catch (CommandFailed failed)
                {
                    await Console.Error.WriteLineAsync($"It could not go on: {failed.Message}");
                }

                await Console.Error.WriteLineAsync($"--seed {size.Seed} makes the same sales and victims again.");
                return 1;
            }
        );
        return command;
    }

    private static async Task<EnduranceReport> RunAsync(EnduranceSize size, CancellationToken cancellation)
    {
        await using var system = await BenchSystem.StartAsync(cancellation);
        var keepsData = system.KeepsData;
        // Whatever goes wrong from here on, what shows why stays.
        system.KeepsData = true;
        var report = await EnduranceRun.OfAsync(await OpenAsync(() => system.Parts, cancellation), size, Say, cancellation);
        system.KeepsData = keepsData || report.Failures.Count > 0;
        return report;
    }

    private static async Task<EnduranceTarget> OpenAsync(Func<RunningSystem> system, CancellationToken cancellation)
    {
        using var admin = Connections.Http(system().Http("invoicing"), system().Admin!.ApiKey);
        using var registered = await admin.PutAsJsonAsync(
            $"/v1/sellers/{SellerId}",
            DemoShop.Seller with
            {
                Email = "tienda@endurance.example",
                TaxId = "B87654323",
            },
            Wire.Tolerant,
            cancellation
        );
        registered.EnsureSuccessStatusCode();
        var key = await Connections.MakeKeyAsync(admin, SellerId, DemoShop.Scopes, cancellation);
        return new EnduranceTarget(system, SellerId, key.ApiKey);
    }

    private static void Say(string what) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {what}"));
}
