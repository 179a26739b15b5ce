using Microsoft.Extensions.Configuration;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>The described system: its resources, and where its values come from.</summary>
internal sealed class LocalSystem(
    ConfigurationManager configuration,
    string appHostDirectory,
    DistributedApplicationExecutionContext executionContext
)
{
    private readonly List<Resource> resources = [];

    public ConfigurationManager Configuration => configuration;
    public string AppHostDirectory => appHostDirectory;
    public DistributedApplicationExecutionContext ExecutionContext => executionContext;
    public IReadOnlyList<Resource> Resources => resources;

    /// <summary>Set when the system runs; a published system has no data.</summary>
    public DataDirectory? Data { get; set; }

    public void Add(Resource resource)
    {
        if (resources.Exists(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"Two resources are named {resource.Name}.");
        resource.System = this;
        resources.Add(resource);
    }

    /// <summary>A parameter is what the user gives (--Parameters:name=…, Parameters__name), else what was made up the first time.</summary>
    public string ValueOf(ParameterResource parameter) =>
        configuration[$"Parameters:{parameter.Name}"]
        ?? Data?.Secret(parameter.Name, parameter.Default)
        ?? throw new DistributedApplicationException($"Give a value for {parameter.Name}: --Parameters:{parameter.Name}=…");
}

/// <summary>An expected reason not to start, told to the user as one sentence.</summary>
internal sealed class RefusalException(string message) : Exception(message);
