using BankSimulator = RetailInvoicing.Simulators.Bank.Simulator;
using RedsysSimulator = RetailInvoicing.Simulators.Redsys.Simulator;
using StripeSimulator = RetailInvoicing.Simulators.Stripe.Simulator;
using TaxAgencySimulator = RetailInvoicing.Simulators.TaxAgency.Simulator;

var simulators = new Dictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
{
    ["tax-agency"] = TaxAgencySimulator.RunAsync,
    ["stripe"] = StripeSimulator.RunAsync,
    ["redsys"] = RedsysSimulator.RunAsync,
    ["bank"] = BankSimulator.RunAsync,
};

if (args is [var name, .. var rest] && simulators.TryGetValue(name, out var run))
{
    await run(rest);
    return 0;
}

await Console.Error.WriteLineAsync($"Which simulator? One of: {string.Join(", ", simulators.Keys)}");
return 2;
