using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>What every service tells whoever operates the system, and how dead letters find their way back.</summary>
public sealed class OperationsTests(Infrastructure infrastructure)
{
    private const string AdminKey = "admin-key-of-operations-tests";
    private const string PortalKey = "key-of-portal-in-the-operations-tests-0123456789";

    private static readonly Dictionary<string, string?> Keys = new()
    {
        ["Keys:AdminKey"] = AdminKey,
        ["Keys:Callers:portal"] = PortalKey,
        ["Keys:Callers:delivery"] = PortalKey,
    };

    [Fact]
    public async Task A_service_tells_its_version_its_migrations_its_outbox_and_its_queues()
    {
        await using var service = await MiniService.StartAsync(infrastructure, settings: Keys);
        await service.AppendAsync(OutboxTests.Promise("s1"), commit: true);
        await Eventually.TrueAsync(() => Task.FromResult(service.Heard.Contains("s1")), "it is heard");

        using var admin = Client(service, AdminKey);
        JsonNode told = new JsonObject();
        // The row of the outbox goes, and the queue says so, moments after the event was heard.
        await Eventually.TrueAsync(
            async () =>
            {
                told = (await admin.GetFromJsonAsync<JsonNode>("/v1/operations"))!;
                return (int)told["outbox"]!["waiting"]! == 0 && (int)QueueIn(told)["waiting"]! == 0;
            },
            "nothing waits"
        );

        Assert.Equal("collections", (string?)told["service"]);
        Assert.NotEqual("", (string?)told["version"]);
        Assert.Equal("012-rate-acts.sql", (string?)told["migrations"]!["newest"]);
        Assert.True((int)told["migrations"]!["applied"]! > 12);
        Assert.Equal(1, (int)QueueIn(told)["consumers"]!);
        Assert.Empty(told["away"]!.AsArray());

        static JsonNode QueueIn(JsonNode state) => state["queues"]!.AsArray().Single(each => (string?)each!["queue"] == "mini-hear")!;
    }

    [Fact]
    public async Task A_poisoned_message_is_shown_with_its_reason_and_goes_back_when_it_is_sent()
    {
        await using var service = await MiniService.StartAsync(infrastructure, settings: Keys);
        await service.AppendAsync(OutboxTests.Promise("poison"), commit: true);
        using var operating = Client(service, Token("portal"));
        var dead = await OneDeadAsync(operating);

        Assert.Equal("mini-hear", (string?)dead["home"]);
        var letter = Assert.Single(dead["letters"]!.AsArray())!;
        Assert.Equal("no consumer can bear this", (string?)letter["reason"]);
        Assert.Contains("\"poison\"", (string?)letter["body"], StringComparison.Ordinal);
        Assert.Equal("collections.promise-made.v1", (string?)letter["type"]);
        Assert.NotNull((string?)letter["at"]);

        var name = (string?)letter["name"];
        var sent = await ReplayAsync(operating, new { message = name });
        Assert.Equal(1, (int)(await sent.Content.ReadFromJsonAsync<JsonNode>())!["replayed"]!);
        // What killed it is not mended, so it comes back: nothing is lost, however often it goes round.
        Assert.Equal(name, (string?)Assert.Single((await OneDeadAsync(operating))["letters"]!.AsArray())!["name"]);
        var all = await ReplayAsync(operating, new { all = true });
        Assert.Equal(1, (int)(await all.Content.ReadFromJsonAsync<JsonNode>())!["replayed"]!);
    }

    [Fact]
    public async Task Looking_again_and_again_loses_nothing_and_two_who_send_all_back_at_once_send_each_once()
    {
        await using var service = await MiniService.StartAsync(infrastructure, settings: Keys);
        using var operating = Client(service, Token("portal"));
        await using var connection = await new ConnectionFactory { Uri = service.Broker }.CreateConnectionAsync(
            TestContext.Current.CancellationToken
        );
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true),
            TestContext.Current.CancellationToken
        );
        // With the limit that newer brokers give every queue by themselves.
        await channel.QueueDeclareAsync(
            "mini-hear_error",
            true,
            false,
            false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 12 },
            cancellationToken: TestContext.Current.CancellationToken
        );
        for (var i = 0; i < 3; i++)
        {
            var body = Encoding.UTF8.GetBytes($"no message {i}");
            await channel.BasicPublishAsync("", "mini-hear_error", true, body, TestContext.Current.CancellationToken);
        }

        for (var look = 0; look < 40; look++)
        {
            var list = await operating.GetFromJsonAsync<JsonNode>("/v1/operations/dead-letters/mini-hear_error");
            if (list!["letters"]!.AsArray().Count < 3)
            {
                // The broker counts a little later what was put back.
                await Eventually.EqualAsync(3u, () => channel.MessageCountAsync("mini-hear_error"), $"all are there after {look} looks");
            }
        }

        await Eventually.EqualAsync(3u, () => channel.MessageCountAsync("mini-hear_error"), "all are there after forty looks");
        var both = await Task.WhenAll(ReplayAsync(operating, new { all = true }), ReplayAsync(operating, new { all = true }));
        var sums = await Task.WhenAll(both.Select(each => each.Content.ReadFromJsonAsync<JsonNode>()));
        Assert.Equal(3, sums.Sum(each => (int)each!["replayed"]!));
    }

    [Fact]
    public async Task Only_the_admin_key_and_the_web_fronts_operators_come_in_and_a_queue_of_another_service_is_not_there()
    {
        await using var service = await MiniService.StartAsync(infrastructure, settings: Keys);
        using var operating = Client(service, Token("portal"));
        using var nobody = Client(service, "x");
        using var owner = Client(service, Bearer("portal", OnBehalfOf.Staff("o@example.com", StaffRole.Owner, SellerId.Of("s1"))));
        foreach (var (client, status) in new[] { (operating, 200), (nobody, 401), (owner, 403) })
        {
            Assert.Equal(status, (int)(await client.GetAsync("/v1/operations")).StatusCode);
        }

        Assert.Throws<InvalidOperationException>(() => Token("delivery"));
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await operating.GetAsync("/v1/operations/dead-letters/payments-open-balance_error")).StatusCode
        );
        var neither = await ReplayAsync(operating, new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, neither.StatusCode);
        Assert.Contains("OPS-DEAD-05", await neither.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<JsonNode> OneDeadAsync(HttpClient operating)
    {
        JsonNode? list = null;
        await Eventually.TrueAsync(
            async () =>
            {
                list = await operating.GetFromJsonAsync<JsonNode>("/v1/operations/dead-letters/mini-hear_error");
                return list!["letters"]!.AsArray().Count == 1;
            },
            "the message is dead",
            TimeSpan.FromSeconds(30)
        );
        return list!;
    }

    private static Task<HttpResponseMessage> ReplayAsync(HttpClient operating, object order) =>
        operating.PostAsJsonAsync("/v1/operations/dead-letters/mini-hear_error/replay", order);

    private static HttpClient Client(MiniService service, string bearer) =>
        new()
        {
            BaseAddress = new Uri(service.App.Urls.First()),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) },
        };

    private static string Token(string issuer) => Bearer(issuer, OnBehalfOf.Operating("ops@example.com"));

    private static string Bearer(string issuer, OnBehalfOf behalf) =>
        new ServiceCredentials(
            new ServiceName(issuer),
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Keys:Service"] = PortalKey }).Build(),
            TimeProvider.System
        )
            .For("collections", behalf)
            .Single(header => header.Key == "authorization")
            .Value["Bearer ".Length..];
}
