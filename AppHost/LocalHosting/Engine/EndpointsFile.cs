using System.Text.Json.Nodes;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>What scripts and tests read to find the running system.</summary>
internal static class EndpointsFile
{
    public const string Name = "endpoints.json";

    public static async Task<JsonObject> ContentAsync(LocalSystem system, IEnumerable<Member> members)
    {
        var content = new JsonObject
        {
            ["status"] = "ready",
            ["host"] = "local",
            ["pid"] = System.Environment.ProcessId,
            ["services"] = new JsonObject(),
        };
        foreach (var resource in system.Resources)
            if (resource is PostgresServerResource postgres)
                content["postgres"] = new JsonObject
                {
                    ["host"] = "127.0.0.1",
                    ["port"] = postgres.Endpoint("tcp").Port,
                    ["username"] = "postgres",
                    ["password"] = system.ValueOf(postgres.PasswordParameter),
                };
            else if (resource is RabbitMQServerResource rabbit)
                content["messaging"] = new JsonObject
                {
                    ["amqp"] = await rabbit.ConnectionStringExpression.GetValueAsync(),
                    ["management"] = await AddressAsync(rabbit, "management"),
                };
            else if (resource is ContainerResource { Image: MailMember.Image })
                content["mail"] = await AddressesAsync(resource);
            else if (resource is ProjectResource { Endpoints.Count: > 0 })
                content["services"]![resource.Name] = await AddressesAsync(resource);
        var processes = new JsonObject();
        foreach (var member in members.Where(m => !m.RunsToCompletion && m is not PortMapperMember))
            if (member.ProcessId is { } processId)
                processes[member.Name] = processId;
        content["processes"] = processes;
        if (system.Resources.OfType<ParameterResource>().FirstOrDefault(p => p.Name == "admin-key") is { } key)
            content["admin"] = new JsonObject { ["apiKey"] = system.ValueOf(key) };
        if (system.Resources.Any(r => r.Name == "demo") && await system.Data!.ReadAsync("demo.json") is { } demo)
            content["demo"] = demo;
        return content;
    }

    private static async Task<JsonObject> AddressesAsync(Resource resource)
    {
        var addresses = new JsonObject();
        foreach (var endpoint in resource.Endpoints)
            addresses[endpoint.Name] = await AddressAsync((IResourceWithEndpoints)resource, endpoint.Name);
        return addresses;
    }

    private static async Task<string?> AddressAsync(IResourceWithEndpoints resource, string endpoint) =>
        await new EndpointReference(resource, endpoint).GetValueAsync();
}
