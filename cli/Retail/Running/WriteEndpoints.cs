using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace RetailInvoicing.Retail.Running;

/// <summary>Writes endpoints.json of a system that Aspire runs, when all of it is ready; process ids are the orchestrator's to know.</summary>
public static class WriteEndpoints
{
    private const string ServicePrefix = "services__";

    /// <summary>The command; AppHost runs it last and says by its environment where everything is.</summary>
    public static Command Of(GlobalOptions global)
    {
        var command = new Command("write-endpoints", "Writes endpoints.json of a system that Aspire runs; ./run --aspire starts it");
        command.SetAction((parsed, cancellation) => global.RunAsync(parsed, async (_, _) => await RunAsync(cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var postgres = new Uri(Given.Needed("Endpoints__Postgres"));
        var system = new RunningSystem
        {
            Status = "ready",
            Host = "aspire",
            Pid = int.Parse(Given.Needed("Endpoints__ProcessId"), CultureInfo.InvariantCulture),
            Services = Services(),
            Messaging = new BrokerAddresses(Given.Needed("ConnectionStrings__messaging"), Given.Needed("Endpoints__Management")),
            Postgres = new DatabaseAddress(postgres.Host, postgres.Port, "postgres", Given.Needed("Endpoints__PostgresPassword")),
            Mail = new MailAddresses(Given.Needed("Endpoints__Smtp"), Given.Needed("Endpoints__Inbox")),
            Admin = new AdminKey(Given.Needed("Keys__AdminKey")),
            Demo = Given.Maybe("Demo__File") is { } demo
                ? JsonSerializer.Deserialize<DemoSeller>(await File.ReadAllTextAsync(demo, cancellation), JsonSerializerOptions.Web)
                : null,
        };
        var file = Given.Needed("Endpoints__File");
        await WholeFile.WriteAsync(file, system.ToJson(), cancellation);
        OnTerminal.Say($"Ready: {file}");
        return 0;
    }

    /// <summary>services__invoicing__grpc__0=http://… is where Invoicing answers gRPC.</summary>
    private static Dictionary<string, ServiceAddresses> Services() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(variable => (Name: (string)variable.Key, Address: (string)variable.Value!))
            .Where(variable => variable.Name.StartsWith(ServicePrefix, StringComparison.Ordinal))
            .Select(variable => (Parts: variable.Name.Split("__"), variable.Address))
            .GroupBy(variable => variable.Parts[1], StringComparer.Ordinal)
            .ToDictionary(
                service => service.Key,
                service =>
                {
                    var addresses = service.ToDictionary(endpoint => endpoint.Parts[2], endpoint => endpoint.Address);
                    return new ServiceAddresses(addresses["http"], addresses.GetValueOrDefault("grpc"));
                },
                StringComparer.Ordinal
            );
}
