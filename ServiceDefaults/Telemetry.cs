using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Logs, metrics and traces; exported only where a collector's address is given.</summary>
public static class Telemetry
{
    /// <summary>Our own spans, named by the slice that makes them.</summary>
    public static readonly ActivitySource Source = new("RetailInvoicing");

    /// <summary>Our own metrics, such as invoicing.invoices.issued.</summary>
    public static readonly Meter Meter = new("RetailInvoicing");

    internal static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        builder.Logging.Configure(logging =>
            logging.ActivityTrackingOptions =
                ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId | ActivityTrackingOptions.ParentId
        );
        // A line a log entry, with its trace, so that one search over the logs tells a sale's whole story.
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // What it logs, and the scope that it puts around every line of ours, holds the path: of a payment link that is what opens it. The
        // trace's id, which every line has, leads to the route.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        // Every query would be three lines; its span has it already.
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? service))
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("Npgsql", "MassTransit", "Polly", Meter.Name)
            )
            .WithTracing(tracing =>
                tracing
                    .AddSource(Source.Name, "MassTransit")
                    .AddProcessor<HidePathSecrets>()
                    .AddAspNetCoreInstrumentation(web => web.Filter = IsNoProbe)
            );
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true;
            });
            // Spans of what is asked of others, some forty a sale: only where somebody looks at them. A trace goes on through the call
            // without them.
            telemetry
                .WithTracing(tracing => tracing.AddGrpcClientInstrumentation().AddHttpClientInstrumentation().AddNpgsql())
                .UseOtlpExporter();
        }
    }

    private static bool IsNoProbe(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/alive", StringComparison.Ordinal);
}
