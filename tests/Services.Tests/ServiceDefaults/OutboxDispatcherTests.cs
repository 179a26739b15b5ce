using RabbitMQ.Client;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class OutboxDispatcherTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task What_any_instance_commits_is_told_at_once_and_not_at_the_next_look()
    {
        var database = await infrastructure.DatabaseAsync("collections");
        var settings = new Dictionary<string, string?> { ["Outbox:LookAnyway"] = "01:00:00" };
        await using var first = await MiniService.StartAsync(infrastructure, database: database, settings: settings);
        await using var listener = await Listener.StartAsync(first.Broker, PromiseMade.Exchange);
        await first.AppendAsync(Promise("s1"), commit: true);
        await listener.AtLeastAsync(1);

        // The first leads from here on, and the second tells it.
        await using var second = await MiniService.StartAsync(infrastructure, database: database, broker: first.Broker, settings: settings);
        await second.AppendAsync(Promise("s1"), commit: true);
        await listener.AtLeastAsync(2);
        await first.AppendAsync(Promise("s1"), commit: true);
        await listener.AtLeastAsync(3);

        await first.DisposeAsync();
        await second.AppendAsync(Promise("s1"), commit: true);
        await listener.AtLeastAsync(4);
    }

    [Fact]
    public async Task A_broker_that_goes_away_while_it_is_told_much_misses_nothing_and_hears_each_seller_in_order()
    {
        var direct = await infrastructure.VirtualHostAsync();
        await using var line = new CutLine(direct);
        await using var service = await MiniService.StartAsync(infrastructure, broker: line.Address);
        await using var listener = await Listener.StartAsync(direct, PromiseMade.Exchange);

        var telling = Parallel.ForEachAsync(
            Enumerable.Range(0, 1500),
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (i, _) => await service.AppendAsync(Promise($"s{i % 3}"), commit: true)
        );
        foreach (var heard in new[] { 50, 300, 700 })
        {
            await listener.AtLeastAsync(heard);
            line.Cut();
        }

        await telling;
        await Eventually.EqualAsync(0L, () => service.QueryAsync<long>("select count(*) from outbox"), "events waiting");

        var told = (await listener.AtLeastAsync<PromiseMade>(1500)).DistinctBy(each => each.EventId).ToList();
        Assert.Equal(1500, told.Count);
        var kept = await service.QueryListAsync<(string Seller, Guid EventId)>(
            "select seller_id, event_id from event order by sequence",
            new { }
        );
        foreach (var seller in kept.GroupBy(each => each.Seller))
        {
            Assert.Equal(
                seller.Select(each => each.EventId),
                told.Where(each => each.SellerId.Value == seller.Key).Select(each => each.EventId.Value)
            );
        }
    }

    [Fact]
    public async Task What_the_broker_refuses_is_kept_and_told_again()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        await using var connection = await new ConnectionFactory { Uri = service.Broker }.CreateConnectionAsync(
            TestContext.Current.CancellationToken
        );
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        var full = new Dictionary<string, object?> { ["x-max-length"] = 2, ["x-overflow"] = "reject-publish" };
        await channel.QueueDeclareAsync("narrow", durable: true, exclusive: false, autoDelete: false, full);
        await channel.QueueBindAsync("narrow", PromiseMade.Exchange, "");

        var told = Enumerable.Range(0, 20).Select(_ => Promise("s1")).ToList();
        foreach (var promise in told)
        {
            await service.AppendAsync(promise, commit: true);
        }

        // As long as some are refused some stay; whoever takes what is there makes room.
        var heard = new List<Guid>();
        await Eventually.TrueAsync(
            async () =>
            {
                while (await channel.BasicGetAsync("narrow", autoAck: true) is { } got)
                {
                    heard.Add(Guid.Parse(got.BasicProperties.MessageId!));
                }

                return told.TrueForAll(promise => heard.Contains(promise.EventId.Value));
            },
            "all are told in the end"
        );
        await Eventually.EqualAsync(0L, () => service.QueryAsync<long>("select count(*) from outbox"), "events waiting");
    }

    [Fact]
    public async Task A_service_that_cannot_tell_its_events_says_so_until_it_can()
    {
        var complaints = new Complaints();
        await using var service = await MiniService.StartAsync(
            infrastructure,
            complaints,
            settings: new Dictionary<string, string?> { ["Alarms:OutboxAge"] = "00:00:00.5", ["Alarms:Look"] = "00:00:00.1" }
        );
        using var http = new HttpClient { BaseAddress = new Uri(service.App.Urls.First()) };
        using var management = await infrastructure.ManagementAsync();
        var exchange = $"/api/exchanges{service.Broker.AbsolutePath}/{PromiseMade.Exchange}";
        (await management.DeleteAsync(exchange, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        using var other = new StringContent("""{"type":"direct","durable":true}""", System.Text.Encoding.UTF8, "application/json");
        (await management.PutAsync(exchange, other, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        await service.AppendAsync(Promise("s1"), commit: true);

        await Eventually.EqualAsync("Degraded", () => http.GetStringAsync("/health"), "health");
        await Eventually.TrueAsync(
            () =>
                Task.FromResult(
                    complaints.Of("WatchBacklog").Any(each => each.Contains("1 events wait in the outbox", StringComparison.Ordinal))
                ),
            "a warning"
        );
        (await management.DeleteAsync(exchange, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await Eventually.EqualAsync("Healthy", () => http.GetStringAsync("/health"), "health");
    }

    private static PromiseMade Promise(string seller) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of(seller),
            InvoiceId = InvoiceId.New(),
            Date = new DateOnly(2026, 12, 1),
            Currency = Currency.Eur,
            Amount = 12.10m,
            MadeAt = DateTimeOffset.UnixEpoch,
        };
}
