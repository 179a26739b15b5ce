using System.Collections.Concurrent;
using System.Diagnostics;

namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>A server of this test run: it ends with it, even when the run is killed.</summary>
internal sealed class ChildProcess : IDisposable
{
    // The kernel's parent-death signal follows the thread that started the child, so one thread starts them all and lives on.
    private static readonly BlockingCollection<Action> Work = [];

    private readonly Process _process;

    static ChildProcess()
    {
        var starter = new Thread(() =>
        {
            foreach (var start in Work.GetConsumingEnumerable())
            {
                start();
            }
        })
        {
            IsBackground = true,
            Name = "child-starter",
        };
        starter.Start();
    }

    private ChildProcess(Process process) => _process = process;

    public static async Task<ChildProcess> StartAsync(
        string log,
        string? user,
        IDictionary<string, string> environment,
        params string[] command
    )
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                var start = new ProcessStartInfo("setpriv") { RedirectStandardOutput = true, RedirectStandardError = true };
                if (user is not null && Environment.UserName == "root")
                {
                    foreach (var argument in new[] { "--reuid", user, "--regid", user, "--clear-groups" })
                    {
                        start.ArgumentList.Add(argument);
                    }
                }

                foreach (var argument in new[] { "--pdeathsig", "KILL", "--" }.Concat(command))
                {
                    start.ArgumentList.Add(argument);
                }

                foreach (var (name, value) in environment)
                {
                    start.Environment[name] = value;
                }

                started.SetResult(Process.Start(start)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        var process = await started.Task;
        var output = File.CreateText(log);
        output.AutoFlush = true;
        void Write(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.WriteLine(line.Data);
            }
        }

        process.OutputDataReceived += Write;
        process.ErrorDataReceived += Write;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process);
    }

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
