using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RetailInvoicing.Contracts;
using Scalar.AspNetCore;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>The service this process is: its name is queue prefix, schema, audience of credentials and telemetry name.</summary>
public sealed record ServiceName(string Value);

/// <summary>What every service is before it is a service.</summary>
public static class ServiceDefaults
{
    /// <summary>Bodies over this are refused, streams apart.</summary>
    public const int BodyLimit = 4 * 1024 * 1024;

    /// <summary>Telemetry, health, discovery, resilience, keys, rate limits, problem details, OpenAPI, JSON conventions.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string service)
    {
        var services = builder.Services;
        services.AddSingleton(new ServiceName(service));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PublicAddress>();
        builder.WebHost.ConfigureKestrel(Listen);
        services.ConfigureHttpJsonOptions(json => Wire.Configure(json.SerializerOptions, JsonUnmappedMemberHandling.Skip));
        services.AddOpenApi("v1");
        services.AddServiceDiscovery();
        builder.AddTelemetry(service);
        builder.AddHealth();
        builder.AddProblems();
        builder.AddApiKeys();
        builder.AddServiceCredentials(service);
        builder.AddRateLimits();
        services.AddResilience();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<RpcFaults>();
            grpc.MaxReceiveMessageSize = BodyLimit;
            // Its catch-all route would answer 404 where routing means 415: a POST of another content type to /v1/payments.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddGrpcReflection();
        services.AddSingleton<TellOperations>().AddSingleton<ReadDeadLetters>();
        return builder;
    }

    /// <summary>The pipeline every service shares, and its addresses: /health, /alive, /openapi/v1.json, /scalar.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        if (app.Configuration.GetValue("Public:TrustProxy", false))
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All });
        }

        app.UseProblems();
        app.UseRouting();
        app.UseAudit();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json").DisableRateLimiting();
        app.MapScalarApiReference("/scalar");
        app.MapGrpcReflectionService();
        app.MapOperations();
        app.MapAudit();
        return app;
    }

    /// <summary>
    /// Without TLS, HTTP/2 needs an endpoint of its own: gRPC listens on GRPC_PORT, everything else on the usual addresses.
    /// </summary>
    private static void Listen(WebHostBuilderContext context, KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBodySize = BodyLimit;
        kestrel.AddServerHeader = false;
        kestrel.ConfigureEndpointDefaults(listen => listen.SayRefusalsInWords());
        if (context.Configuration["GRPC_PORT"] is not { Length: > 0 } grpcPort)
        {
            return;
        }

        // Containers are told their ports, processes their addresses.
        var ports = context.Configuration["HTTP_PORTS"];
        var urls = (context.Configuration["urls"] ?? (ports is null ? "http://localhost:5000" : $"http://+:{ports.Split(';')[0]}")).Split(
            ';',
            StringSplitOptions.RemoveEmptyEntries
        );
        foreach (var url in urls.Select(BindingAddress.Parse))
        {
            Bind(kestrel, url.Host, url.Port, HttpProtocols.Http1);
        }

        Bind(
            kestrel,
            BindingAddress.Parse(urls[0]).Host,
            int.Parse(grpcPort, System.Globalization.CultureInfo.InvariantCulture),
            HttpProtocols.Http2
        );
    }

    private static void Bind(KestrelServerOptions kestrel, string host, int port, HttpProtocols protocols)
    {
        if (host is "localhost" or "127.0.0.1" or "[::1]")
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols);
        }
        else
        {
            kestrel.ListenAnyIP(port, listen => listen.Protocols = protocols);
        }
    }
}
