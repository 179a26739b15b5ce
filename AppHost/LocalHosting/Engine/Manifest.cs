using System.Text.Encodings.Web;
using System.Text.Json;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>
/// Writes the topology in the shape of Aspire's manifest, so that the two ways of running can be compared:
/// --operation publish --step publish-manifest --output-path DIR.
/// </summary>
internal static class Manifest
{
    private const string FileName = "aspire-manifest.json";

    // What Aspire gives to every project it publishes.
    private static readonly KeyValuePair<string, string>[] ProjectEnvironment =
    [
        new("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES", "true"),
        new("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "true"),
        new("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
        new("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
    ];

    public static int Write(LocalSystem system)
    {
        if (system.Configuration["step"] is { } step && step != "publish-manifest")
        {
            Console.Error.WriteLine($"The local engine publishes the manifest only (--step publish-manifest); {step} needs Aspire.");
            return 1;
        }
        var output = Path.GetFullPath(system.Configuration["output-path"] ?? ".");
        var file = output.EndsWith(".json", StringComparison.Ordinal) ? output : Path.Combine(output, FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var stream = File.Create(file))
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            json.WriteStartObject("resources");
            foreach (var resource in system.Resources)
            {
                json.WriteStartObject(resource.Name);
                Write(json, resource, Path.GetDirectoryName(file)!);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        Console.WriteLine(file);
        return 0;
    }

    private static void Write(Utf8JsonWriter json, Resource resource, string folder)
    {
        switch (resource)
        {
            case ParameterResource parameter:
                WriteParameter(json, parameter);
                break;
            case PostgresDatabaseResource database:
                json.WriteString("type", "value.v0");
                json.WriteString("connectionString", database.ConnectionStringExpression.ValueExpression);
                break;
            case ProjectResource project:
                json.WriteString("type", "project.v0");
                json.WriteString("path", Path.GetRelativePath(folder, project.Path));
                WriteArguments(json, project);
                WriteEnvironment(json, project, [.. ProjectEnvironment, .. Ports(project)]);
                WriteBindings(json, project);
                break;
            case ContainerResource container:
                json.WriteString("type", "container.v0");
                if (container is IResourceWithConnectionString source)
                    json.WriteString("connectionString", source.ConnectionStringExpression.ValueExpression);
                json.WriteString("image", container.Image);
                WriteArguments(json, container);
                WriteVolumes(json, container);
                WriteEnvironment(json, container, []);
                WriteBindings(json, container);
                break;
        }
    }

    private static void WriteParameter(Utf8JsonWriter json, ParameterResource parameter)
    {
        json.WriteString("type", "parameter.v0");
        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret)
            json.WriteBoolean("secret", true);
        if (parameter.Default is GenerateParameterDefault generated)
        {
            json.WriteStartObject("default");
            json.WriteStartObject("generate");
            json.WriteNumber("minLength", generated.MinLength);
            if (!generated.Special)
                json.WriteBoolean("special", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteArguments(Utf8JsonWriter json, Resource resource)
    {
        if (resource.Arguments.Count == 0)
            return;
        json.WriteStartArray("args");
        resource.Arguments.ForEach(argument => json.WriteStringValue(Expression(argument)));
        json.WriteEndArray();
    }

    private static void WriteVolumes(Utf8JsonWriter json, Resource resource)
    {
        if (resource.Volumes.Count == 0)
            return;
        json.WriteStartArray("volumes");
        foreach (var (name, target) in resource.Volumes)
        {
            json.WriteStartObject();
            json.WriteString("name", name ?? $"apphost-{resource.Name}-data");
            json.WriteString("target", target);
            json.WriteBoolean("readOnly", false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteEnvironment(Utf8JsonWriter json, Resource resource, IEnumerable<KeyValuePair<string, string>> given)
    {
        json.WriteStartObject("env");
        foreach (var (name, value) in given)
            json.WriteString(name, value);
        foreach (var (name, value) in resource.Environment)
            json.WriteString(name, Expression(value));
        json.WriteEndObject();
    }

    private static IEnumerable<KeyValuePair<string, string>> Ports(ProjectResource project) =>
        project.Endpoints.Select(e => new KeyValuePair<string, string>(
            e.PortVariable ?? "HTTP_PORTS",
            $"{{{project.Name}.bindings.{e.Name}.targetPort}}"
        ));

    private static void WriteBindings(Utf8JsonWriter json, Resource resource)
    {
        if (resource.Endpoints.Count == 0)
            return;
        json.WriteStartObject("bindings");
        // A project's first port is the publisher's to choose; the others are given out from 8000.
        var next = 8000;
        foreach (var endpoint in resource.Endpoints)
        {
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.UriScheme);
            json.WriteString("protocol", "tcp");
            json.WriteString("transport", endpoint.UriScheme == "http" ? "http" : "tcp");
            if (endpoint.TargetPort is { } target)
                json.WriteNumber("targetPort", target);
            else if (endpoint.PortVariable is not null)
                json.WriteNumber("targetPort", next++);
            if (endpoint.IsExternal)
                json.WriteBoolean("external", true);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Expression(object value) => value is IManifestExpressionProvider later ? later.ValueExpression : (string)value;
}
