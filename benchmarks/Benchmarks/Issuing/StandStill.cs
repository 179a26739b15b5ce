using System.Collections.Concurrent;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// Processes of the benchmark's own system stand still until it is disposed of: what is measured meanwhile has the cores for itself,
/// PostgreSQL and RabbitMQ apart. One within another leaves those still that the outer one has stopped.
/// </summary>
internal sealed class StandStill : IDisposable
{
    private const int Continue = 18;
    private const int Stop = 19;

    private static readonly ConcurrentDictionary<int, int> Stopped = new();

    private readonly List<int> _processes;

    /// <summary>Stops every process but the servers and those that are named.</summary>
    public StandStill(RunningSystem system, params string[] butNot)
    {
        string[] going = ["postgres", "messaging", .. butNot];
        _processes = [.. system.Processes.Where(each => !going.Contains(each.Key, StringComparer.Ordinal)).Select(each => each.Value)];
        foreach (var process in _processes)
        {
            Stopped.AddOrUpdate(process, 1, (_, times) => times + 1);
            _ = BenchSystem.SendSignal(process, Stop);
        }
    }

    /// <summary>They go on.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (Stopped.AddOrUpdate(process, 0, (_, times) => times - 1) == 0)
            {
                _ = BenchSystem.SendSignal(process, Continue);
            }
        }
    }
}
