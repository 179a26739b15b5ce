using RetailInvoicing.EndToEnd.Tests.TheSystem;

[assembly: AssemblyFixture(typeof(SharedSystem))]
// They share one system and two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>The one system that the tests of this assembly share, started by the first that wants it.</summary>
public sealed class SharedSystem : IAsyncDisposable
{
    /// <summary>Who operates the system, somebody for each screen, and is staff and customer of no seller.</summary>
    public static string OperatorAt(string screen) => $"operaciones-{screen}@example.com";

    // Every journey signs in from one place on the net, as no shop's customers do within a quarter of an hour.
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Portal__AsksPerSource"] = "10000",
        ["Portal__Operators"] = $"{OperatorAt("desk")},{OperatorAt("phone")}",
    };

    private readonly Lazy<Task<StartedSystem>> _started = new(() => StartedSystem.StartAsync([], Settings));

    /// <summary>The system, ready.</summary>
    public Task<StartedSystem> Started => _started.Value;

    /// <summary>Stops it, where a test had started it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated && _started.Value.IsCompletedSuccessfully)
        {
            await (await _started.Value).DisposeAsync();
        }
    }
}
