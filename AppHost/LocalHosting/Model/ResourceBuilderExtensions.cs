using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>What every kind of resource can be told.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Sets an environment variable to a fixed text.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.Set(name, value ?? "");

    /// <summary>Sets an environment variable to a text known later.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.Set(name, value);

    /// <summary>Sets an environment variable to an address.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.Set(name, endpointReference);

    /// <summary>Sets an environment variable to a parameter.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        string name,
        IResourceBuilder<ParameterResource> parameter
    )
        where T : IResourceWithEnvironment => builder.Set(name, parameter.Resource);

    /// <summary>Adds arguments.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs
    {
        builder.Inner().Arguments.AddRange(args);
        return builder;
    }

    /// <summary>Gives the connection string of another resource.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false
    )
        where TDestination : IResourceWithEnvironment
    {
        _ = optional;
        builder.Inner().References.Add(source.Resource);
        builder.Set($"ConnectionStrings__{connectionName ?? source.Resource.Name}", new ConnectionStringReference(source.Resource));
        // Its parts too, for those who put their own address together.
        if (source.Resource is RabbitMQServerResource rabbit)
        {
            var prefix = (connectionName ?? rabbit.Name).ToUpperInvariant();
            builder.Set($"{prefix}_HOST", rabbit.PrimaryEndpoint.Property(EndpointProperty.Host));
            builder.Set($"{prefix}_PORT", rabbit.PrimaryEndpoint.Property(EndpointProperty.Port));
            builder.Set($"{prefix}_USERNAME", "guest");
            builder.Set($"{prefix}_PASSWORD", rabbit.PasswordParameter);
            builder.Set($"{prefix}_URI", rabbit.ConnectionStringExpression);
        }
        return builder;
    }

    /// <summary>Gives the addresses of another service.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source
    )
        where TDestination : IResourceWithEnvironment
    {
        builder.Inner().References.Add(source.Resource);
        foreach (var endpoint in source.Inner().Endpoints)
        {
            var address = new EndpointReference(source.Resource, endpoint.Name);
            builder.Set($"{source.Resource.Name}_{endpoint.Name}".ToUpperInvariant(), address);
            builder.Set($"services__{source.Resource.Name}__{endpoint.Name}__0", address);
        }
        return builder;
    }

    /// <summary>Starts only when the other resource is ready.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        builder.Inner().WaitsFor.Add(dependency.Resource);
        return builder;
    }

    /// <summary>Starts only when the other resource has ended well.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        int exitCode = 0
    )
        where T : IResourceWithWaitSupport
    {
        if (exitCode != 0)
            throw new DistributedApplicationException("Here a step has ended well when its exit code is 0.");
        return builder.WaitFor(dependency);
    }

    /// <summary>Adds a port that speaks HTTP; env names the variable by which the process learns it.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool isProxied = true
    )
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name ?? "http", env, isProxied);

    /// <summary>Adds a port.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool isProxied = true,
        bool? isExternal = null
    )
        where T : IResourceWithEndpoints
    {
        _ = isProxied;
        var endpoint = new EndpointAnnotation(name ?? scheme ?? "tcp", scheme ?? "tcp")
        {
            Port = port,
            TargetPort = targetPort,
            PortVariable = env,
            IsExternal = isExternal ?? false,
        };
        builder.Inner().Endpoints.Add(endpoint);
        return builder;
    }

    /// <summary>The address of one of a resource's ports.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Ready when this path answers 200.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null
    )
        where T : IResourceWithEndpoints
    {
        _ = (statusCode, endpointName);
        builder.Inner().HealthPath = path ?? "/";
        return builder;
    }

    /// <summary>People outside reach its HTTP ports.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Inner().Endpoints.Where(e => e.UriScheme == "http"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>Says how an address is shown.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<ResourceUrlAnnotation> callback
    )
        where T : IResource
    {
        _ = endpointName;
        builder.Inner().UrlCallbacks.Add(callback);
        return builder;
    }

    internal static Resource Inner<T>(this IResourceBuilder<T> builder)
        where T : IResource => (Resource)(object)builder.Resource;

    private static IResourceBuilder<T> Set<T>(this IResourceBuilder<T> builder, string name, object value)
        where T : IResource
    {
        builder.Inner().Environment.RemoveAll(e => e.Key == name);
        builder.Inner().Environment.Add(new(name, value));
        return builder;
    }
}

/// <summary>The kinds of resource.</summary>
public static class LocalResourceKinds
{
    /// <summary>Adds one of our own programs; its http port comes from launchSettings.json, as in Aspire.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath,
        string? launchProfileName = null
    )
    {
        var path = Path.GetFullPath(projectPath, builder.AppHostDirectory);
        var project = builder.AddResource(new ProjectResource(name, path));
        var settings = Path.Combine(Path.GetDirectoryName(path)!, "Properties", "launchSettings.json");
        if (File.Exists(settings))
        {
            using var json = JsonDocument.Parse(File.ReadAllText(settings));
            var profiles = json.RootElement.GetProperty("profiles");
            var profile = launchProfileName is null ? profiles.EnumerateObject().First().Value : profiles.GetProperty(launchProfileName);
            var url = new Uri(profile.GetProperty("applicationUrl").GetString()!.Split(';')[0]);
            project.Resource.Endpoints.Add(new EndpointAnnotation("http", "http") { Port = url.Port });
        }
        return project;
    }

    /// <summary>Adds a container; locally the program that stands in for its image.</summary>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image)
    {
        var container = builder.AddResource(new ContainerResource(name));
        container.Resource.Image = image + ":latest";
        return container;
    }

    /// <summary>Adds a value that is given or generated once.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        bool secret = false
    ) => builder.AddResource(new ParameterResource(name, null, secret));

    /// <summary>Adds a value that is given or generated once.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false
    )
    {
        _ = persist;
        return builder.AddResource(new ParameterResource(name, value, secret));
    }

    /// <summary>Publishes for Kubernetes.</summary>
    public static IResourceBuilder<ComputeEnvironmentResource> AddKubernetesEnvironment(
        this IDistributedApplicationBuilder builder,
        string name
    ) => new Unlisted<ComputeEnvironmentResource>(builder, new ComputeEnvironmentResource(name));

    /// <summary>Publishes for Docker Compose.</summary>
    public static IResourceBuilder<ComputeEnvironmentResource> AddDockerComposeEnvironment(
        this IDistributedApplicationBuilder builder,
        string name
    ) => new Unlisted<ComputeEnvironmentResource>(builder, new ComputeEnvironmentResource(name));

    private sealed record Unlisted<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T>
        where T : IResource;
}

/// <summary>What containers can be told.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>How long the container lives; local processes end with the AppHost.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime)
        where T : ContainerResource
    {
        _ = lifetime;
        return builder;
    }
}

/// <summary>PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds the database server.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null
    )
    {
        if (userName is not null || password is null)
            throw new DistributedApplicationException("Here the administrator is named postgres and the password is a parameter.");
        var server = builder
            .AddResource(new PostgresServerResource(name, password.Resource))
            .WithEndpoint(port: port, targetPort: 5432, name: PostgresServerResource.PrimaryEndpointName)
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            .WithEnvironment("POSTGRES_USER", "postgres")
            .WithEnvironment("POSTGRES_PASSWORD", password);
        server.Resource.Image = "docker.io/library/postgres:18.3";
        return server;
    }

    /// <summary>Keeps the data between runs; locally it is in the data directory anyway.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder,
        string? name = null,
        bool isReadOnly = false
    )
    {
        _ = isReadOnly;
        builder.Resource.Volumes.Add((name, "/var/lib/postgresql"));
        return builder;
    }

    /// <summary>Scripts that set the server up.</summary>
    public static IResourceBuilder<PostgresServerResource> WithInitFiles(
        this IResourceBuilder<PostgresServerResource> builder,
        string source
    )
    {
        builder.Resource.InitFiles = Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory);
        return builder;
    }

    /// <summary>Adds a database.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder,
        string name,
        string? databaseName = null
    ) => builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));
}

/// <summary>RabbitMQ.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>Adds the broker.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null
    )
    {
        if (userName is not null || password is null)
            throw new DistributedApplicationException("Here the broker's user is named guest and the password is a parameter.");
        var server = builder
            .AddResource(new RabbitMQServerResource(name, password.Resource))
            .WithEndpoint(port: port, targetPort: 5672, name: RabbitMQServerResource.PrimaryEndpointName)
            .WithEnvironment("RABBITMQ_DEFAULT_USER", "guest")
            .WithEnvironment("RABBITMQ_DEFAULT_PASS", password);
        server.Resource.Image = "docker.io/library/rabbitmq:4.3";
        return server;
    }

    /// <summary>Adds the management page and API.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder)
    {
        builder.Resource.Image += "-management";
        return builder.WithHttpEndpoint(targetPort: 15672, name: RabbitMQServerResource.ManagementEndpointName);
    }

    /// <summary>Keeps the data between runs; locally it is in the data directory anyway.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder,
        string? name = null,
        bool isReadOnly = false
    )
    {
        _ = isReadOnly;
        builder.Resource.Volumes.Add((name, "/var/lib/rabbitmq"));
        return builder;
    }
}
