using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>Tables that grow for ever come in months, and nobody who writes to them or reads them notices.</summary>
public sealed class MonthsTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task What_is_written_now_is_in_the_part_of_this_month_and_three_more_are_there()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        await service.AppendAsync(OutboxTests.Promise("s1"), commit: true);
        await Eventually.EqualAsync(0L, () => service.QueryAsync<long>("select count(*) from outbox"), "events waiting");

        Assert.Equal(
            await service.QueryAsync<string>("select 'event' || to_char(now() at time zone 'UTC', '_YYYY_MM')"),
            await service.QueryAsync<string>("select tableoid::regclass::text from event")
        );
        foreach (var table in new[] { "event", "inbox" })
        {
            // The month's and three more, and what bears another kind of UUID.
            Assert.Equal(
                5L,
                await service.QueryAsync<long>("select count(*) from pg_inherits where inhparent = @Table::regclass", new { Table = table })
            );
        }
    }

    [Fact]
    public async Task Rows_that_came_before_their_part_are_moved_into_it_and_an_event_has_its_effect_once_all_the_same()
    {
        await using var service = await MiniService.StartAsync(infrastructure);
        var later = TimeProvider.System.GetUtcNow().AddMonths(7);
        var ids = new[] { Guid.CreateVersion7(later), new Guid("8d3c1f1e-5f0e-4d0a-9a59-6f2a53b5a1c7") };
        foreach (var id in ids)
        {
            await service.ExecuteAsync($"insert into inbox (consumer, event_id) values ('a-consumer', '{id}')");
        }

        Assert.Equal("inbox_rest", await PartOfAsync(service, ids[0]));

        await using (var login = NpgsqlDataSource.Create($"{service.Database};Search Path=collections;Pooling=false"))
        await using (var months = login.CreateCommand("select keep_months(@at), keep_months(@at)"))
        {
            months.Parameters.Add(new("at", later));
            await months.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal($"inbox_{later.UtcDateTime:yyyy_MM}", await PartOfAsync(service, ids[0]));
        Assert.Equal(2L, await service.QueryAsync<long>("select count(*) from inbox"));
        foreach (var id in ids)
        {
            await Assert.ThrowsAsync<PostgresException>(() =>
                service.ExecuteAsync($"insert into inbox (consumer, event_id) values ('a-consumer', '{id}')")
            );
        }
    }

    [Fact]
    public async Task Who_writes_to_the_rest_for_long_keeps_no_service_from_starting_and_the_month_has_its_part_at_the_next_start()
    {
        await using var first = await MiniService.StartAsync(infrastructure);
        var month = $"event_{TimeProvider.System.GetUtcNow().UtcDateTime.AddMonths(3):yyyy_MM}";
        await using var login = NpgsqlDataSource.Create($"{first.Database};Search Path=collections;Pooling=false");
        await using var writer = await login.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await writer.ExecuteAsync($"drop table {month}");
        await using var writing = await writer.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await writer.ExecuteAsync("lock table event_rest in row exclusive mode");

        await using (await MiniService.StartAsync(infrastructure, database: first.Database, broker: first.Broker))
        {
            Assert.False(await IsThereAsync());
        }

        await writing.RollbackAsync(TestContext.Current.CancellationToken);
        await using var third = await MiniService.StartAsync(infrastructure, database: first.Database, broker: first.Broker);
        Assert.True(await IsThereAsync());

        Task<bool> IsThereAsync() => first.QueryAsync<bool>("select to_regclass(@Month) is not null", new { Month = month });
    }

    [Fact]
    public async Task Events_that_were_kept_before_there_were_months_are_kept_as_they_were_and_those_that_waited_are_told()
    {
        var database = await infrastructure.EmptyDatabaseAsync("collections");
        await using var login = NpgsqlDataSource.Create($"{database};Search Path=before;Pooling=false");
        await using var connection = await login.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("create schema before;");
        await connection.ExecuteAsync(Script("000-outbox.sql") + Script("000-inbox.sql"));
        await connection.ExecuteAsync(
            """
            insert into event (seller_id, sequence, event_id, name, body, occurred_at)
            select 's' || n % 3, n, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7aaa8' || lpad(n::text, 15, '0'))::uuid,
                'an.event.v1', repeat('body', n), at
            from generate_series(1, 50) n cross join lateral (select '2026-08-30T23:30:00Z'::timestamptz + n * interval '1 hour' as at) t;
            insert into outbox (position) select position from event where sequence > 40;
            insert into inbox (consumer, event_id, received_at) select 'a', event_id, occurred_at from event;
            """
        );
        const string Sums = """
            select md5(string_agg(concat_ws('|', seller_id, sequence, position, event_id, name, body, occurred_at), ',' order by position))
                || ' ' || (select md5(string_agg(concat_ws('|', consumer, event_id, received_at), ',' order by event_id)) from inbox)
                || ' ' || (select string_agg(position::text, ',' order by position) from outbox)
            from event
            """;
        var before = await connection.QuerySingleAsync<string>(Sums);

        foreach (
            var script in new[]
            {
                "000-shared-compression.sql",
                "000-shared-keep-months.sql",
                "000-shared-months-event.sql",
                "000-shared-months-inbox.sql",
            }
        )
        {
            await connection.ExecuteAsync(Script(script));
        }

        Assert.Equal(before, await connection.QuerySingleAsync<string>(Sums));
        Assert.Equal(
            "event_2026_08,event_2026_09",
            await connection.QuerySingleAsync<string>(
                "select string_agg(distinct tableoid::regclass::text, ',' order by tableoid::regclass::text) from event"
            )
        );
        Assert.Equal(10L, await connection.QuerySingleAsync<long>("select count(*) from outbox o join event e using (position, event_id)"));
        Assert.Equal(
            51L,
            await connection.QuerySingleAsync<long>(
                "insert into event (seller_id, sequence, event_id, name, body, occurred_at) values ('s', 1, gen_random_uuid(), 'n', '', now()) returning position"
            )
        );
    }

    private static Task<string> PartOfAsync(MiniService service, Guid id) =>
        service.QueryAsync<string>("select tableoid::regclass::text from inbox where event_id = @Id", new { Id = id });

    private static string Script(string file)
    {
        using var reader = new StreamReader(
            typeof(Outbox).Assembly.GetManifestResourceStream($"RetailInvoicing.ServiceDefaults.schema.{file}")!
        );
        return reader.ReadToEnd().Replace("{app}", "collections_app", StringComparison.Ordinal) + "\n";
    }
}
