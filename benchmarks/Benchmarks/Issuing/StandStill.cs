using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// Processes of the benchmark's own system that stand still while it is disposed of later: what is measured then has the cores for itself,
/// PostgreSQL and RabbitMQ apart.
/// </summary>
internal sealed class StandStill : IDisposable
{
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly List<int> _stopped = [];

    /// <summary>Stops every process but the servers and those that are named.</summary>
    public StandStill(RunningSystem system, params string[] butNot)
    {
        string[] going = ["postgres", "messaging", .. butNot];
        foreach (var (_, process) in system.Processes.Where(each => !going.Contains(each.Key, StringComparer.Ordinal)))
        {
            BenchSystem.SendSignal(process, Stop);
            _stopped.Add(process);
        }
    }

    /// <summary>They go on.</summary>
    public void Dispose() => _stopped.ForEach(process => _ = BenchSystem.SendSignal(process, Continue));
}
