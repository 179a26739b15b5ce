using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>The five services that the web front asks, simulated on real ports behind the real check of credentials.</summary>
public sealed class Neighbours : IAsyncDisposable
{
    public const string PortalKey = "key-of-portal-in-the-portal-tests-0123456789-0123456789";

    private readonly List<WebApplication> _hosts = [];

    /// <summary>Where they are, as the web front is told, and its key.</summary>
    public Dictionary<string, string?> Configuration { get; } = new() { ["Keys:Service"] = PortalKey };

    public static async Task<Neighbours> StartAsync(Surroundings world, TimeProvider clock)
    {
        var neighbours = new Neighbours();
        await neighbours.AddAsync(
            "invoicing",
            world,
            clock,
            app =>
            {
                app.MapGrpcService<SimulatedInvoices>();
                app.MapGrpcService<SimulatedSellers>();
                app.MapGrpcService<SimulatedCustomers>();
            }
        );
        await neighbours.AddAsync(
            "payments",
            world,
            clock,
            app =>
            {
                app.MapGrpcService<SimulatedBalances>();
                app.MapGrpcService<SimulatedPaymentPages>();
            }
        );
        await neighbours.AddAsync(
            "delivery",
            world,
            clock,
            app =>
            {
                app.MapGrpcService<SimulatedDelivery>();
                app.MapGrpcService<SimulatedDocuments>();
                app.MapGrpcService<SimulatedPersonal>();
            }
        );
        await neighbours.AddAsync("collections", world, clock, app => app.MapGrpcService<SimulatedReceivables>());
        await neighbours.AddAsync("reporting", world, clock, app => app.MapGrpcService<SimulatedReports>());
        return neighbours;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    private async Task AddAsync(string service, Surroundings world, TimeProvider clock, Action<WebApplication> map)
    {
        var (http, grpc) = (Infrastructure.FreePort(), Infrastructure.FreePort());
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = $"http://127.0.0.1:{http}",
                ["GRPC_PORT"] = $"{grpc}",
                ["Keys:ApiKeySecret"] = "secret-of-the-portal-tests-0123456789-0123456789",
                ["Keys:Callers:portal"] = PortalKey,
            }
        );
        builder.AddServiceDefaults(service);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(world).AddSingleton(clock);
        // The web front signs by the tests' clock, which stands still or jumps.
        builder.Services.PostConfigure<JwtBearerOptions>(
            ServiceCredentials.Policy,
            bearer => bearer.TokenValidationParameters.ValidateLifetime = false
        );
        builder.Services.AddGrpc(options => options.Interceptors.Add<Trouble>(service));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map(app);
        await app.StartAsync();
        _hosts.Add(app);
        Configuration[$"services:{service}:grpc:0"] = $"http://127.0.0.1:{grpc}";
    }

    private sealed class Trouble(string service, Surroundings world) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        ) =>
            world.Away.ContainsKey(service) ? throw new RpcException(new Status(StatusCode.Unavailable, "away"))
            : world.Broken.ContainsKey(service) ? throw new InvalidOperationException("broken")
            : continuation(request, context);
    }
}
