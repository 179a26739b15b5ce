using System.Reflection;
using System.Text;
using MassTransit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Delivery;
using RetailInvoicing.Delivery.Webhooks;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class WebhookRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly WebhookOptions Options = new();

    [Theory]
    [InlineData(
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        1731705121L,
        """{"event_type":"ping","data":{"success":true}}""",
        "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
    )]
    [InlineData(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330L,
        """{"test": 2432232314}""",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )]
    public void A_signature_is_the_one_that_the_standards_examples_have(string secret, string id, long at, string body, string signature)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        Assert.Equal(signature, WebhookSignature.Of([key], id, at, Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void Two_keys_are_two_signatures_the_present_one_first()
    {
        byte[] one = [1, 2, 3];
        byte[] two = [4, 5, 6];
        Assert.Equal(
            $"{WebhookSignature.Of([one], "a", 1, "{}"u8)} {WebhookSignature.Of([two], "a", 1, "{}"u8)}",
            WebhookSignature.Of([one, two], "a", 1, "{}"u8)
        );
    }

    [Fact]
    public void A_secret_is_24_to_64_bytes_and_nothing_around_them()
    {
        foreach (var length in new[] { 24, 32, 64 })
        {
            var key = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
            Assert.Equal(key, WebhookSecret.Read(WebhookSecret.Text(key)));
        }

        Assert.Equal(32, WebhookSecret.Read(WebhookSecret.Text(WebhookSecret.Make()))!.Length);
        Assert.NotEqual(WebhookSecret.Make(), WebhookSecret.Make());
        var sound = Convert.ToBase64String(new byte[24]);
        foreach (
            var unsound in new[]
            {
                "",
                "whsec_",
                sound,
                $"WHSEC_{sound}",
                $"whsec_{sound} ",
                $"whsec_ {sound}",
                $"whsec_{sound}\n",
                $"whsec_{Convert.ToBase64String(new byte[23])}",
                $"whsec_{Convert.ToBase64String(new byte[65])}",
                $"whsec_{Convert.ToBase64String(new byte[66])}",
                $"whsec_{new string('A', 5000)}",
                "whsec_ññññññññññññññññññññññññññññññññ",
            }
        )
        {
            Assert.Null(WebhookSecret.Read(unsound));
        }
    }

    [Fact]
    public void Every_event_that_says_whose_business_it_is_can_be_subscribed()
    {
        var told = typeof(IEvent)
            .Assembly.GetTypes()
            .Where(type => typeof(IEvent).IsAssignableFrom(type) && type.GetCustomAttribute<EntityNameAttribute>() is not null)
            .Select(type => type.GetCustomAttribute<EntityNameAttribute>()!.EntityName)
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.True(told.Length >= 20, $"only {told.Length} events were found");
        Assert.Equal(told, WebhookEvents.All.Order(StringComparer.Ordinal));
        Assert.False(WebhookEvents.IsWanted("sales.sale-posted.v1"));
        Assert.False(WebhookEvents.IsWanted(null));
        Assert.True(WebhookEvents.IsWanted("*"));
        Assert.Equal(told.Length, WebhookEvents.Of(["*"]).Count);
        Assert.Equal(InvoicePaid.Exchange, Assert.Single(WebhookEvents.Of([InvoicePaid.Exchange, "gone.long-ago.v1"])));
        Assert.Empty(WebhookEvents.Of([]));
    }

    [Fact]
    public void A_delivery_is_tried_for_three_days_ever_more_seldom_and_once_more_at_their_end()
    {
        var at = Start;
        var pauses = new List<TimeSpan>();
        for (var failures = 1; WebhookHealth.NextAttempt(failures, Start, at, 0.5, null, Options) is { } next; failures++)
        {
            pauses.Add(next - at);
            at = next;
        }

        Assert.Equal(
            [
                TimeSpan.FromSeconds(5),
                TimeSpan.FromMinutes(5),
                TimeSpan.FromMinutes(30),
                TimeSpan.FromHours(2),
                TimeSpan.FromHours(5),
                TimeSpan.FromHours(10),
                TimeSpan.FromHours(14),
                TimeSpan.FromHours(20),
            ],
            pauses.Take(8)
        );
        Assert.Equal(9, pauses.Count);
        Assert.Equal(Start + TimeSpan.FromDays(3), at);
    }

    [Fact]
    public void Not_everything_comes_back_at_once()
    {
        var soonest = WebhookHealth.NextAttempt(2, Start, Start, 0, null, Options);
        var latest = WebhookHealth.NextAttempt(2, Start, Start, 1, null, Options);
        Assert.Equal(TimeSpan.FromSeconds(270), soonest - Start);
        Assert.Equal(TimeSpan.FromSeconds(330), latest - Start);
    }

    [Fact]
    public void A_server_that_asks_for_time_gets_it_within_reason()
    {
        Assert.Equal(Start.AddMinutes(7), WebhookHealth.NextAttempt(1, Start, Start, 0.5, TimeSpan.FromMinutes(7), Options));
        Assert.Equal(Start.AddMinutes(5), WebhookHealth.NextAttempt(2, Start, Start, 0.5, TimeSpan.FromSeconds(1), Options));
        Assert.Equal(Start.AddHours(24), WebhookHealth.NextAttempt(1, Start, Start, 0.5, TimeSpan.FromDays(3650), Options));
        var health = new WebhookHealth().AfterFailure(Start, Start, false, TimeSpan.FromMinutes(7), Options);
        Assert.Equal(Start.AddMinutes(7), health.PausedUntil);
        Assert.Equal(health.PausedUntil, health.AfterFailure(Start, Start.AddSeconds(1), false, null, Options).PausedUntil);
    }

    [Fact]
    public void An_endpoint_that_fails_again_and_again_rests_ever_longer_but_never_for_long()
    {
        var health = new WebhookHealth();
        var rests = new List<TimeSpan?>();
        for (var i = 0; i < 12; i++)
        {
            health = (health with { PausedUntil = null }).AfterFailure(Start, Start, false, null, Options);
            rests.Add(health.PausedUntil - Start);
        }

        Assert.All(rests.Take(2), rest => Assert.Null(rest));
        Assert.Equal([5d, 10d, 20d, 40d, 80d, 160d, 300d, 300d, 300d, 300d], rests.Skip(2).Select(rest => rest!.Value.TotalSeconds));
        Assert.Equal(12, health.Failures);
        Assert.Equal(Start, health.FailingSince);
        Assert.Null(health.Disabled);
    }

    [Fact]
    public void Three_days_of_nothing_but_failures_disable_an_endpoint_and_410_does_at_once()
    {
        var health = new WebhookHealth().AfterFailure(Start, Start.AddSeconds(15), false, null, Options);
        Assert.Equal(Start, health.FailingSince);
        Assert.Null(health.AfterFailure(Start.AddHours(71), Start.AddHours(71), false, null, Options).Disabled);
        Assert.Equal("failing", health.AfterFailure(Start.AddDays(3), Start.AddDays(3), false, null, Options).Disabled);
        Assert.Equal("gone", new WebhookHealth().AfterFailure(Start, Start, true, null, Options).Disabled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"sellerId":"nandu"}""")]
    [InlineData("""{"eventId":"0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e"}""")]
    [InlineData("""{"eventId":"0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e","sellerId":"a\u0000b"}""")]
    [InlineData("""{"eventId":"0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e","sellerId":"\ud800"}""")]
    [InlineData("""{"eventId":"0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e","sellerId":7}""")]
    [InlineData("""{"eventId":"7","sellerId":"nandu"}""")]
    public void What_is_no_event_of_a_seller_is_passed_over(string body) =>
        Assert.Null(HeardEvent.Of(InvoicePaid.Exchange, Encoding.UTF8.GetBytes(body), null));

    [Fact]
    public void An_event_keeps_its_bytes_and_says_whose_data_it_holds()
    {
        var id = EventId.New();
        byte[] Told(string more) => Encoding.UTF8.GetBytes($$"""{ "eventId" : "{{id}}", "sellerId":"nandu" {{more}} }""");
        var body = Told(""", "buyer": {"customerId":"17850"}, "later": 1.50""");
        var heard = HeardEvent.Of(InvoicePaid.Exchange, body, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")!;
        Assert.Equal(id, heard.EventId);
        Assert.Equal("nandu", heard.SellerId.Value);
        Assert.Equal("17850", heard.CustomerId);
        Assert.Same(body, heard.Body);
        Assert.NotNull(heard.TraceParent);
        Assert.Equal("3", HeardEvent.Of(InvoicePaid.Exchange, Told(""", "contact":{"customerId":"3"}, "buyer":null"""), "x")!.CustomerId);
        Assert.Null(HeardEvent.Of(InvoicePaid.Exchange, Told(""", "customerId":"a\u0000b" """), "x")!.CustomerId);
        Assert.Null(HeardEvent.Of(InvoicePaid.Exchange, Told(""), "no trace")!.TraceParent);
        Assert.Null(HeardEvent.Of("sales.sale-posted.v1", body, null));
    }

    [Fact]
    public void A_notice_shows_an_address_without_what_may_be_secret_in_it()
    {
        Assert.Equal("https://shop.example/hooks", WebhookNoticeContent.Shown("https://shop.example/hooks?token=secret#x"));
        Assert.Equal("", WebhookNoticeContent.Shown("no address"));
    }
}
