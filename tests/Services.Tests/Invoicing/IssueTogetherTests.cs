using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Sales that wait at a taxpayer's point go down in one commit, and none of them takes another with it.</summary>
public sealed class IssueTogetherTests(Infrastructure infra)
{
    [Fact]
    public async Task Sales_that_come_while_one_is_issued_go_down_in_one_commit_after_it()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-0"));
        var posts = await WhileThePointIsHeldAsync(shop, Enumerable.Range(1, 20).Select(i => Shop.Sale($"A-{i}")));

        Assert.All(posts, post => Assert.Equal(HttpStatusCode.Created, post.Status));
        Assert.Equal(
            Enumerable.Range(2, 20).Select(i => $"T-S01-2026-{i:000000}"),
            posts.Select(post => post.Number!).Order(StringComparer.Ordinal)
        );
        // The first alone, the others together.
        Assert.Equal(3L, await shop.AskAsync<long>("select count(distinct xmin::text) from invoice"));
        Assert.Equal(20L, await shop.AskAsync<long>("select max(sequence) from event") - 2L);
        var chain = await Fiscal.ChainDoorTests.ChainAsync(shop.Till);
        Assert.True(chain["valid"]!.GetValue<bool>(), chain.ToJsonString());
    }

    [Fact]
    public async Task One_that_is_refused_at_the_point_takes_no_other_with_it_and_twins_are_one()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-0"));
        JsonObject[] sales =
        [
            Shop.Sale("B-1"),
            Shop.Return("B-2", "A-0"),
            Shop.Return("B-3", "A-0"),
            Shop.Sale("B-4"),
            Shop.Sale("B-4"),
            Shop.Sale("B-4", quantity: "3"),
            Shop.Sale("B-5"),
        ];

        var posts = await WhileThePointIsHeldAsync(shop, sales);

        Assert.Single([posts[1], posts[2]], post => post.Status == HttpStatusCode.Created);
        Assert.Single([posts[1], posts[2]], post => post.Code == "INV-RETURN-03");
        HttpStatusCode[] twins = [.. posts[3..6].Select(post => post.Status)];
        Assert.Single(twins, HttpStatusCode.Created);
        Assert.Contains(HttpStatusCode.Conflict, twins);
        Assert.Equal(HttpStatusCode.Created, posts[6].Status);
        Assert.Equal(4L, await shop.AskAsync<long>("select last from number_series where kind = 'T'"));
        Assert.Equal(1L, await shop.AskAsync<long>("select last from number_series where kind = 'R'"));
        Assert.Equal(5L, await shop.AskAsync<long>("select count(*) from invoice"));
    }

    [Fact]
    public async Task More_than_may_wait_are_answered_429_and_nothing_is_lost()
    {
        await using var shop = await Shop.OpenAsync(
            infra,
            configuration: new Dictionary<string, string?> { ["Invoicing:MostWaiting"] = "3" }
        );
        await shop.IssueAsync(Shop.Sale("A-0"));

        var posts = await WhileThePointIsHeldAsync(shop, Enumerable.Range(1, 8).Select(i => Shop.Sale($"A-{i}")));

        var turnedAway = posts.Where(post => post.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(4, turnedAway.Count);
        Assert.All(turnedAway, post => Assert.Equal(("INV-INVOICE-05", "1"), (post.Code, post.RetryAfter)));
        Assert.Equal(5L, await shop.AskAsync<long>("select last from number_series"));
    }

    [Fact]
    public async Task A_seller_that_has_changed_elsewhere_is_never_issued_under_as_it_was()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-0"));
        await using (
            var other = await ServiceHost.StartAsync<InvoicingOptions>(infra, "invoicing", new HostSettings { Beside = shop.Host })
        )
        {
            var changed = Shop.Registration();
            changed["name"] = "Otro Nombre, S.L.";
            using var admin = other.AsAdmin();
            (await admin.PutAsJsonAsync($"/v1/sellers/{Shop.Seller}", changed)).EnsureSuccessStatusCode();
        }

        Assert.Equal("Otro Nombre, S.L.", (await shop.IssueAsync(Shop.Sale("A-1"))).Seller.Name);
    }

    [Fact]
    public async Task A_series_that_is_gone_after_a_restore_under_the_running_service_is_opened_anew()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["regime"] = "none");
        await shop.IssueAsync(Shop.Sale("A-0"));
        await shop.TamperAsync(
            "delete from sale; delete from outbox; delete from event; delete from invoice_contact; delete from invoice; delete from invoice_number; delete from number_series"
        );

        Assert.Equal("T-S01-2026-000001", (await shop.IssueAsync(Shop.Sale("A-1"))).Number);
    }

    [Fact]
    public async Task Numbers_follow_the_stream_and_a_return_finds_the_sale_before_it()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var lines = Enumerable.Range(1, 300).Select(i => Shop.Sale($"A-{i}").ToJsonString()).ToList();
        lines.Insert(150, Shop.Return("R-1", "A-150", "-1").ToJsonString());

        var answers = await ImportAsync(shop.Till, lines);

        Assert.All(answers, answer => Assert.Equal("issued", answer["status"]!.GetValue<string>()));
        var numbers = answers.Select(answer => answer["number"]!.GetValue<string>()).ToList();
        Assert.Equal("R-S01-2026-000001", numbers[150]);
        numbers.RemoveAt(150);
        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"T-S01-2026-{i:000000}"), numbers);
    }

    [Fact]
    public async Task Two_instances_that_are_sent_the_same_sales_in_another_order_issue_each_once()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var other = await ServiceHost.StartAsync<InvoicingOptions>(
            infra,
            "invoicing",
            new HostSettings { Beside = shop.Host, Services = services => services.AddSingleton<TimeProvider>(shop.Clock) }
        );
        using var neighbour = other.As(Shop.Seller);
        var sales = Enumerable.Range(1, 200).Select(i => i % 2 == 0 ? Shop.Sale($"A-{i}") : Shop.SaleTo($"A-{i}")).ToList();
        var random = new Random(20261126);

        var streams = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                {
                    var lines = sales.Select(sale => sale.ToJsonString()).ToArray();
                    random.Shuffle(lines);
                    return ImportAsync(i % 2 == 0 ? shop.Till : neighbour, lines);
                })
        );

        Assert.All(streams, stream => Assert.DoesNotContain(stream, answer => answer["status"]!.GetValue<string>() == "refused"));
        Assert.Equal(200, streams.Sum(stream => stream.Count(answer => answer["status"]!.GetValue<string>() == "issued")));
        Assert.Equal(100L, await shop.AskAsync<long>("select last from number_series where kind = 'T'"));
        Assert.Equal(100L, await shop.AskAsync<long>("select last from number_series where kind = 'F'"));
        Assert.Equal(200L, await shop.AskAsync<long>("select count(distinct number) from invoice"));
        var chain = await Fiscal.ChainDoorTests.ChainAsync(shop.Till);
        Assert.True(chain["valid"]!.GetValue<bool>(), chain.ToJsonString());
        Assert.Equal(200, chain["records"]!.GetValue<int>());
    }

    private sealed record Posted(HttpStatusCode Status, string? Number, string? Code, string? RetryAfter);

    /// <summary>Posts sales while another transaction holds the chain: the first is at the point, the others wait behind it.</summary>
    private static async Task<Posted[]> WhileThePointIsHeldAsync(Shop shop, IEnumerable<JsonObject> sales)
    {
        await using var connection = await shop.Host.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from fiscal_chain for update", connection, transaction))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var first = PostAsync(shop.Till, sales.First());
        await Eventually.TrueAsync(
            async () => await shop.AskAsync<long>("select count(*) from pg_stat_activity where wait_event = 'transactionid'") > 0,
            "the first is at the point"
        );
        var rest = sales.Skip(1).Select(sale => PostAsync(shop.Till, sale)).ToList();
        var line = shop.Host.Services.GetRequiredService<IssueInvoice>();
        await Eventually.TrueAsync(
            () => Task.FromResult(line.Waiting + rest.Count(post => post.IsCompleted) == rest.Count),
            "the others wait behind it"
        );
        await transaction.CommitAsync();
        return await Task.WhenAll([first, .. rest]);
    }

    private static async Task<Posted> PostAsync(HttpClient till, JsonObject sale)
    {
        using var answer = await till.PostAsJsonAsync("/v1/sales", sale);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return new Posted(
            answer.StatusCode,
            body["number"]?.GetValue<string>(),
            body["code"]?.GetValue<string>(),
            answer.Headers.RetryAfter?.ToString()
        );
    }

    private static async Task<List<JsonNode>> ImportAsync(HttpClient till, IEnumerable<string> lines)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await till.PostAsync("/v1/sales:import", content);
        var text = await answer.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
