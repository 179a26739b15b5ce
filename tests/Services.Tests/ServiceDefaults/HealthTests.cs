using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class HealthTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_service_whose_queues_were_bound_once_stays_ready_while_the_broker_is_away()
    {
        await using var service = await ServiceHost.StartAsync<PaymentPagesRpc>(infrastructure, "payments");
        using var management = await infrastructure.ManagementAsync();

        using var gone = await management.DeleteAsync($"/api/vhosts{service.Broker.AbsolutePath}", TestContext.Current.CancellationToken);
        Assert.True(gone.IsSuccessStatusCode, $"{gone.StatusCode}");
        var bus = service.Services.GetRequiredService<IBusControl>();
        await Eventually.TrueAsync(() => Task.FromResult(bus.CheckHealth().Status != BusHealthStatus.Healthy), "the bus misses the broker");

        using var answer = await service.Http.GetAsync("/health", TestContext.Current.CancellationToken);
        Assert.Equal(
            (HttpStatusCode.OK, "Degraded"),
            (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
        );
    }

    [Fact]
    public async Task A_database_that_takes_the_call_and_says_nothing_is_given_up_soon()
    {
        var clock = new FakeTimeProvider();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:paymentsdb"] = string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=payments;Password=test;Database=payments"
        );
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddServiceDefaults("payments");
        builder.AddPostgres("payments");
        await using var app = builder.Build();

        var check = app
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(each => each.Name == "postgres", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(check.IsCompleted);
            },
            "it is given up",
            // The connection's own patience is five seconds.
            TimeSpan.FromSeconds(4)
        );

        Assert.Equal(HealthStatus.Unhealthy, (await check).Status);
    }
}
