using System.Diagnostics;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class OutboxTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_committed_event_is_told_once_with_the_properties_the_contract_names_and_a_rolled_back_one_never()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        await using var listener = await Listener.StartAsync(service.Broker, PromiseMade.Exchange);
        var (kept, dropped) = (Promise("s1"), Promise("s1"));
        using var sale = new Activity("a till's POST").Start();

        await service.AppendAsync(dropped, commit: false);
        await service.AppendAsync(kept, commit: true);

        var received = Assert.Single(await listener.AtLeastAsync(1));
        Assert.Equal(kept.EventId.ToString(), received.Properties.MessageId);
        Assert.Equal(PromiseMade.Exchange, received.Properties.Type);
        Assert.Equal("application/json", received.Properties.ContentType);
        Assert.True(received.Properties.Timestamp.UnixTime > 0, "timestamp");
        Assert.Contains(sale.TraceId.ToString(), Header(received.Properties, "traceparent"), StringComparison.Ordinal);
        Assert.Contains("\"amount\":\"12.10\"", received.Body, StringComparison.Ordinal);
        Assert.Equal(
            received.Body,
            await service.QueryAsync<string>("select body from event where event_id = @Id", new { Id = kept.EventId.Value })
        );
        await Eventually.EqualAsync(0L, () => service.QueryAsync<long>("select count(*) from outbox"), "events waiting");
    }

    [Fact]
    public async Task Events_of_a_seller_are_told_in_the_order_of_their_commits_and_counted_without_gaps()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        await using var listener = await Listener.StartAsync(service.Broker, PromiseMade.Exchange);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await service.AppendAsync(Promise($"s{i % 4}"), commit: true)
        );

        var told = await listener.AtLeastAsync<PromiseMade>(200);
        Assert.Equal(200, told.Select(each => each.EventId).Distinct().Count());
        foreach (var seller in told.GroupBy(each => each.SellerId))
        {
            var sequences = (
                await service.QueryListAsync<(Guid EventId, long Sequence)>(
                    "select event_id, sequence from event where seller_id = @Seller",
                    new { Seller = seller.Key.Value }
                )
            ).ToDictionary(row => row.EventId, row => row.Sequence);
            Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), seller.Select(each => sequences[each.EventId.Value]));
        }
    }

    [Fact]
    public async Task A_redelivered_event_has_its_effect_once_even_when_both_deliveries_come_at_the_same_time()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        var inbox = service.App.Services.GetRequiredService<Inbox>();
        var effects = 0;
        var id = EventId.New();

        var ran = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    inbox.OnceAsync(
                        "a-consumer",
                        id,
                        async transaction =>
                        {
                            Interlocked.Increment(ref effects);
                            await transaction.Connection!.ExecuteAsync("select 1", transaction: transaction);
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );

        Assert.Equal(1, effects);
        Assert.Equal(1, ran.Count(each => each));
    }

    [Fact]
    public async Task An_effect_that_fails_is_forgotten_and_runs_again()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        var inbox = service.App.Services.GetRequiredService<Inbox>();
        var id = EventId.New();
        var token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<TimeoutException>(() => inbox.OnceAsync("a-consumer", id, _ => throw new TimeoutException(), token));

        Assert.True(await inbox.OnceAsync("a-consumer", id, _ => Task.CompletedTask, token));
    }

    [Fact]
    public async Task What_the_narrow_role_may_not_change_the_database_refuses()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        await service.AppendAsync(Promise("s1"), commit: true);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync("update event set body = ''"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        refused = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync("delete from event"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_message_that_its_consumer_cannot_bear_ends_in_the_error_queue_and_the_next_one_is_consumed()
    {
        await using var service = await MiniService.StartAsync(infrastructure);

        await service.AppendAsync(Promise("poison"), commit: true);
        await service.AppendAsync(Promise("fine"), commit: true);

        await Eventually.TrueAsync(() => Task.FromResult(service.Heard.Contains("fine")), "the next one is consumed");
        using var management = await infrastructure.ManagementAsync();
        await Eventually.TrueAsync(
            async () =>
                (await management.GetStringAsync($"/api/queues{service.Broker.AbsolutePath}/mini-hear_error")).Contains(
                    "\"messages\":1,",
                    StringComparison.Ordinal
                ),
            "one message in the error queue"
        );
    }

    [Fact]
    public async Task After_a_failure_the_next_to_lead_does_not_wait_for_the_last_ones_idle_connection()
    {
        var complaints = new Complaints();
        await using var service = await MiniService.StartAsync(infrastructure, complaints);
        using var management = await infrastructure.ManagementAsync();
        var exchange = $"/api/exchanges{service.Broker.AbsolutePath}/{PromiseMade.Exchange}";
        // Many idle connections: a pool gives out the one that has been idle longest, not the one that was last given back.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => service.QueryAsync<string>("select pg_sleep(0.2)::text")));

        // An exchange of that name and another kind: each telling fails at once.
        (await management.DeleteAsync(exchange)).EnsureSuccessStatusCode();
        using var other = new StringContent("""{"type":"direct","durable":true}""", System.Text.Encoding.UTF8, "application/json");
        (await management.PutAsync(exchange, other)).EnsureSuccessStatusCode();
        await service.AppendAsync(Promise("s1"), commit: true);
        await Eventually.TrueAsync(() => Task.FromResult(complaints.Of("OutboxDispatcher").Count > 0), "telling fails");
        (await management.DeleteAsync(exchange)).EnsureSuccessStatusCode();

        // Aside of the service's pool: whoever asks through it hands its connections round, and the lock with them.
        await using var aside = NpgsqlDataSource.Create($"{service.Database};Search Path=collections;Pooling=false");
        await Eventually.EqualAsync(
            0L,
            async () => await aside.CreateCommand("select count(*) from outbox").ExecuteScalarAsync() as long? ?? -1,
            "events waiting",
            TimeSpan.FromSeconds(8)
        );
    }

    [Fact]
    public async Task What_is_told_before_its_hearer_has_ever_run_waits_for_it()
    {
        var database = await infrastructure.DatabaseAsync("collections");
        await using (await MiniService.StartAsync(infrastructure, database: database)) { }

        // In the outbox already when the service starts: it is told as soon as anything can be.
        await using (var login = NpgsqlDataSource.Create($"{database};Search Path=collections;Pooling=false"))
        {
            await using var connection = await login.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await new Outbox(new ServiceName("collections"), new OutboxBell(), TimeProvider.System).AppendAsync(
                transaction,
                Promise("early"),
                default
            );
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        await using var teller = await MiniService.StartAsync(
            infrastructure,
            database: database,
            plan: plan => plan.Publish<PromiseMade>("late-hear")
        );
        await Eventually.EqualAsync(0L, () => teller.QueryAsync<long>("select count(*) from outbox"), "events waiting");

        await using var hearer = await MiniService.StartAsync(
            infrastructure,
            broker: teller.Broker,
            plan: plan => plan.Consume<Hear>("late-hear")
        );
        await Eventually.TrueAsync(() => Task.FromResult(hearer.Heard.Contains("early")), "it is heard");
    }

    private static string Header(RabbitMQ.Client.IReadOnlyBasicProperties properties, string name) =>
        System.Text.Encoding.UTF8.GetString((byte[])properties.Headers![name]!);

    internal static PromiseMade Promise(string seller) =>
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
