using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>A system of the benchmark's own: other data and other ports than any that runs.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    public static readonly string Root = Environment.GetEnvironmentVariable("RETAIL_ROOT") ?? Here();

    private readonly DirectoryInfo _data;
    private readonly Process _appHost;

    private BenchSystem(DirectoryInfo data, Process appHost) => (_data, _appHost) = (data, appHost);

    /// <summary>Whether its data and logs stay when it stops.</summary>
    public bool KeepsData { get; set; } = Environment.GetEnvironmentVariable("RETAIL_KEEP") is not null;

    /// <summary>Where its parts are.</summary>
    public RunningSystem Parts => RunningSystem.Of(_data);

    /// <summary>Starts one and waits until it is ready; the settings are environment variables that every service gets.</summary>
    public static async Task<BenchSystem> StartAsync(
        CancellationToken cancellation,
        IReadOnlyDictionary<string, string>? settings = null,
        params string[] further
    )
    {
        var data = Directory.CreateTempSubdirectory("retail-bench-");
        // The database server runs as another user and must get there.
        data.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Root, RedirectStandardOutput = true };
        string[] arguments =
        [
            Path.Combine(Root, "AppHost", "bin", configuration, "net10.0", "RetailInvoicing.AppHost.dll"),
            $"--data={data.FullName}",
            "--port-base",
            $"{FreePorts()}",
            .. further,
        ];
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Array.ForEach(arguments, start.ArgumentList.Add);
        var system = new BenchSystem(data, Process.Start(start)!);
        system._appHost.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        system._appHost.BeginOutputReadLine();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!File.Exists(Path.Combine(data.FullName, "endpoints.json")) && await tick.WaitForNextTickAsync(cancellation))
        {
            if (system._appHost.HasExited)
            {
                throw new InvalidOperationException("the system ended instead of getting ready");
            }
        }

        return system;
    }

    /// <summary>Stops it and takes its data away, unless they are to be kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_appHost.HasExited)
        {
            SendSignal(_appHost.Id, 15);
            await _appHost.WaitForExitAsync();
        }

        _appHost.Dispose();
        if (KeepsData)
        {
            await Console.Error.WriteLineAsync($"Kept: {_data.FullName}");
        }
        else
        {
            _data.Delete(recursive: true);
        }
    }

    private static int FreePorts() =>
        Enumerable.Range(0, 60).Select(i => 26000 + 100 * i).First(first => Enumerable.Range(first, 100).All(IsFree));

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Here([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static extern int SendSignal(int process, int signal);
}
