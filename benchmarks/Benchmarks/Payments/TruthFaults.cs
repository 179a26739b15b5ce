using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>What goes wrong at the simulated providers during a run.</summary>
internal sealed class TruthFaults(EnduranceTarget target)
{
    private static readonly object[] OfStripe =
    [
        new
        {
            kind = "duplicate",
            rate = 0.30,
            seconds = 2,
        },
        new
        {
            kind = "out-of-order",
            rate = 0.20,
            seconds = 3,
        },
        new { kind = "lost-notice", rate = 0.05 },
        new { kind = "lost-answer", rate = 0.03 },
        new
        {
            kind = "down",
            rate = 0.01,
            on = "api",
        },
        new { kind = "refund-failure", rate = 0.15 },
        new { kind = "dispute", rate = 0.01 },
    ];
    private static readonly object[] OfRedsys =
    [
        new
        {
            kind = "duplicate",
            on = "notification",
            rate = 0.30,
            seconds = 1.0,
        },
        new
        {
            kind = "out-of-order",
            on = "notification",
            rate = 0.20,
            seconds = 3.0,
        },
        new
        {
            kind = "lost-notification",
            on = "notification",
            rate = 0.05,
        },
        new
        {
            kind = "lost-answer",
            on = "refund",
            rate = 0.10,
        },
        new
        {
            kind = "lost-answer",
            on = "query",
            rate = 0.03,
        },
        new
        {
            kind = "down",
            on = "query",
            rate = 0.01,
        },
        new
        {
            kind = "refund-failure",
            on = "refund",
            rate = 0.15,
        },
        new
        {
            kind = "forged",
            on = "notification",
            rate = 0.02,
        },
    ];

    /// <summary>Asks for them.</summary>
    public async Task BeginAsync(int seed, CancellationToken cancellation)
    {
        foreach (var (name, faults) in new[] { ("stripe", OfStripe), ("redsys", OfRedsys) })
        {
            using var simulator = Connections.Http(target.System().Http(name), null);
            (await simulator.PutAsJsonAsync("/control/settings", new { seed }, cancellation)).EnsureSuccessStatusCode();
            foreach (var fault in faults)
            {
                (await simulator.PostAsJsonAsync("/control/faults", fault, cancellation)).EnsureSuccessStatusCode();
            }
        }
    }

    /// <summary>Ends them; gives back how often each was had.</summary>
    public async Task<IReadOnlyDictionary<string, double>> EndAsync(CancellationToken cancellation)
    {
        var had = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in new[] { "stripe", "redsys" })
        {
            using var simulator = Connections.Http(target.System().Http(name), null);
            var faults = await simulator.GetFromJsonAsync<JsonElement>("/control/faults", cancellation);
            foreach (var fault in faults.EnumerateArray())
            {
                var on =
                    fault.TryGetProperty("on", out var place) && place.ValueKind == JsonValueKind.String ? $" {place.GetString()}" : "";
                had[$"{name}: {fault.GetProperty("kind").GetString()}{on}"] = fault.GetProperty("had").GetInt32();
            }

            (await simulator.DeleteAsync("/control/faults", cancellation)).EnsureSuccessStatusCode();
        }

        return had;
    }
}
