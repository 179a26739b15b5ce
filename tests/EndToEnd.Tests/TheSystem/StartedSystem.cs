using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>The whole system, as ./run starts it: AppHost in a process of its own, with its own data and ports.</summary>
public sealed class StartedSystem : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(60);

    private readonly Process _appHost;
    private readonly StringBuilder _console;

    private StartedSystem(DirectoryInfo data, Process appHost, StringBuilder console) =>
        (Data, _appHost, _console) = (data, appHost, console);

    /// <summary>Its data directory.</summary>
    public DirectoryInfo Data { get; }

    /// <summary>What its endpoints.json says now.</summary>
    public RunningSystem Now => RunningSystem.Of(Data);

    /// <summary>What AppHost has written to its console.</summary>
    public string Console
    {
        get
        {
            lock (_console)
            {
                return _console.ToString();
            }
        }
    }

    /// <summary>Starts one and waits until it is ready.</summary>
    public static Task<StartedSystem> StartAsync() => StartAsync([]);

    /// <summary>
    /// Starts one with further arguments of AppHost's, and settings as environment variables that every service gets, and waits until it is
    /// ready.
    /// </summary>
    public static async Task<StartedSystem> StartAsync(IReadOnlyList<string> further, IReadOnlyDictionary<string, string>? settings = null)
    {
        var data = Directory.CreateTempSubdirectory("retail-e2e-");
        // The database server runs as another user and must get there.
        data.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var console = new StringBuilder();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Repository.Built("AppHost", "RetailInvoicing.AppHost"));
        start.ArgumentList.Add($"--data={data.FullName}");
        start.ArgumentList.Add("--port-base");
        start.ArgumentList.Add($"{FreePorts()}");
        foreach (var argument in further)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var appHost = new Process { StartInfo = start };
        appHost.OutputDataReceived += Keep;
        appHost.ErrorDataReceived += Keep;
        appHost.Start();
        appHost.BeginOutputReadLine();
        appHost.BeginErrorReadLine();
        var system = new StartedSystem(data, appHost, console);
        try
        {
            await Wait.UntilAsync("the system is ready", StartsWithin, () => Task.FromResult(IsReady(data) || appHost.HasExited));
            Assert.False(appHost.HasExited, "AppHost ended instead of getting ready");
        }
        catch (Exception exception)
        {
            var said = system.Console;
            await system.DisposeAsync();
            throw new InvalidOperationException($"{exception.Message}\n{said}", exception);
        }

        return system;

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (console)
            {
                console.AppendLine(line.Data);
            }
        }
    }

    /// <summary>A client of a service with a key; the demo seller's where none is given, none at all where it is empty.</summary>
    public HttpClient Http(string service, string? key = null)
    {
        var http = Connections.Http(Now.Http(service), key == "" ? null : key ?? Now.Demo!.ApiKey);
        http.Timeout = TimeSpan.FromSeconds(60);
        return http;
    }

    /// <summary>A client with the admin key.</summary>
    public HttpClient Admin() => Http("invoicing", Now.Admin!.ApiKey);

    /// <summary>Kills a resource's process with -9, as a power cut would; false where it is just not running.</summary>
    public bool Kill(string resource) => Now.Processes.TryGetValue(resource, out var id) && SendSignal(id, 9) == 0;

    /// <summary>Waits until every service answers that it is well; fails naming those that do not.</summary>
    public Task WellAsync(TimeSpan atMost) =>
        Wait.EqualAsync(
            "every service is well",
            atMost,
            "",
            async () => string.Join(", ", (await Task.WhenAll(Now.Services.Keys.Select(HealthAsync))).OfType<string>())
        );

    private async Task<string?> HealthAsync(string service)
    {
        using var http = Http(service, "");
        http.Timeout = TimeSpan.FromSeconds(3);
        try
        {
            using var health = await http.GetAsync("/health", TestContext.Current.CancellationToken);
            return health.IsSuccessStatusCode ? null : $"{service}: {health.StatusCode}";
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return $"{service}: {exception.Message}";
        }
    }

    /// <summary>The lines of a resource's log so far.</summary>
    public async Task<string> LogAsync(string resource)
    {
        await using var log = new FileStream(
            Path.Combine(Data.FullName, "logs", $"{resource}.log"),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        );
        using var text = new StreamReader(log);
        return await text.ReadToEndAsync();
    }

    /// <summary>Stops it as Ctrl-C does and takes its data away; RETAIL_KEEP=1 keeps the data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_appHost.HasExited)
        {
            SendSignal(_appHost.Id, 15);
            using var late = new CancellationTokenSource(StopsWithin);
            try
            {
                await _appHost.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                // Its children end with it.
                _appHost.Kill();
                await _appHost.WaitForExitAsync(CancellationToken.None);
            }
        }

        _appHost.Dispose();
        if (Environment.GetEnvironmentVariable("RETAIL_KEEP") is null)
        {
            Data.Delete(recursive: true);
        }
    }

    private static bool IsReady(DirectoryInfo data) => File.Exists(Path.Combine(data.FullName, "endpoints.json"));

    /// <summary>A hundred ports below those that the kernel gives out, none of them taken.</summary>
    private static int FreePorts()
    {
        for (var first = 20000 + Environment.ProcessId % 60 * 200; first < 32600; first += 100)
        {
            if (Enumerable.Range(first, 100).All(IsFree))
            {
                return first;
            }
        }

        throw new InvalidOperationException("no hundred free ports below 32768");
    }

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

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
