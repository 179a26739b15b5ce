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

/// <summary>Whether the service's own database answers, and soon: whoever asks is told within three seconds.</summary>
internal sealed class PostgresHealth(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    // Npgsql alone would take the time to connect, to ask and to cancel, one after the other.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = AskAsync(enough.Token);
        try
        {
            await answer.WaitAsync(Patience, clock, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            await enough.CancelAsync();
            // What still comes of it is nobody's business any more.
            _ = answer.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            return HealthCheckResult.Unhealthy("the database does not answer", exception);
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select 1");
        command.CommandTimeout = 3;
        await command.ExecuteScalarAsync(cancellationToken);
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
