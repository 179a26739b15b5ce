using System.Diagnostics;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>One process of the system: started when what it waits for is ready, and again whenever it ends.</summary>
internal abstract class Member(LocalRun run, Resource resource)
{
    private const int AttemptsBeforeGivingUp = 8;
    private const int AttemptsAtOneTask = 3;
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);
    private static readonly double[] BackOffSeconds = [0, 0.2, 1, 2, 4, 8, 15];

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? process;

    public string Name => resource.Name;
    public Resource Resource => resource;
    public Task Ready => ready.Task;

    /// <summary>The process id, for those who watch or test; absent while it is down.</summary>
    public int? ProcessId => process is { HasExited: false } running ? running.Id : null;

    /// <summary>Ends by itself and is then done.</summary>
    public virtual bool RunsToCompletion => false;

    /// <summary>Whether the system is not ready without it. What an earlier run has done is looked after again, and nobody waits for that.</summary>
    public virtual bool IsAwaited => true;

    protected LocalRun Run => run;
    protected string Log => run.Data.Log(Name);
    protected virtual int StopSignal => Spawner.Terminate;
    protected virtual TimeSpan StopPatience => TimeSpan.FromSeconds(10);

    public async Task SuperviseAsync(IEnumerable<Task> dependencies, CancellationToken stop)
    {
        await Task.WhenAll(dependencies).WaitAsync(stop);
        var since = run.Elapsed;
        await PrepareAsync(stop);
        for (var failures = 0; ; failures++)
        {
            var started = run.Elapsed;
            process = await run.Spawner.StartAsync(await LaunchAsync(stop));
            run.ProcessesChanged();
            var exit = process.WaitForExitAsync(stop);
            if (RunsToCompletion)
            {
                await exit;
                if (process.ExitCode != 0 && failures + 1 < AttemptsAtOneTask)
                {
                    await WaitBeforeNextAsync(process.ExitCode, failures + 2, stop);
                    continue;
                }
                run.Board.Say(
                    Name,
                    process.ExitCode == 0 ? $"done after {Board.Seconds(run.Elapsed - since)}" : $"could not be done: see {Log}"
                );
                ready.TrySetResult();
                run.ProcessesChanged();
                return;
            }
            await BecomeReadyAsync(exit, first: !ready.Task.IsCompleted, since: ready.Task.IsCompleted ? started : since, stop);
            await exit;
            if (run.Elapsed - started > Healthy)
                failures = 0;
            await WaitBeforeNextAsync(process.ExitCode, failures, stop);
        }
    }

    public async Task StopAsync()
    {
        if (process is not { HasExited: false } running)
            return;
        Spawner.Signal(running.Id, StopSignal);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(run.InAHurry);
        patience.CancelAfter(StopPatience);
        try
        {
            await running.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            run.Board.Say(Name, "does not stop by itself; killed");
            Spawner.Signal(running.Id, Spawner.Kill);
            await running.WaitForExitAsync(CancellationToken.None);
        }
    }

    protected abstract Task<Launch> LaunchAsync(CancellationToken stop);

    protected abstract Task<bool> IsReadyAsync(CancellationToken stop);

    /// <summary>Done once, before the first start.</summary>
    protected virtual Task PrepareAsync(CancellationToken stop) => Task.CompletedTask;

    /// <summary>Done once, when it first answers and before others may use it; false to be tried again.</summary>
    protected virtual Task<bool> SetUpAsync(CancellationToken stop) => Task.FromResult(true);

    private async Task BecomeReadyAsync(Task exit, bool first, TimeSpan since, CancellationToken stop)
    {
        using var poll = new PeriodicTimer(PollEvery);
        while (!exit.IsCompleted)
        {
            if (await IsReadyAsync(stop) && (!first || await SetUpAsync(stop)))
            {
                if (exit.IsCompleted)
                    return;
                if (this is not PortMapperMember)
                    run.Board.Say(Name, (first ? "ready after " : "back after ") + Board.Seconds(run.Elapsed - since));
                ready.TrySetResult();
                return;
            }
            await Task.WhenAny(exit, poll.WaitForNextTickAsync(stop).AsTask());
        }
        stop.ThrowIfCancellationRequested();
    }

    private async Task WaitBeforeNextAsync(int exitCode, int failures, CancellationToken stop)
    {
        if (!ready.Task.IsCompleted && failures + 1 >= AttemptsBeforeGivingUp)
            throw new RefusalException(
                $"{Name} ended {failures + 1} times before it was ready. Its last words, from {Log}:\n    "
                    + string.Join("\n    ", await Logs.LastLinesAsync(Log, 12))
            );
        var pause = TimeSpan.FromSeconds(BackOffSeconds[Math.Min(failures, BackOffSeconds.Length - 1)]);
        run.Board.Say(
            Name,
            $"ended ({Reason(exitCode)}); starting it again" + (pause > TimeSpan.FromSeconds(0.5) ? $" in {Board.Seconds(pause)}" : "")
        );
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, stop);
    }

    private static string Reason(int exitCode) => exitCode > 128 ? $"signal {exitCode - 128}" : $"exit code {exitCode}";
}
