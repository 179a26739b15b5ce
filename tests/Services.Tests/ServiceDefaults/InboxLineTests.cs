using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class InboxLineTests(Infrastructure infrastructure)
{
    private const string Consumer = "a-consumer";

    // Far more than anything here takes: whatever waits longer would wait for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Events_that_come_while_one_is_at_work_are_one_commit_in_the_order_they_came()
    {
        await using var service = await StartAsync();
        await using var listener = await Listener.StartAsync(service.Broker, PromiseMade.Exchange);
        var outbox = service.App.Services.GetRequiredService<Outbox>();
        var door = new Door();
        var line = Line<PromiseMade?>(
            service,
            async (transaction, heard, token) =>
            {
                await door.PassAsync();
                await outbox.AppendAsync(transaction, [.. heard.Where(each => each.Fact is not null).Select(each => each.Fact!)], token);
            }
        );
        var told = Enumerable.Range(0, 100).Select(_ => Promise("s1")).ToList();

        var first = TakeAsync(line, EventId.New(), null);
        await door.SomebodyIsThere;
        var rest = told.ConvertAll(promise => TakeAsync(line, EventId.New(), promise));
        door.Open();
        Assert.All(await Task.WhenAll([first, .. rest]).WaitAsync(Patience), Assert.True);

        Assert.Equal(2L, await service.QueryAsync<long>("select count(distinct xmin::text) from inbox where consumer = 'a-consumer'"));
        Assert.Equal(101L, await service.QueryAsync<long>("select count(*) from inbox where consumer = 'a-consumer'"));
        Assert.Equal(
            told.Select(promise => promise.EventId),
            (await listener.AtLeastAsync<PromiseMade>(100)).Select(promise => promise.EventId)
        );
    }

    [Fact]
    public async Task An_event_has_its_effect_once_however_often_one_commit_or_two_instances_are_given_it()
    {
        await using var one = await StartAsync();
        await using var other = await BesideAsync(one);
        var events = Enumerable.Range(0, 200).Select(i => (Id: EventId.New(), Row: i % 20)).ToArray();
        var lines = new[] { one, other }.Select(service => Line<int>(service, CountAsync)).ToArray();

        // Each three times, to both, backwards to the second.
        var ran = await Task.WhenAll(
                events
                    .Concat(events)
                    .Concat(events)
                    .SelectMany((each, i) => new[] { (lines[0], each), (lines[1], events[^(i % 200 + 1)]) })
                    .Select(each => TakeAsync(each.Item1, each.Item2.Id, each.Item2.Row))
            )
            .WaitAsync(Patience);

        Assert.Equal(200, ran.Count(isFirst => isFirst));
        Assert.Equal(200L, await CountedAsync(one));
    }

    [Fact]
    public async Task Two_instances_that_want_the_same_rows_in_opposite_orders_both_get_them_in_the_end()
    {
        await using var one = await StartAsync();
        await using var other = await BesideAsync(one);
        // Against the rule: each takes its rows as they come, so that the database has deadlocks to break.
        var lines = new[] { one, other }.Select(service => Line<int>(service, OneByOneAsync)).ToArray();

        var upwards = Enumerable.Range(0, 60).Select(i => TakeAsync(lines[0], EventId.New(), i % 6));
        var downwards = Enumerable.Range(0, 60).Select(i => TakeAsync(lines[1], EventId.New(), 5 - i % 6));
        Assert.All(await Task.WhenAll(upwards.Concat(downwards)).WaitAsync(Patience), Assert.True);

        Assert.Equal(120L, await CountedAsync(one));

        static async Task OneByOneAsync(NpgsqlTransaction transaction, IReadOnlyList<Heard<int>> heard, CancellationToken token)
        {
            foreach (var each in heard)
            {
                await CountAsync(transaction, [each], token);
            }
        }
    }

    [Fact]
    public async Task One_that_nobody_can_bear_is_given_back_alone_and_leaves_nothing()
    {
        await using var service = await StartAsync();
        var door = new Door();
        var line = Line<int>(
            service,
            async (transaction, heard, token) =>
            {
                await door.PassAsync();
                await CountAsync(transaction, heard, token);
                if (heard.Any(each => each.Fact == 13))
                {
                    await transaction.Connection!.ExecuteAsync("select 1 / 0", transaction: transaction);
                }
            }
        );

        var first = TakeAsync(line, EventId.New(), 0);
        await door.SomebodyIsThere;
        var rest = Enumerable.Range(1, 99).Select(i => (Fact: i % 20, Done: TakeAsync(line, EventId.New(), i % 20))).ToArray();
        door.Open();

        Assert.True(await first.WaitAsync(Patience));
        foreach (var (fact, done) in rest)
        {
            if (fact == 13)
            {
                var failure = await Assert.ThrowsAsync<PostgresException>(() => done.WaitAsync(Patience));
                Assert.Equal(PostgresErrorCodes.DivisionByZero, failure.SqlState);
            }
            else
            {
                Assert.True(await done.WaitAsync(Patience));
            }
        }

        Assert.Equal(95L, await CountedAsync(service));
        Assert.Equal(95L, await service.QueryAsync<long>("select count(*) from inbox where consumer = 'a-consumer'"));
    }

    [Fact]
    public async Task A_connection_that_is_killed_in_the_middle_of_a_commit_costs_lateness_and_nothing_else()
    {
        await using var service = await StartAsync();
        var door = new Door();
        // The service's own role may kill nobody.
        await using var owner = NpgsqlDataSource.Create($"{service.Database};Pooling=false");
        var (commits, killed) = (0, 0);
        var line = Line<int>(
            service,
            async (transaction, heard, token) =>
            {
                await door.PassAsync();
                await CountAsync(transaction, heard, token);
                if (heard.Count > 1 && Interlocked.Increment(ref commits) <= 3)
                {
                    var session = await transaction.Connection!.ExecuteScalarAsync<int>(
                        "select pg_backend_pid()",
                        transaction: transaction
                    );
                    await using var killer = await owner.OpenConnectionAsync(token);
                    killed += await killer.ExecuteScalarAsync<bool>("select pg_terminate_backend(@session, 10000)", new { session })
                        ? 1
                        : 0;
                }
            }
        );

        var first = TakeAsync(line, EventId.New(), 0);
        await door.SomebodyIsThere;
        var rest = Enumerable.Range(0, 100).Select(i => TakeAsync(line, EventId.New(), i % 20)).ToArray();
        door.Open();
        Assert.All(await Task.WhenAll([first, .. rest]).WaitAsync(Patience), Assert.True);

        Assert.Equal(3, killed);
        Assert.True(commits > 3, $"{commits} commits of many");
        Assert.Equal(101L, await CountedAsync(service));
    }

    [Fact]
    public async Task Who_stops_waiting_takes_nobody_along()
    {
        await using var service = await StartAsync();
        var door = new Door();
        var line = Line<int>(
            service,
            async (transaction, heard, token) =>
            {
                await door.PassAsync();
                await CountAsync(transaction, heard, token);
            }
        );
        using var atWork = new CancellationTokenSource();
        using var inLine = new CancellationTokenSource();

        var (early, late) = (EventId.New(), EventId.New());
        var first = line.TakeAsync(Consumer, early, 1, atWork.Token);
        await door.SomebodyIsThere;
        var second = line.TakeAsync(Consumer, late, 2, inLine.Token);
        var third = TakeAsync(line, EventId.New(), 3);
        await atWork.CancelAsync();
        await inLine.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        door.Open();

        Assert.True(await third.WaitAsync(Patience));
        // What was under way is done; what was not is as if it had never come.
        Assert.False(await TakeAsync(line, early, 1).WaitAsync(Patience));
        Assert.True(await TakeAsync(line, late, 2).WaitAsync(Patience));
        Assert.Equal(3L, await CountedAsync(service));
    }

    [Fact]
    public async Task An_effect_that_waits_for_what_never_comes_is_given_up_and_the_line_goes_on()
    {
        await using var service = await StartAsync();
        var never = new TaskCompletionSource();
        var line = service
            .App.Services.GetRequiredService<Inbox>()
            .Line<bool>("forgetful", (_, heard, _) => heard[0].Fact ? never.Task : Task.CompletedTask, limit: TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => TakeAsync(line, EventId.New(), true).WaitAsync(Patience));

        Assert.True(await TakeAsync(line, EventId.New(), false).WaitAsync(Patience));
        never.SetResult();
    }

    [Fact]
    public async Task An_effect_that_would_wait_for_its_own_line_is_refused_at_once()
    {
        await using var service = await StartAsync();
        var inbox = service.App.Services.GetRequiredService<Inbox>();
        InboxLine<int>? line = null;
        line = Line<int>(service, async (_, _, _) => await TakeAsync(line!, EventId.New(), 0));

        await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(line, EventId.New(), 0).WaitAsync(Patience));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            inbox.OnceAsync(
                Consumer,
                EventId.New(),
                _ => inbox.OnceAsync("another", EventId.New(), _ => Task.CompletedTask, default),
                default
            )
        );
        Assert.Equal(0L, await service.QueryAsync<long>("select count(*) from inbox where consumer in ('a-consumer', 'another')"));
    }

    [Fact]
    public async Task What_is_told_because_of_an_event_is_in_that_events_trace()
    {
        await using var service = await StartAsync();
        var door = new Door();
        var heardIn = new Dictionary<int, string?>();
        var line = Line<int>(
            service,
            async (_, heard, _) =>
            {
                await door.PassAsync();
                foreach (var each in heard)
                {
                    heardIn.Add(each.Fact, each.TraceParent);
                }
            }
        );

        var first = TakeAsync(line, EventId.New(), 0);
        await door.SomebodyIsThere;
        var (told, done) = (new Dictionary<int, string?>(), new List<Task> { first });
        for (var i = 1; i <= 5; i++)
        {
            using var sale = new Activity("a till's POST").Start();
            told.Add(i, sale.Id);
            done.Add(TakeAsync(line, EventId.New(), i));
        }

        door.Open();
        await Task.WhenAll(done).WaitAsync(Patience);

        Assert.All(told, each => Assert.Equal(each.Value, heardIn[each.Key]));
    }

    private static InboxLine<TFact> Line<TFact>(MiniService service, InboxEffect<TFact> effect) =>
        service.App.Services.GetRequiredService<Inbox>().Line("line", effect);

    private static Task<bool> TakeAsync<TFact>(InboxLine<TFact> line, EventId id, TFact fact) =>
        line.TakeAsync(Consumer, id, fact, TestContext.Current.CancellationToken);

    private async Task<MiniService> StartAsync()
    {
        var service = await MiniService.StartAsync(infrastructure);
        await using var login = NpgsqlDataSource.Create($"{service.Database};Search Path=collections;Pooling=false");
        await using var connection = await login.OpenConnectionAsync();
        await connection.ExecuteAsync("create table counted (id int primary key, n bigint); grant update on counted to collections_app");
        await connection.ExecuteAsync("insert into counted select id, 0 from generate_series(0, 19) as id");
        return service;
    }

    private Task<MiniService> BesideAsync(MiniService one) =>
        MiniService.StartAsync(infrastructure, database: one.Database, broker: one.Broker);

    private static Task<long> CountedAsync(MiniService service) => service.QueryAsync<long>("select sum(n)::bigint from counted");

    private static async Task CountAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<Heard<int>> heard,
        CancellationToken cancellationToken
    )
    {
        await transaction.Connection!.ExecuteAsync(
            "select 1 from counted where id = any(@ids) order by id for update",
            new { ids = heard.Select(each => each.Fact).ToArray() },
            transaction
        );
        await transaction.Connection!.ExecuteAsync(
            "update counted set n = counted.n + c.n from (select id, count(*) as n from unnest(@ids) as id group by id) c where counted.id = c.id",
            new { ids = heard.Select(each => each.Fact).ToArray() },
            transaction
        );
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

    /// <summary>Where the first effect waits until what is to come after it is in line.</summary>
    private sealed class Door
    {
        private readonly TaskCompletionSource _isThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _isOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SomebodyIsThere => _isThere.Task.WaitAsync(Patience);

        public void Open() => _isOpen.SetResult();

        public Task PassAsync()
        {
            _isThere.TrySetResult();
            return _isOpen.Task.WaitAsync(Patience);
        }
    }
}
