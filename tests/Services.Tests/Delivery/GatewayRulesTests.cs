using System.Text;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>What a channel must be to be kept, and what a gateway's answer means; no gateway is asked.</summary>
public sealed class GatewayRulesTests
{
    private const string Body = """{"to":"{{to}}","text":"{{text}}"}""";

    private static readonly ChannelRequest Sound = new() { Url = "https://sms.example.com/send", Body = Body };

    [Fact]
    public void A_sound_channel_is_kept_as_it_was_said()
    {
        var gateway = GatewayRules.Of("sms", Sound with { From = "Ñandú", Method = "PUT" }).Value;

        Assert.Equal(
            ("https://sms.example.com/send", "PUT", GatewayBody.Json, Body, "Ñandú"),
            (gateway.Url, gateway.Method, gateway.ContentType, gateway.Body, gateway.From)
        );
        Assert.Equal([200, 201, 202], gateway.Success.Status);
    }

    [Fact]
    public void The_sellers_own_server_needs_no_body_said() =>
        Assert.Equal(GatewayBody.OfWebhook, GatewayRules.Of("webhook", Sound with { Body = null }).Value.Body);

    public static TheoryData<string, string> Unsound =>
        new()
        {
            { """{"priority":0}""", "DEL-CHANNEL-06" },
            { """{"priority":101}""", "DEL-CHANNEL-06" },
            { """{"url":""}""", "DEL-CHANNEL-03" },
            { """{"method":"GET"}""", "DEL-CHANNEL-07" },
            { """{"contentType":"text/xml"}""", "DEL-CHANNEL-08" },
            { """{"body":""}""", "DEL-CHANNEL-03" },
            { """{"body":"{\"to\":\"{{to}}\"}"}""", "DEL-CHANNEL-12" },
            { """{"body":"{\"to\":\"{{to}}\",\"text\":\"{{text}}{{iban}}\"}"}""", "DEL-CHANNEL-12" },
            { """{"body":"{\"to\":{{to}},\"text\":{{text}}}"}""", "DEL-CHANNEL-13" },
            { """{"body":"{\"to\":\"{{to}}\",\"text\":\"{{text}}\""}""", "DEL-CHANNEL-13" },
            { """{"body":"{\"to\":\"{{to}}\",\"text\":\"{{text}}\u0000\"}"}""", "DEL-CHANNEL-05" },
            { """{"from":"a\u0000"}""", "DEL-CHANNEL-05" },
            { """{"from":"12345678901234567890123456789012345678901"}""", "DEL-CHANNEL-04" },
            { """{"success":{"status":[]}}""", "DEL-CHANNEL-14" },
            { """{"success":{"status":[302]}}""", "DEL-CHANNEL-14" },
            { """{"success":{"status":[500]}}""", "DEL-CHANNEL-14" },
            { """{"success":{"field":""}}""", "DEL-CHANNEL-03" },
            { """{"success":{"field":"a\u0000"}}""", "DEL-CHANNEL-05" },
        };

    [Theory]
    [MemberData(nameof(Unsound))]
    public void What_no_gateway_could_be_asked_by_is_refused(string fields, string code)
    {
        var request = JsonSerializer.Deserialize<ChannelRequest>(fields, Wire.Strict)!;
        request = request with { Url = request.Url ?? Sound.Url, Body = request.Body ?? Body };

        Assert.Equal(code, GatewayRules.Of("sms", request).Fault?.Code.Code);
    }

    [Fact]
    public void A_body_of_any_length_is_not_kept() =>
        Assert.Equal("DEL-CHANNEL-04", GatewayRules.Of("sms", Sound with { Body = Body + new string(' ', 4000) }).Fault?.Code.Code);

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Idempotency-Key")]
    [InlineData("Proxy-Authorization")]
    [InlineData("webhook-signature")]
    [InlineData("X Key")]
    [InlineData("X-Key\r\nHost")]
    [InlineData("")]
    public void Headers_that_are_ours_or_none_are_refused(string name) =>
        Assert.Equal("DEL-CHANNEL-09", Secrets(headers: new() { [name] = "v" }).Fault?.Code.Code);

    [Fact]
    public void A_header_value_stays_on_its_line() =>
        Assert.Equal("DEL-CHANNEL-05", Secrets(headers: new() { ["X-Key"] = "a\r\nX-Other: b" }).Fault?.Code.Code);

    [Fact]
    public void A_header_said_twice_is_refused() =>
        Assert.Equal("DEL-CHANNEL-09", Secrets(headers: new() { ["X-Key"] = "a", ["x-key"] = "b" }).Fault?.Code.Code);

    [Fact]
    public void Without_headers_those_kept_stay_and_with_an_ellipsis_that_one_stays()
    {
        var kept = new GatewaySecrets
        {
            Headers = new() { ["Authorization"] = "Bearer 1", ["X-Old"] = "old" },
        };

        Assert.Equal(kept.Headers, Secrets(kept: kept).Value.Headers);
        Assert.Equal(
            new Dictionary<string, string> { ["authorization"] = "Bearer 1", ["X-New"] = "new" },
            Secrets(headers: new() { ["authorization"] = GatewaySecrets.Hidden, ["X-New"] = "new" }, kept: kept).Value.Headers
        );
        Assert.Empty(Secrets(headers: new(), kept: kept).Value.Headers);
        Assert.Equal("DEL-CHANNEL-10", Secrets(headers: new() { ["X-None"] = GatewaySecrets.Hidden }, kept: kept).Fault?.Code.Code);
    }

    [Fact]
    public void What_is_kept_for_one_server_goes_to_no_other()
    {
        var kept = new GatewaySecrets { Headers = new() { ["Authorization"] = "Bearer 1" } };
        var signing = new GatewaySecrets { Signing = SecretOf(32) };

        Assert.Equal("DEL-CHANNEL-11", Secrets(kept: kept, isSameServer: false).Fault?.Code.Code);
        Assert.Equal(
            "DEL-CHANNEL-11",
            Secrets(headers: new() { ["Authorization"] = GatewaySecrets.Hidden }, kept: kept, isSameServer: false).Fault?.Code.Code
        );
        Assert.Equal("DEL-CHANNEL-11", Secrets(kept: signing, isSameServer: false).Fault?.Code.Code);
        Assert.Equal(
            "Bearer 2",
            Secrets(headers: new() { ["Authorization"] = "Bearer 2" }, kept: kept, isSameServer: false).Value.Headers["Authorization"]
        );
    }

    [Theory]
    [InlineData("https://a.example/x", "https://A.example:443/y?z", true)]
    [InlineData("https://a.example/x", "https://b.example/x", false)]
    [InlineData("https://a.example/x", "https://a.example:8443/x", false)]
    [InlineData("https://a.example/x", "http://a.example/x", false)]
    public void A_server_is_its_scheme_name_and_port(string one, string other, bool same) =>
        Assert.Equal(same, Gateway.IsSameServer(one, other));

    [Theory]
    [InlineData("webhook", 24, null)]
    [InlineData("webhook", 64, null)]
    [InlineData("webhook", 23, "DEL-CHANNEL-21")]
    [InlineData("webhook", 65, "DEL-CHANNEL-21")]
    [InlineData("sms", 32, "DEL-CHANNEL-21")]
    public void A_secret_signs_webhooks_and_has_24_to_64_bytes(string channel, int bytes, string? code) =>
        Assert.Equal(
            code,
            GatewayRules.SecretsOf(channel, Sound with { Secret = SecretOf(bytes) }, new GatewaySecrets(), true).Fault?.Code.Code
        );

    [Fact]
    public void Values_never_become_more_than_values()
    {
        const string nasty = "a\"},{\"b\":\"\\ \n {{key}} &to=666 ñ€";

        using var json = JsonDocument.Parse(GatewayBody.Fill(Body, GatewayBody.Json, "+34600112233", nasty, "k", "f"));
        var form = GatewayBody.Fill("To={{to}}&Body={{ text }}&From={{from}}", GatewayBody.Form, "+34600112233", nasty, "k", "Ñ&x=1");

        Assert.Equal(nasty, json.RootElement.GetProperty("text").GetString());
        Assert.Equal(2, json.RootElement.EnumerateObject().Count());
        var fields = form.Split('&')
            .Select(field => field.Split('='))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        Assert.Equal(["Body", "From", "To"], fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(nasty, fields["Body"]);
        Assert.Equal("+34600112233", fields["To"]);
    }

    [Theory]
    [InlineData(200, HandOverEnd.Accepted)]
    [InlineData(202, HandOverEnd.Accepted)]
    [InlineData(204, HandOverEnd.Refused)]
    [InlineData(302, HandOverEnd.Refused)]
    [InlineData(400, HandOverEnd.Refused)]
    [InlineData(401, HandOverEnd.Refused)]
    [InlineData(404, HandOverEnd.Refused)]
    [InlineData(408, HandOverEnd.Deferred)]
    [InlineData(409, HandOverEnd.Refused)]
    [InlineData(425, HandOverEnd.Deferred)]
    [InlineData(429, HandOverEnd.Deferred)]
    [InlineData(500, HandOverEnd.Deferred)]
    [InlineData(503, HandOverEnd.Deferred)]
    public void A_status_says_whether_the_gateway_has_it(int status, HandOverEnd end) =>
        Assert.Equal(end, GatewayAnswer.Of(status, "{}"u8, new GatewaySuccess()).End);

    [Theory]
    [InlineData("""{"messages":[{"id":"m1"}]}""", true)]
    [InlineData("""{"messages":[{"id":0}]}""", true)]
    [InlineData("""{"messages":[{"id":null}]}""", false)]
    [InlineData("""{"messages":[{"id":false}]}""", false)]
    [InlineData("""{"messages":[]}""", false)]
    [InlineData("""{"messages":{"0":{"id":1}}}""", true)]
    [InlineData("""{"error":"no credit"}""", false)]
    [InlineData("""{"\ud800":1}""", false)]
    [InlineData("OK", false)]
    [InlineData("", false)]
    public void A_gateway_that_answers_200_to_everything_is_read_by_a_field(string body, bool accepted)
    {
        var end = GatewayAnswer.Of(200, Encoding.UTF8.GetBytes(body), new GatewaySuccess { Field = "messages.0.id" });

        Assert.Equal(accepted ? HandOverEnd.Accepted : HandOverEnd.Refused, end.End);
    }

    [Fact]
    public void What_a_gateway_says_is_kept_short_on_one_line_and_without_NULs()
    {
        var said = GatewayAnswer.Of(400, Encoding.UTF8.GetBytes("a\0b\r\n" + new string('ñ', 5000)), new GatewaySuccess()).Detail!;

        Assert.StartsWith("400 a b  ñ", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', said);
        Assert.InRange(said.Length, 200, 210);
    }

    private static string SecretOf(int bytes) => $"whsec_{Convert.ToBase64String(new byte[bytes])}";

    private static RetailInvoicing.ServiceDefaults.Outcome<GatewaySecrets> Secrets(
        Dictionary<string, string?>? headers = null,
        GatewaySecrets? kept = null,
        bool isSameServer = true
    ) => GatewayRules.SecretsOf("webhook", Sound with { Headers = headers }, kept ?? new GatewaySecrets(), isSameServer);
}
