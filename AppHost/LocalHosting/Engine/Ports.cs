using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>Which port each resource takes: all within a hundred from the base, the services where launchSettings.json puts them.</summary>
internal sealed class Ports
{
    public const int DefaultBase = 5100;
    private const int Span = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<int, string> taken = [];
    private readonly int first;
    private int nextForInfrastructure;

    public Ports(string? portBase)
    {
        if (
            !int.TryParse(portBase ?? DefaultBase.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out first)
            || first < 1024
            || first > 65535 - Span
        )
            throw new RefusalException($"--port-base takes a number from 1024 to {65535 - Span}, not '{portBase}'.");
        nextForInfrastructure = first + 90;
    }

    /// <summary>Gives each endpoint its port.</summary>
    public void GiveOut(IEnumerable<Resource> resources)
    {
        foreach (var resource in resources)
            if (resource is ProjectResource)
            {
                var port = (resource.Endpoints.Find(e => e.Name == "http")?.Port ?? 0) - DefaultBase;
                if (port is < 0 or > 89 && resource.Endpoints.Count > 0)
                    throw new RefusalException(
                        $"The http port of {resource.Name} in launchSettings.json must be {DefaultBase} to {DefaultBase + 89}."
                    );
                foreach (var endpoint in resource.Endpoints)
                    endpoint.Port = Take(first + port++, $"{resource.Name} {endpoint.Name}");
            }
            else
                foreach (var endpoint in resource.Endpoints.Where(e => e.Address is null))
                    endpoint.Port = ForInfrastructure($"{resource.Name} {endpoint.Name}");
    }

    /// <summary>A port for something that is no resource, such as the broker's own daemon.</summary>
    public int ForInfrastructure(string user) => Take(nextForInfrastructure++, user);

    /// <summary>Refuses to start over ports that others hold. What a killed run leaves behind gets a moment to go.</summary>
    public async Task EnsureFreeAsync(CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience);
        foreach (var (port, user) in taken)
            while (!IsFree(port))
            {
                if (patience.IsCancellationRequested)
                    throw new RefusalException(
                        $"Port {port} ({user}) is taken by another program. Take another range: --port-base {first + 2 * Span} (ports {first + 2 * Span} to {first + 3 * Span - 1})."
                    );
                await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
            }
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

    private int Take(int port, string user) =>
        taken.TryAdd(port, user)
            ? port
            : throw new RefusalException($"Port {port} is given to {taken[port]} and to {user}: change launchSettings.json.");
}
