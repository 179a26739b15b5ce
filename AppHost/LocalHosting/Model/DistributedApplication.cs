using Microsoft.Extensions.Configuration;
using RetailInvoicing.AppHost.LocalHosting;

namespace Aspire.Hosting;

/// <summary>The whole system, ready to run.</summary>
public sealed class DistributedApplication
{
    private readonly LocalSystem system;

    internal DistributedApplication(LocalSystem system) => this.system = system;

    /// <summary>Begins the description of a system.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new LocalApplicationBuilder(args);

    /// <summary>Runs the system until it is told to stop; publishes it where the arguments say so.</summary>
    /// <remarks>The work is done before this returns: the calling thread, the main one, blocks: it is the one that starts the children.</remarks>
    public async Task RunAsync(CancellationToken cancellationToken = default) =>
        Environment.ExitCode = system.ExecutionContext.IsPublishMode
            ? Manifest.Write(system)
            : await new LocalRun(system).RunAsync(cancellationToken);
}

/// <summary>Thrown where the description of the system contradicts itself.</summary>
public sealed class DistributedApplicationException(string message) : Exception(message);

/// <summary>Whether the system is run or published.</summary>
public sealed class DistributedApplicationExecutionContext(bool publish)
{
    /// <summary>It is described for another place.</summary>
    public bool IsPublishMode { get; } = publish;

    /// <summary>It runs here.</summary>
    public bool IsRunMode => !IsPublishMode;
}

/// <summary>Takes the description of a system.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Arguments, environment and settings files.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder of the AppHost's project; relative paths start there.</summary>
    string AppHostDirectory { get; }

    /// <summary>Whether the system is run or published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>Adds a resource to the system.</summary>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Ends the description.</summary>
    DistributedApplication Build();
}

/// <summary>Takes the description of one resource.</summary>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The system it belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }
}

internal sealed class LocalApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly LocalSystem system;

    public LocalApplicationBuilder(string[] args)
    {
        Configuration = new ConfigurationManager();
        Configuration["engine"] = "local";
        Configuration.AddEnvironmentVariables().AddCommandLine(args);
        AppHostDirectory = FindAppHostDirectory();
        ExecutionContext = new(string.Equals(Configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase));
        system = new LocalSystem(Configuration, AppHostDirectory, ExecutionContext);
    }

    public ConfigurationManager Configuration { get; }
    public string AppHostDirectory { get; }
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        system.Add((Resource)(object)resource);
        return new LocalResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build() => new(system);

    private static string FindAppHostDirectory()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AppHost.csproj")))
                return folder.FullName;
        throw new DistributedApplicationException("AppHost must be started from its build output below AppHost/.");
    }

    private sealed class LocalResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T>
        where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder => builder;
        public T Resource => resource;
    }
}
