using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;
using Spectre.Console;

namespace RetailInvoicing.Retail.Status;

/// <summary>./retail status: whether every service is well, and what waits in the queues.</summary>
public static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The command; its exit code is 0 only where every service is well.</summary>
    public static Command Of(GlobalOptions global)
    {
        var command = new Command("status", "Whether every service is well, and what waits in the queues");
        command.SetAction(
            (parsed, cancellation) =>
                global.RunAsync(
                    parsed,
                    async (data, json) =>
                    {
                        var system = RunningSystem.Of(data);
                        var services = await Task.WhenAll(system.Services.Select(each => AskAsync(each.Key, each.Value, cancellation)));
                        var queues = await QueuesAsync(system, cancellation);
                        Show(new SystemStatus(services, queues), json);
                        return services.All(service => service.Health == "Healthy") && queues is not null ? 0 : 1;
                    }
                )
        );
        return command;
    }

    private static async Task<ServiceStatus> AskAsync(string name, ServiceAddresses addresses, CancellationToken cancellation)
    {
        using var http = Connections.Http(new Uri(addresses.Http), apiKey: null);
        http.Timeout = Patience;
        try
        {
            using var answer = await http.GetAsync("/health", cancellation);
            return new ServiceStatus(name, addresses.Http, answer.IsSuccessStatusCode ? "Healthy" : "Unhealthy");
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return new ServiceStatus(name, addresses.Http, "Away");
        }
    }

    private static async Task<IReadOnlyList<QueueDepth>?> QueuesAsync(RunningSystem system, CancellationToken cancellation)
    {
        try
        {
            return system.Messaging is null ? null : await new Broker(system.Messaging).QueuesAsync(cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or RabbitMQ.Client.Exceptions.BrokerUnreachableException)
        {
            OnTerminal.Say($"The broker does not answer: {exception.Message}");
            return null;
        }
    }

    private static void Show(SystemStatus status, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(status, Wire.Tolerant));
            return;
        }

        var services = new Table().RoundedBorder().AddColumn("Service").AddColumn("State").AddColumn("Address");
        foreach (var service in status.Services)
        {
            services.AddRow(service.Service, service.Health, service.Address.EscapeMarkup());
        }

        OnTerminal.Result.Write(services);
        if (status.Queues is null)
        {
            return;
        }

        var queues = new Table()
            .RoundedBorder()
            .AddColumn("Queue")
            .AddColumn(new TableColumn("Waiting").RightAligned())
            .AddColumn(new TableColumn("Consumers").RightAligned());
        foreach (var queue in status.Queues.Where(queue => queue.Consumers > 0 || queue.Messages > 0))
        {
            queues.AddRow(
                queue.Queue.EscapeMarkup(),
                queue.Messages.ToString(CultureInfo.InvariantCulture),
                queue.Consumers.ToString(CultureInfo.InvariantCulture)
            );
        }

        OnTerminal.Result.Write(queues);
    }

    private sealed record SystemStatus(
        [property: JsonPropertyName("services")] IReadOnlyList<ServiceStatus> Services,
        [property: JsonPropertyName("queues")] IReadOnlyList<QueueDepth>? Queues
    );

    private sealed record ServiceStatus(
        [property: JsonPropertyName("service")] string Service,
        [property: JsonPropertyName("address")] string Address,
        [property: JsonPropertyName("health")] string Health
    );
}
