// The names, namespaces and signatures in Model/ are Aspire's own (13.5): Program.cs compiles against either. Only what it calls is here.
using RetailInvoicing.AppHost.LocalHosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Anything that the topology names.</summary>
public interface IResource
{
    /// <summary>The name that logs, environment variables and the console use.</summary>
    string Name { get; }
}

/// <summary>A resource that is started with environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that is started with arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that starts only after others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that others reach by a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>How the connection string is put together.</summary>
    ReferenceExpression ConnectionStringExpression { get; }
}

/// <summary>A value that is known once the system's ports and secrets are.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that a manifest writes as an expression.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, such as {invoicing.bindings.http.url}.</summary>
    string ValueExpression { get; }
}

/// <summary>What every resource of the local engine carries.</summary>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public string Name { get; } = name;

    internal LocalSystem System { get; set; } = null!;
    internal List<KeyValuePair<string, object>> Environment { get; } = [];
    internal List<EndpointAnnotation> Endpoints { get; } = [];
    internal List<object> Arguments { get; } = [];
    internal List<IResource> WaitsFor { get; } = [];
    internal List<IResource> References { get; } = [];
    internal List<Action<ResourceUrlAnnotation>> UrlCallbacks { get; } = [];
    internal List<(string? Name, string Target)> Volumes { get; } = [];
    internal string? HealthPath { get; set; }
    internal string? Image { get; set; }

    internal EndpointAnnotation Endpoint(string name) =>
        Endpoints.Find(e => e.Name == name) ?? throw new DistributedApplicationException($"{Name} has no endpoint named {name}.");
}

/// <summary>One port on which a resource listens.</summary>
public sealed class EndpointAnnotation(string name, string scheme)
{
    /// <summary>The name by which others ask for it.</summary>
    public string Name { get; } = name;

    /// <summary>The scheme of its address.</summary>
    public string UriScheme { get; } = scheme;

    /// <summary>Whether people outside reach it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>The port that the process itself listens on.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The port asked for.</summary>
    public int? Port { get; set; }

    internal string? PortVariable { get; init; }

    /// <summary>Set where a stand-in without a port serves this endpoint.</summary>
    internal string? Address { get; set; }
}

/// <summary>How an address is shown to people.</summary>
public sealed class ResourceUrlAnnotation
{
    /// <summary>The words shown beside the address.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The address.</summary>
    public string Url { get; set; } = "";
}

/// <summary>One of our own programs.</summary>
public sealed class ProjectResource(string name, string path)
    : Resource(name),
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithServiceDiscovery,
        IResourceWithWaitSupport
{
    internal string Path { get; } = path;
}

/// <summary>A container; locally a program that stands in for it.</summary>
public class ContainerResource(string name)
    : Resource(name),
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithEndpoints,
        IResourceWithWaitSupport;

/// <summary>The database server.</summary>
public sealed class PostgresServerResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    internal string? InitFiles { get; set; }

    /// <summary>The administrator's password.</summary>
    public ParameterResource PasswordParameter { get; } = password;

    /// <summary>The server's own port.</summary>
    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username=postgres;Password={PasswordParameter}"
        );
}

/// <summary>One database on the server.</summary>
public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    : Resource(name),
        IResourceWithConnectionString
{
    /// <summary>The server that holds it.</summary>
    public PostgresServerResource Parent { get; } = parent;

    /// <summary>Its name on the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={DatabaseName}");
}

/// <summary>The broker.</summary>
public sealed class RabbitMQServerResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    internal const string ManagementEndpointName = "management";

    /// <summary>The password of the user named guest.</summary>
    public ParameterResource PasswordParameter { get; } = password;

    /// <summary>The AMQP port.</summary>
    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"amqp://guest:{PasswordParameter}@{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}"
        );
}

/// <summary>A value that is given or made up once, such as a password.</summary>
public sealed class ParameterResource(string name, ParameterDefault? fallback, bool secret)
    : Resource(name),
        IValueProvider,
        IManifestExpressionProvider
{
    /// <summary>Whether it must not be shown.</summary>
    public bool Secret { get; } = secret;

    /// <summary>What it is when nobody gives a value.</summary>
    public ParameterDefault? Default { get; } = fallback;

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(System.ValueOf(this));
}

/// <summary>How a parameter gets its value when nobody gives one.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes the value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>How long a container lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the AppHost.</summary>
    Session,

    /// <summary>Longer than the AppHost.</summary>
    Persistent,
}

/// <summary>Where a published system runs; the local engine only takes note of the name.</summary>
public sealed class ComputeEnvironmentResource(string name) : Resource(name);
