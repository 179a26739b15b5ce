using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>What to start, and as whom.</summary>
internal sealed record Launch(string Program, params string[] Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string? Directory { get; init; }
    public string? User { get; init; }
    public string? Log { get; init; }
}

/// <summary>
/// Starts every child from one thread, the main one: the kernel kills a child when the thread that started it ends, so that nothing is
/// left behind even when the AppHost is killed with -9.
/// </summary>
internal sealed class Spawner
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private readonly BlockingCollection<Action> work = [];

    /// <summary>Starts children until <see cref="Close"/>; called once, by the main thread.</summary>
    public void Serve()
    {
        foreach (var start in work.GetConsumingEnumerable())
            start();
    }

    public void Close() => work.CompleteAdding();

    public Task<Process> StartAsync(Launch launch)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                started.SetResult(
                    Process.Start(Wrapped(launch)) ?? throw new InvalidOperationException($"{launch.Program} did not start.")
                );
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    /// <summary>Runs a tool to its end and returns its exit code; what it says goes to its log.</summary>
    public async Task<int> RunAsync(Launch launch, CancellationToken stop)
    {
        using var process = await StartAsync(launch);
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            Signal(process.Id, Kill);
            throw;
        }
        return process.ExitCode;
    }

    public static void Signal(int processId, int signal) => _ = kill(processId, signal);

    public static bool RunsAsRoot { get; } = geteuid() == 0;

    /// <summary>
    /// The shell appends output to the log itself, so that a child never waits for the AppHost to read; a session of its own keeps the
    /// terminal's Ctrl-C away from it, because the order of stopping is ours. Each step replaces the one before: the process id stays.
    /// </summary>
    private static ProcessStartInfo Wrapped(Launch launch)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = launch.Directory ?? "/" };
        List<string> words = ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", launch.Log ?? "/dev/null"];
        words.AddRange(["setsid", "setpriv"]);
        if (launch.User is { } user)
            words.AddRange(["--reuid", user, "--regid", user, "--clear-groups"]);
        words.AddRange(["--pdeathsig", "KILL", "--", launch.Program, .. launch.Arguments]);
        words.ForEach(start.ArgumentList.Add);
        foreach (var (name, value) in launch.Environment)
            start.Environment[name] = value;
        return start;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int processId, int signal);

    [DllImport("libc")]
    private static extern uint geteuid();
}
