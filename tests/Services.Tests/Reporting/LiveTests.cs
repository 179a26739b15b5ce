using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Live;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Collections;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Payments;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class LiveTests(Infrastructure infrastructure)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_days_totals_are_told_as_they_change_and_whoever_comes_back_is_told_only_what_is_new()
    {
        await using var host = await StartAsync();
        var key = host.KeyFor("s1", Scopes.ReportsRead);
        await using var watcher = await Watcher.StartAsync(host, key);
        Assert.Empty((await watcher.NextAsync()).Totals);

        var sold = Today(121m, due: 100m);
        await host.PublishAsync(sold);
        await host.PublishAsync(Today(999m) with { SellerId = SellerId.Of("s2") });
        var first = await watcher.UntilAsync(totals => totals.Totals.Count > 0);
        var euros = Assert.Single(first.Totals);
        Assert.Equal(
            ("EUR", 1L, 100m, 21m, 121m, 0m, 100m),
            (
                euros.Currency.Code,
                euros.Invoices,
                euros.TotalWithoutVat,
                euros.VatTotal,
                euros.TotalWithVat,
                euros.Returns,
                euros.Outstanding
            )
        );

        var paid = new PaymentReceived
        {
            EventId = EventId.New(),
            SellerId = sold.SellerId,
            PaymentId = PaymentId.New(),
            Means = PaymentMeans.Cash,
            Provider = "till",
            Currency = Currency.Eur,
            Amount = 40m,
            ReceivedAt = sold.IssuedAt,
        };
        await host.PublishAsync(paid);
        await host.PublishAsync(Told.Allocated(sold, 1, 60m) with { PaymentId = paid.PaymentId, Amount = 61m });
        var then = await watcher.UntilAsync(totals => totals.Totals is [{ Collected: 40m, Outstanding: 60m }]);
        Assert.Equal(121m, then.Totals[0].TotalWithVat);

        // With the id of what is still so, nothing is told until something else is; without, or with an older one, all of it is.
        await using var returning = await Watcher.StartAsync(host, key, watcher.LastId);
        await using var other = await Watcher.StartAsync(host, key, "20200101-0000000000000000");
        Assert.Equal(60m, (await other.NextAsync()).Totals[0].Outstanding);
        await host.PublishAsync(Today(12.10m));
        Assert.Equal(2, (await returning.NextAsync()).Totals[0].Invoices);
    }

    [Fact]
    public async Task However_many_watch_one_asks_and_each_goes_when_its_key_is_revoked()
    {
        await using var host = await StartAsync();
        var live = host.Services.GetRequiredService<WatchLive>();
        var revoked = KeyId.New();
        var lost = host.Services.GetRequiredService<ApiKeys>().Sign(SellerId.Of("s1"), revoked, [Scopes.ReportsRead]);
        var watchers = new List<Watcher>();
        for (var i = 0; i < 200; i++)
        {
            watchers.Add(await Watcher.StartAsync(host, i == 7 ? lost : host.KeyFor("s1", Scopes.ReportsRead)));
        }

        await Eventually.EqualAsync(200, () => Task.FromResult(live.Watchers), "watchers");
        var (before, watch) = (live.Queries, System.Diagnostics.Stopwatch.StartNew());
        await host.PublishAsync(Today(121m));
        await Task.WhenAll(watchers.Select(each => each.UntilAsync(totals => totals.Totals.Count > 0)));
        // One a second, however many are told, and the one that may have been under way.
        Assert.InRange(live.Queries - before, 1, (long)watch.Elapsed.TotalSeconds + 2);

        await host.PublishAsync(
            new ApiKeyRevoked
            {
                EventId = EventId.New(),
                SellerId = SellerId.Of("s1"),
                KeyId = revoked,
                RevokedAt = TimeProvider.System.GetUtcNow(),
            }
        );
        Assert.Contains("event: end", await watchers[7].RestAsync(), StringComparison.Ordinal);
        await Eventually.EqualAsync(199, () => Task.FromResult(live.Watchers), "watchers");
        foreach (var each in watchers)
        {
            await each.DisposeAsync();
        }

        // Nobody watches: nobody asks.
        await Eventually.EqualAsync(0, () => Task.FromResult(live.Watchers), "watchers");
        using var http = host.With(lost);
        using var refused = await http.GetAsync("/v1/live", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var till = host.As("s1", Scopes.SalesWrite);
        using var forbidden = await till.GetAsync("/v1/live", Token);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task A_sellers_tool_reads_the_views_of_its_own_rows_and_nothing_else()
    {
        await using var host = await StartAsync();
        await host.PublishAsync(Today(121m, due: 100m));
        await host.PublishAsync(Today(50m) with { SellerId = SellerId.Of("s2") });
        await Eventually.EqualAsync(2, () => host.QueryAsync<int>("select count(*)::int from inbox"), "events heard");
        using var admin = host.AsAdmin();
        var first = await admin.PutAsync("/v1/sellers/s1/bi-login", null, Token).JsonAsync(200);
        var second = await admin.PutAsync("/v1/sellers/s2/bi-login", null, Token).JsonAsync(200);
        var again = await admin.PutAsync("/v1/sellers/s1/bi-login", null, Token).JsonAsync(200);
        Assert.Equal(first.Text("login"), again.Text("login"));
        Assert.NotEqual(first.Text("password"), again.Text("password"));

        await using var tool = await OpenAsync(host, again);
        Assert.Equal("121.0000", await AskAsync(tool, "select total_with_vat::text from bi.invoices"));
        Assert.Equal("1", await AskAsync(tool, "select sum(invoices)::text from sales_by_day"));
        Assert.Equal("100.0000", await AskAsync(tool, "select amount_due::text from receivables"));
        Assert.Equal("1", await AskAsync(tool, "select count(*)::text from invoice_lines where line > 0"));
        await using var others = await OpenAsync(host, second);
        Assert.Equal("50.0000", await AskAsync(others, "select total_with_vat::text from invoices"));
        // Whatever a session sets, it stays its own seller's.
        await AskAsync(others, "set default_transaction_read_only = off");
        foreach (
            var attempt in new[]
            {
                "select 1 from reporting.sold",
                "select 1 from bi.login",
                "set role reporting_bi_views",
                "set role reporting_app",
                "set session authorization reporting",
                "create table bi.mine (a int)",
                "create or replace view bi.invoices as select 1 as a",
                "select bi.keep_login('s2', 'x', now())",
                "select bi.keep_views('reporting')",
                "delete from bi.invoices",
            }
        )
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(others, attempt));
            Assert.Contains(refused.SqlState, new[] { "42501", "55000" });
        }

        // It is the operator's to give.
        using var seller = host.As("s1");
        using var notTheirs = await seller.PutAsync("/v1/sellers/s1/bi-login", null, Token);
        Assert.Equal(HttpStatusCode.Forbidden, notTheirs.StatusCode);
        using var removed = await admin.DeleteAsync("/v1/sellers/s1/bi-login", Token);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await admin.DeleteAsync("/v1/sellers/s1/bi-login", Token).RefusedAsync(404, "REP-BI-01");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OpenAsync(host, again));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(tool, "select 1::text from invoices"));
    }

    private Task<ServiceHost> StartAsync() => ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");

    /// <summary>A sale of the seller's today, with so much of it open.</summary>
    private static InvoiceIssued Today(decimal total, decimal due = 0m)
    {
        var now = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"));
        var day = DateOnly.FromDateTime(now.DateTime);
        return Told.Invoice("s1", total, due: due, dueDate: day.AddDays(30)) with
        {
            IssueDate = day,
            OperationDate = day,
            IssuedAt = now,
            OccurredAt = now,
        };
    }

    private static async Task<NpgsqlConnection> OpenAsync(ServiceHost host, JsonElement login)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(host.ConnectionString)
            {
                Username = login.Text("login"),
                Password = login.Text("password"),
                Database = login.Text("database"),
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync(Token);
        return connection;
    }

    private static async Task<string?> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token) as string;
    }

    /// <summary>A client of server-sent events.</summary>
    private sealed class Watcher : IAsyncDisposable
    {
        private readonly HttpClient _http;
        private readonly HttpResponseMessage _response;
        private readonly StreamReader _reader;

        private Watcher(HttpClient http, HttpResponseMessage response, StreamReader reader) =>
            (_http, _response, _reader) = (http, response, reader);

        public string LastId { get; private set; } = "";

        public static async Task<Watcher> StartAsync(ServiceHost host, string key, string? lastId = null)
        {
            var http = host.With(key);
            var request = new HttpRequestMessage(HttpMethod.Get, "/v1/live");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            if (lastId is not null)
            {
                request.Headers.Add("Last-Event-ID", lastId);
            }

            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            return new Watcher(http, response, new StreamReader(await response.Content.ReadAsStreamAsync(Token)));
        }

        /// <summary>The next totals.</summary>
        public async Task<LiveTotals> NextAsync()
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (await _reader.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    LastId = line[4..];
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return JsonSerializer.Deserialize<LiveTotals>(line[6..], Wire.Tolerant)!;
                }
            }

            throw new EndOfStreamException("the stream has ended");
        }

        public async Task<LiveTotals> UntilAsync(Func<LiveTotals, bool> condition)
        {
            for (; ; )
            {
                if (await NextAsync() is var totals && condition(totals))
                {
                    return totals;
                }
            }
        }

        /// <summary>Everything until the service ends the stream.</summary>
        public async Task<string> RestAsync()
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            return await _reader.ReadToEndAsync(limit.Token);
        }

        public ValueTask DisposeAsync()
        {
            _reader.Dispose();
            _response.Dispose();
            _http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
