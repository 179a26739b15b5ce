using System.Globalization;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>One of our own programs, started from its build output with the environment that Aspire would give it.</summary>
internal sealed class ProjectMember(LocalRun run, ProjectResource project) : Member(run, project)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>A program without an address does its work and ends.</summary>
    public override bool RunsToCompletion => project.Endpoints.Count == 0;

    /// <summary>
    /// A task that left its result in the data directory was done by an earlier run; the outside world is ready when it likes to be.
    /// </summary>
    public override bool IsAwaited { get; } =
        project.Endpoints.Count > 0 ? !IsSimulator(project) : !File.Exists(run.Data.FileNamed($"{project.Name}.json"));

    private static bool IsSimulator(ProjectResource project) => Path.GetFileName(project.Path) == "Simulators.csproj";

    protected override async Task<Launch> LaunchAsync(CancellationToken stop)
    {
        var folder = Path.GetDirectoryName(project.Path)!;
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Path.Combine(
            folder,
            "bin",
            output.Parent!.Name,
            output.Name,
            $"RetailInvoicing.{Path.GetFileNameWithoutExtension(project.Path)}.dll"
        );
        if (!File.Exists(program))
            throw new RefusalException($"{Name} is not built: {program} is missing. ./run builds it.");
        var environment = await Run.EnvironmentOfAsync(project, stop);
        foreach (var endpoint in project.Endpoints)
        {
            var port = endpoint.Port!.Value.ToString(CultureInfo.InvariantCulture);
            if (endpoint.PortVariable is { } variable)
                environment[variable] = port;
            else
                environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        }
        environment["ASPNETCORE_ENVIRONMENT"] = environment["DOTNET_ENVIRONMENT"] = "Development";
        environment["OTEL_SERVICE_NAME"] = Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Guid.CreateVersion7():N}";
        environment["OTEL_BSP_SCHEDULE_DELAY"] = environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        // One process a service on one machine: memory is scarcer than the last tenth of throughput.
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_gcConcurrent"] = "0";
        environment["DOTNET_GCConserveMemory"] = "5";
        // Seven processes compile themselves at once: without profiling a restart is over a second shorter.
        environment["DOTNET_TieredPGO"] = "0";
        List<string> arguments = ["exec", program];
        foreach (var argument in project.Arguments)
            arguments.Add(await LocalRun.TextAsync(argument, stop));
        return new Launch("dotnet", [.. arguments])
        {
            Directory = folder,
            Environment = environment,
            Log = Log,
        };
    }

    protected override async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await Http.GetAsync($"http://127.0.0.1:{project.Endpoint("http").Port}{project.HealthPath ?? "/"}", stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }
}
