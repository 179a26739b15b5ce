using System.CommandLine;
using RetailInvoicing.Benchmarks;
using RetailInvoicing.Benchmarks.Collections;
using RetailInvoicing.Benchmarks.Delivery;
using RetailInvoicing.Benchmarks.Issuing;
using RetailInvoicing.Benchmarks.Payments;
using RetailInvoicing.Benchmarks.Reporting;

// What there is to measure; later ones come with the issue that makes their part fast.
Benchmark[] benchmarks =
[
    SaleToInbox.Benchmark,
    Documents.Validation,
    Documents.Writing,
    IssuingBenchmark.Benchmark,
    DeliveryBenchmark.Benchmark,
    NoticesBenchmark.Benchmark,
    Recommendations.Benchmark,
    WorklistBenchmark.Benchmark,
    DunningBenchmark.Benchmark,
    RemindersBenchmark.Benchmark,
    ReportingBenchmark.Benchmark,
];

var quick = new Option<bool>("--quick") { Description = "A form of it in three minutes", Recursive = true };
var json = new Option<bool>("--json") { Description = "Print the result as the last line", Recursive = true };
var root = new RootCommand("Benchmarks: each starts a system of its own and writes benchmarks/results/NAME-DATE.json") { quick, json };
foreach (var benchmark in benchmarks)
{
    var command = new Command(benchmark.Name, benchmark.Measures);
    foreach (var option in benchmark.Options)
    {
        command.Add(option);
    }

    command.SetAction(
        async (parsed, cancellation) =>
        {
            var asked = benchmark.Asked?.Invoke(parsed) ?? benchmark;
            var result = await asked.Run(parsed.GetValue(quick), cancellation);
            await ResultFile.WriteAsync(benchmark.Name, result, parsed.GetValue(json), cancellation);
            return 0;
        }
    );
    root.Add(command);
}

root.Add(Endurance.Command(quick, json));
root.Add(PaymentsTruth.Command(quick, json));
root.SetAction(_ =>
{
    foreach (var command in root.Subcommands)
    {
        Console.WriteLine($"{command.Name, -16} {command.Description}");
    }
});
return await root.Parse(args).InvokeAsync();
