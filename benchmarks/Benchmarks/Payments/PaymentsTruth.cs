using System.CommandLine;
using System.Globalization;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// Whether money is applied once while everything that can go wrong with payments does: ./bench payments-truth.
/// </summary>
internal static class PaymentsTruth
{
    private const string Name = "payments-truth";

    /// <summary>The command; its exit code is 0 only where everything is as it must be.</summary>
    public static Command Command(Option<bool> quick, Option<bool> json)
    {
        var payments = new Option<int?>("--payments") { Description = "How many invoices are paid (default 100,000)" };
        var kills = new Option<int?>("--kills") { Description = "How often Payments, PostgreSQL or RabbitMQ is killed (default 30)" };
        var seed = new Option<int>("--seed")
        {
            Description = "What sales, payers, victims and times of death follow from",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command(
            Name,
            "Payments by every way, notices doubled, late and lost, and kill -9 meanwhile: the ledger is what providers and banks took"
        )
        {
            payments,
            kills,
            seed,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var isQuick = parsed.GetValue(quick);
                var size = new TruthSize
                {
                    Payments = parsed.GetValue(payments) ?? (isQuick ? 1_500 : 100_000),
                    Kills = parsed.GetValue(kills) ?? (isQuick ? 4 : 30),
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

                await Console.Error.WriteLineAsync($"--seed {size.Seed} makes the same payments and victims again.");
                return 1;
            }
        );
        return command;
    }

    private static async Task<EnduranceReport> RunAsync(TruthSize size, CancellationToken cancellation)
    {
        await using var system = await BenchSystem.StartAsync(cancellation, TruthRun.Settings, "--empty=true");
        var keepsData = system.KeepsData;
        // Whatever goes wrong from here on, what shows why stays.
        system.KeepsData = true;
        var report = await TruthRun.OfAsync(() => system.Parts, size, Say, cancellation);
        system.KeepsData = keepsData || report.Failures.Count > 0;
        return report;
    }

    private static void Say(string what) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {what}"));
}
