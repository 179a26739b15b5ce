using RetailInvoicing.Simulators.TaxAgency;

var simulators = new Dictionary<string, Func<string[], Task>>(StringComparer.Ordinal) { ["tax-agency"] = Simulator.RunAsync };

if (args is [var name, .. var rest] && simulators.TryGetValue(name, out var run))
{
    await run(rest);
    return 0;
}

await Console.Error.WriteLineAsync($"Which simulator? One of: {string.Join(", ", simulators.Keys)}");
return 2;
