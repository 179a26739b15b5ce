using System.Globalization;
using System.Text.Json;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>What a seller is answered: balances spread over the run, and the trial balance.</summary>
internal sealed class TruthAnswers(TruthShop shop, PatientDoor payments, TruthRecords records)
{
    private const int Samples = 300;

    /// <summary>Asks.</summary>
    public async Task<IReadOnlyList<EnduranceTruth>> CheckAsync(CancellationToken cancellation)
    {
        var faults = new EnduranceFaults();
        var all = records.OfInvoices.Values.OrderBy(each => each.Id).ToList();
        var toInvoice = records.OfAllocations.ToLookup(each => each.Invoice);
        var asked = Math.Min(Samples, all.Count);
        for (var i = 0; i < asked; i++)
        {
            var kept = all[(int)((long)all.Count * i / asked)];
            var balance = (await payments.GetAsync($"/v1/invoices/{kept.Id}/balance", cancellation)).Json;
            var parts = balance.GetProperty("payments").EnumerateArray().Sum(each => Amount(each, "amount"));
            faults.When(
                Amount(balance, "amountDue") != kept.Due
                    || Amount(balance, "inFlight") != kept.InFlight
                    || parts != toInvoice[kept.Id].Sum(each => each.Amount),
                () => $"{kept.Id} is answered {balance.GetRawText()}, and {kept.Due} of it is due"
            );
        }

        var trial = (await payments.GetAsync("/v1/ledger/trial-balance", cancellation)).Json;
        var off = trial
            .GetProperty("sums")
            .EnumerateObject()
            .Sum(each => Math.Abs(decimal.Parse(each.Value.GetString()!, CultureInfo.InvariantCulture)));
        return
        [
            EnduranceTruth.None($"balances of {shop.Id} that are answered in another way ({asked:N0} asked for)", faults),
            new EnduranceTruth($"cents that the trial balance of {shop.Id} is answered to be off", 0, (long)(off * 100m)),
        ];
    }

    private static decimal Amount(JsonElement of, string field) =>
        decimal.Parse(of.GetProperty(field).GetString()!, CultureInfo.InvariantCulture);
}
