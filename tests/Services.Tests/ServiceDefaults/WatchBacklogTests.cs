using MassTransit;
using Microsoft.Extensions.DependencyInjection;
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
            settings: new Dictionary<string, string?> { ["Alarms:HopelessTime"] = "00:00:01", ["Alarms:Look"] = "00:00:00.1" }
        );
        var ends = new TaskCompletionSource();
        await using var said = service.App.Lifetime.ApplicationStopping.Register(ends.SetResult);

        var bus = service.App.Services.GetRequiredService<IBusControl>();
        await bus.StopAsync(TestContext.Current.CancellationToken);

        await ends.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains(complaints.Of("WatchBacklog"), each => each.Contains("to be started again", StringComparison.Ordinal));
    }
}
