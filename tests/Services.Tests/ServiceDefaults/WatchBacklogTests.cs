using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class WatchBacklogTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_queue_that_nobody_consumes_while_the_broker_answers_is_said_until_somebody_does()
    {
        var complaints = new Complaints();
        await using var service = await MiniService.StartAsync(
            infrastructure,
            complaints,
            settings: new Dictionary<string, string?> { ["Alarms:UnheardTime"] = "00:00:00.5", ["Alarms:Look"] = "00:00:00.1" }
        );
        using var http = new HttpClient { BaseAddress = new Uri(service.App.Urls.First()) };
        await Eventually.EqualAsync("Healthy", () => http.GetStringAsync("/health"), "health");
        // A slow start may have been said too.
        var before = Said();

        var bus = service.App.Services.GetRequiredService<IBusControl>();
        await bus.StopAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(Said() > before), "a warning");

        await bus.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.EqualAsync("Healthy", () => http.GetStringAsync("/health"), "health");

        int Said() => complaints.Of("WatchBacklog").Count(each => each.Contains("nobody consumes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_whose_queue_nobody_consumes_for_good_ends_so_that_it_is_started_again()
    {
        var complaints = new Complaints();
        await using var service = await MiniService.StartAsync(
            infrastructure,
            complaints,
            settings: new Dictionary<string, string?> { ["Alarms:HopelessTime"] = "00:00:01", ["Alarms:Look"] = "00:00:00.1" },
            // Nobody runs this host to its end: it is stopped when the test is over.
            services: services => services.AddSingleton(new LastResort(() => { }))
        );
        var ends = new TaskCompletionSource();
        await using var said = service.App.Lifetime.ApplicationStopping.Register(ends.SetResult);

        var bus = service.App.Services.GetRequiredService<IBusControl>();
        await bus.StopAsync(TestContext.Current.CancellationToken);

        await ends.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains(complaints.Of("WatchBacklog"), each => each.Contains("to be started again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_whose_queue_is_deleted_ends_so_that_a_start_declares_it_anew()
    {
        await using var service = await MiniService.StartAsync(
            infrastructure,
            settings: new Dictionary<string, string?> { ["Alarms:HopelessTime"] = "00:00:05", ["Alarms:Look"] = "00:00:00.1" },
            services: services => services.AddSingleton(new LastResort(() => { }))
        );
        var ends = new TaskCompletionSource();
        await using var said = service.App.Lifetime.ApplicationStopping.Register(ends.SetResult);

        await using var connection = await new ConnectionFactory { Uri = service.Broker }.CreateConnectionAsync(
            TestContext.Current.CancellationToken
        );
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await channel.QueueDeleteAsync("mini-hear", cancellationToken: TestContext.Current.CancellationToken);

        // Whichever is sooner: the line that lost its consumer comes back with the queue, or the process does.
        var consumed = Eventually.TrueAsync(IsConsumedAsync, "the queue is consumed again", TimeSpan.FromSeconds(60));
        await await Task.WhenAny(ends.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), consumed);

        async Task<bool> IsConsumedAsync()
        {
            await using var asking = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
            try
            {
                return (await asking.QueueDeclarePassiveAsync("mini-hear", TestContext.Current.CancellationToken)).ConsumerCount > 0;
            }
            catch (OperationInterruptedException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_service_that_is_to_end_and_does_not_is_killed()
    {
        var complaints = new Complaints();
        var killed = new TaskCompletionSource();
        await using var service = await MiniService.StartAsync(
            infrastructure,
            complaints,
            settings: new Dictionary<string, string?>
            {
                ["Alarms:HopelessTime"] = "00:00:01",
                ["Alarms:Look"] = "00:00:00.1",
                ["Alarms:EndTime"] = "00:00:01",
            },
            services: services => services.AddSingleton(new LastResort(killed.SetResult))
        );

        var bus = service.App.Services.GetRequiredService<IBusControl>();
        await bus.StopAsync(TestContext.Current.CancellationToken);

        await killed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Contains(complaints.Of("WatchBacklog"), each => each.Contains("does not end by itself", StringComparison.Ordinal));
    }
}
