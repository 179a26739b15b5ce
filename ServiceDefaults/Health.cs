using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Alive: the process answers. Ready: its database answers, and its queues were bound once.</summary>
public static class Health
{
    internal static void AddHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);

    internal static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health").DisableRateLimiting().AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") })
            .DisableRateLimiting()
            .AllowAnonymous();
    }
}

/// <summary>Whether the service's own database answers.</summary>
internal sealed class PostgresHealth(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            command.CommandTimeout = 3;
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("the database does not answer", exception);
        }
    }
}

/// <summary>
/// Not ready until the queues were bound once, so that no event passes a service by; after that a broker outage only degrades:
/// sales go on being issued and their events wait in the outbox.
/// </summary>
internal sealed class MessagingHealth(IBusControl bus) : IHealthCheck
{
    private bool _wasUp;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var up = bus.CheckHealth().Status == BusHealthStatus.Healthy;
        _wasUp |= up;
        return Task.FromResult(
            up ? HealthCheckResult.Healthy()
            : _wasUp ? HealthCheckResult.Degraded("the broker does not answer; events wait in the outbox")
            : HealthCheckResult.Unhealthy("the queues are not bound yet")
        );
    }
}
