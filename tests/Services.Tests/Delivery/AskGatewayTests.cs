using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>A gateway that is asked over HTTP, and each way in which it can misbehave.</summary>
public sealed class AskGatewayTests
{
    private static readonly WrittenShort Message = new(
        "sms",
        "+34600112233",
        "Ñandu: \"factura\" F-1",
        "0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6f"
    );

    [Fact]
    public async Task A_message_goes_out_with_its_key_headers_and_escaped_values()
    {
        await using var gateway = await StandInGateway.StartAsync();
        using var http = Http();
        var settings = Of(gateway.Url, new GatewaySecrets { Headers = new() { ["Authorization"] = "Bearer secret" } });

        var end = await AskAsync(http, settings, TestContext.Current.CancellationToken);

        Assert.Equal(HandOver.Accepted, end);
        var asked = Assert.Single(gateway.All);
        Assert.Equal(("POST", "/send", "Bearer secret"), (asked.Method, asked.Path, asked.Headers["authorization"]));
        Assert.Equal(Message.Key, asked.Headers["idempotency-key"]);
        Assert.Equal("application/json; charset=utf-8", asked.Headers["content-type"]);
        Assert.DoesNotContain("traceparent", asked.Headers.Keys);
        using var body = JsonDocument.Parse(asked.Body);
        Assert.Equal(Message.Text, body.RootElement.GetProperty("text").GetString());
        Assert.Equal(Message.To, body.RootElement.GetProperty("to").GetString());
    }

    [Fact]
    public async Task What_goes_to_the_sellers_own_server_is_signed_as_Standard_Webhooks_are()
    {
        await using var gateway = await StandInGateway.StartAsync();
        using var http = Http();
        var key = RandomNumberGenerator.GetBytes(32);
        var settings = Of(gateway.Url, new GatewaySecrets { Signing = $"whsec_{Convert.ToBase64String(key)}" });

        await AskAsync(http, settings, TestContext.Current.CancellationToken);

        var asked = Assert.Single(gateway.All);
        Assert.Equal((Message.Key, "1795680000"), (asked.Headers["webhook-id"], asked.Headers["webhook-timestamp"]));
        var signed = Encoding.UTF8.GetBytes($"{Message.Key}.1795680000.{asked.Body}");
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}", asked.Headers["webhook-signature"]);
    }

    [Theory]
    [InlineData(429, HandOverEnd.Deferred)]
    [InlineData(503, HandOverEnd.Deferred)]
    [InlineData(400, HandOverEnd.Refused)]
    public async Task A_gateway_that_does_not_take_it_is_believed(int status, HandOverEnd end)
    {
        await using var gateway = await StandInGateway.StartAsync();
        gateway.Answer = _ => (status, """{"error":"no credit"}""");
        using var http = Http();
        var settings = Of(gateway.Url);

        var said = await AskAsync(http, settings, TestContext.Current.CancellationToken);

        Assert.Equal((end, $$"""{{status}} {"error":"no credit"}"""), (said.End, said.Detail));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_takes_no_message()
    {
        await using var gateway = await StandInGateway.StartAsync();
        gateway.Answer = _ => (307, "");
        using var http = Http();
        var settings = Of(gateway.Url);

        Assert.Equal(HandOverEnd.Refused, (await AskAsync(http, settings, TestContext.Current.CancellationToken)).End);
        Assert.Single(gateway.All);
    }

    [Fact]
    public async Task A_gateway_that_takes_it_and_hangs_up_leaves_it_unknown()
    {
        await using var gateway = await StandInGateway.StartAsync();
        gateway.Answer = _ => null;
        using var http = Http();
        var settings = Of(gateway.Url);

        Assert.Equal(HandOverEnd.Unknown, (await AskAsync(http, settings, TestContext.Current.CancellationToken)).End);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_has_nothing_and_may_have_it_later()
    {
        using var http = Http();
        var settings = Of($"http://127.0.0.1:{Infrastructure.FreePort()}/send");

        Assert.Equal(HandOverEnd.Deferred, (await AskAsync(http, settings, TestContext.Current.CancellationToken)).End);
    }

    [Fact]
    public async Task A_gateway_on_our_own_network_is_never_asked()
    {
        await using var gateway = await StandInGateway.StartAsync();
        using var http = new PublicHttp(new ConfigurationBuilder().Build());
        var settings = Of(gateway.Url.Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal(HandOverEnd.Refused, (await AskAsync(http, settings, TestContext.Current.CancellationToken)).End);
        Assert.Empty(gateway.All);
    }

    private static PublicHttp Http() =>
        new(
            new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Delivery:Webhooks:AllowPrivate"] = "true" })
                .Build()
        );

    private static OpenedGateway Of(string url, GatewaySecrets? secrets = null) =>
        new(new Gateway { Url = url, Body = GatewayBody.OfWebhook }, secrets ?? new GatewaySecrets());

    private static Task<HandOver> AskAsync(PublicHttp http, OpenedGateway gateway, CancellationToken cancellationToken) =>
        new AskGateway(http, new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1795680000))).RunAsync(
            gateway,
            Message,
            cancellationToken
        );
}
