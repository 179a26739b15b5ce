using RetailInvoicing.Benchmarks.Issuing;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>
/// Two simulated years of reminders for 20,000 receivables in Madrid, the Canary Islands and New York, with everything going wrong that may:
/// nothing is repeated, missed or sent when it should not be, and every amount is right. It ends with an error where anything is not.
/// </summary>
internal static class RemindersBenchmark
{
    public static readonly Benchmark Benchmark = new(
        "reminders",
        "Two simulated years of reminders with kills, sleeps, and events twice and out of order, held against an independent truth",
        RunAsync
    );

    private const int Seed = 1;

    /// <summary>Both years' clock changes on both sides of the ocean.</summary>
    private static readonly ReminderLength Whole = new(20_000, Utc(2026, 1, 1), Utc(2028, 1, 1));

    /// <summary>The clock changes of one spring.</summary>
    private static readonly ReminderLength Short = new(1_500, Utc(2026, 2, 1), Utc(2026, 5, 1));

    private static async Task<BenchmarkResult> RunAsync(bool quick, CancellationToken cancellation)
    {
        await using var system = await BenchSystem.StartAsync(cancellation, null, "--empty=true");
        var server = system.Parts.Postgres!;
        await using var databases = new Databases(server);
        await using (var create = databases.Of("postgres").CreateCommand("create database reminders"))
        {
            await create.ExecuteNonQueryAsync(cancellation);
        }

        var result = await ReminderTrial.RunAsync(
            Seed,
            quick ? Short : Whole,
            Databases.ConnectionString(server, "reminders"),
            migrate: true,
            cancellation
        );
        Console.Error.WriteLine(
            $"{result.Invoices} invoices, {result.Messages} messages of {result.Steps} steps, {result.Runs} runs, "
                + $"{result.Kills} kills, {result.Found.All} violations, {result.Took.TotalMinutes:0.0} min"
        );
        var raw = new Dictionary<string, double>
        {
            ["invoices"] = result.Invoices,
            ["messages"] = result.Messages,
            ["steps"] = result.Steps,
            ["consolidated"] = result.Consolidated,
            ["runs"] = result.Runs,
            ["kills"] = result.Kills,
            ["eventsTwice"] = result.EventsTwice,
            ["minutes"] = result.Took.TotalMinutes,
        };
        foreach (
            var kind in new[]
            {
                ReminderChecks.Repeated,
                ReminderChecks.Paid,
                ReminderChecks.InFlight,
                ReminderChecks.Stopped,
                ReminderChecks.Missed,
                ReminderChecks.Hours,
                ReminderChecks.Cap,
                ReminderChecks.Amount,
                "books",
            }
        )
        {
            raw[$"violations.{kind}"] = result.Found.Of(kind);
        }

        return result.Found.All == 0
            ? new BenchmarkResult(new Dictionary<string, double>(), raw)
            : throw new InvalidOperationException($"{result.Found.All} violations:\n{result.Found}");
    }

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
