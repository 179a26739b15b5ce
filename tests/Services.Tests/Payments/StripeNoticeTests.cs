using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Payments.Providers.Stripe;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Stripe's notices: which are believed, and what they tell.</summary>
public sealed class StripeNoticeTests : IDisposable
{
    private const string Signing = "whsec_of_the_shop";
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 15, 30, TimeSpan.Zero);
    private static readonly Guid CheckoutId = new("01939a5e-0000-7000-8000-000000000001");
    private static readonly Guid RefundId = new("01939a5e-0000-7000-8000-000000000002");

    private readonly StripeProvider _stripe = new(new StripeOptions(), TimeProvider.System);

    public void Dispose() => _stripe.Dispose();

    [Fact]
    public void A_notice_is_believed_where_it_was_signed_by_the_account_s_secret_not_long_ago()
    {
        var body = Event("payout.created", new JsonObject());
        Assert.Equal("evt_1", Read(body, Signed(body, Now)).Value.EventId);
        Assert.Equal("evt_1", Read(body, Signed(body, Now.AddSeconds(-300))).Value.EventId);
        Assert.Equal("evt_1", Read(body, Signed(body, Now.AddSeconds(300))).Value.EventId);
        // While the secret is being replaced there are two signatures, and others of schemes that say nothing.
        var time = Now.ToUnixTimeSeconds();
        var two = $"t={time},v0=00,v1={Hmac("whsec_of_old", body, time)},v1={Hmac(Signing, body, time)}";
        Assert.Equal("evt_1", Read(body, two).Value.EventId);
    }

    [Fact]
    public void Whatever_is_forged_altered_late_or_unsigned_is_refused_with_its_reason()
    {
        var body = Event("payout.created", new JsonObject());
        var time = Now.ToUnixTimeSeconds();
        var right = Hmac(Signing, body, time);
        string?[] forged =
        [
            null,
            "",
            "t=,v1=",
            $"t={time}",
            $"v1={right}",
            $"t={time},v0={right}",
            $"t={time},v1={Hmac("whsec_of_another", body, time)}",
            $"t={time},v1={right[..^1]}{(right[^1] == '0' ? '1' : '0')}",
            $"t={time},v1={right.ToUpperInvariant()}",
            $"t={time},v1={Convert.ToBase64String(Convert.FromHexString(right))}",
            $"t={time + 1},v1={right}",
            $"t=0{time},v1={right}",
            $"t=-{time},v1={right}",
            $"t=99999999999999999999,v1={right}",
            new string(',', 5000),
        ];
        foreach (var header in forged)
        {
            Assert.Equal("PAY-STRIPE-01", Refusal(body, header));
        }

        Assert.Equal("PAY-STRIPE-01", Refusal(body + " ", Signed(body, Now)));
        Assert.Equal("PAY-STRIPE-02", Refusal(body, Signed(body, Now.AddSeconds(-301))));
        Assert.Equal("PAY-STRIPE-02", Refusal(body, Signed(body, Now.AddSeconds(301))));
        Assert.Equal("PAY-STRIPE-05", _stripe.Read(AccountOf(null), Request(body, Signed(body, Now)), Now).Fault?.Code.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"evt_1","object":"event"}""")]
    [InlineData("""{"id":"evt_1","object":"list","type":"payout.paid","created":1,"data":{"object":{}}}""")]
    [InlineData("""{"id":7,"object":"event","type":"payout.paid","created":1,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_\u0000","object":"event","type":"payout.paid","created":1,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_\ud800","object":"event","type":"payout.paid","created":1,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"payout.paid","created":1e99,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"payout.paid","created":1,"data":[]}""")]
    public void What_is_signed_and_no_event_is_refused_and_nothing_falls_over(string body)
    {
        Assert.Equal("PAY-STRIPE-03", Refusal(body, Signed(body, Now)));
        Assert.Null(_stripe.AddressedTo(Request(body, null)));
    }

    [Fact]
    public void A_notice_of_another_account_or_environment_is_refused()
    {
        var foreign = Event("payout.created", new JsonObject(), account: "acct_other");
        Assert.Equal("PAY-STRIPE-04", Refusal(foreign, Signed(foreign, Now)));
        var live = Event("payout.created", new JsonObject(), live: true);
        Assert.Equal("PAY-STRIPE-04", Refusal(live, Signed(live, Now)));
    }

    [Fact]
    public void The_body_says_whose_a_notice_is_and_the_address_where_it_does_not()
    {
        Assert.Equal("acct_other", _stripe.AddressedTo(Request(Event("a", new JsonObject(), account: "acct_other"), null, "acct_shop")));
        Assert.Equal("acct_shop", _stripe.AddressedTo(Request(Event("a", new JsonObject { ["account"] = "acct_in" }), null, "acct_shop")));
        Assert.Null(_stripe.AddressedTo(Request(Event("a", new JsonObject()), null)));
        Assert.Equal("acct_shop", _stripe.AddressedTo(Request("{\"account\":", null, "acct_shop")));
        Assert.Equal("acct_shop", _stripe.AddressedTo(Request("{\"account\":\"\\ud800\"}", null, "acct_shop")));
    }

    [Theory]
    [InlineData("checkout.session.completed", "paid")]
    [InlineData("checkout.session.async_payment_succeeded", "paid")]
    public void A_session_that_was_paid_is_a_payment(string type, string status)
    {
        var paid = Assert.IsType<CheckoutPaid>(Assert.Single(Facts(type, Session(status))));

        Assert.Equal(("paid:pi_1", "pi_1", 18.90m, "EUR"), (paid.FactId, paid.Reference, paid.Amount, paid.Currency.Code));
        Assert.Equal(new CheckoutReference(CheckoutId, null), paid.Checkout);
        Assert.Equal(Now.AddSeconds(-5), paid.At);
        // A session for cards takes wallets, too: which of them it was is not in it.
        Assert.Null(paid.Means);
        var debited = Session(status);
        debited["payment_method_types"] = new JsonArray("sepa_debit");
        Assert.Equal(PaymentMeans.DirectDebit, Assert.IsType<CheckoutPaid>(Assert.Single(Facts(type, debited))).Means);
    }

    [Fact]
    public void A_session_that_its_payer_is_through_with_is_no_payment_until_the_debit_is()
    {
        Assert.Empty(Facts("checkout.session.completed", Session("unpaid")));

        var failed = Assert.IsType<CheckoutEnded>(Assert.Single(Facts("checkout.session.async_payment_failed", Session("unpaid"))));
        Assert.Equal(("ended:cs_1", CheckoutState.Failed), (failed.FactId, failed.State));
        var expired = Assert.IsType<CheckoutEnded>(Assert.Single(Facts("checkout.session.expired", Session("unpaid"))));
        Assert.Equal(("ended:cs_1", CheckoutState.Expired), (expired.FactId, expired.State));
    }

    [Fact]
    public void What_others_do_with_the_same_account_is_not_ours_to_know()
    {
        var unmarked = Session("paid");
        unmarked["metadata"] = new JsonObject { ["order"] = "7" };
        Assert.Empty(Facts("checkout.session.completed", unmarked));
        var another = Session("paid");
        another["metadata"] = new JsonObject { ["checkout_id"] = CheckoutId.ToString(), ["seller_id"] = "s2" };
        Assert.Empty(Facts("checkout.session.completed", another));
        Assert.Empty(Facts("customer.created", new JsonObject { ["id"] = "cus_1" }));
        Assert.Empty(Facts("charge.dispute.created", Dispute("needs_response", payment: null)));
    }

    [Fact]
    public void A_refund_is_told_when_it_is_given_or_is_not_and_not_before()
    {
        Assert.Empty(Facts("refund.created", Refund("pending")));
        Assert.Empty(Facts("refund.updated", Refund("requires_action")));

        var given = Assert.IsType<RefundEnded>(Assert.Single(Facts("refund.updated", Refund("succeeded"))));
        Assert.Equal(
            ("refund:re_1", RefundState.Given, (Guid?)RefundId, "pi_1", "re_1", 5m),
            (given.FactId, given.State, given.RefundId, given.Payment, given.Reference, given.Amount)
        );
        Assert.Equal(given, Assert.Single(Facts("refund.created", Refund("succeeded"))));
        var older = new JsonObject
        {
            ["id"] = "ch_1",
            ["refunds"] = new JsonObject { ["data"] = new JsonArray(Refund("succeeded")) },
        };
        Assert.Equal(given, Assert.Single(Facts("charge.refunded", older)));
        Assert.Empty(Facts("charge.refunded", new JsonObject { ["id"] = "ch_1" }));

        // It was given, and comes back: that is another thing that happened.
        var failed = Assert.IsType<RefundEnded>(Assert.Single(Facts("refund.failed", Refund("failed"))));
        Assert.Equal(("refund-failed:re_1", RefundState.Failed, "expired_or_canceled_card"), (failed.FactId, failed.State, failed.Reason));
        var byHand = Refund("succeeded");
        byHand["metadata"] = new JsonObject();
        Assert.Null(Assert.IsType<RefundEnded>(Assert.Single(Facts("refund.created", byHand))).RefundId);
    }

    [Fact]
    public void A_dispute_takes_money_once_however_often_it_is_told_and_an_inquiry_takes_none()
    {
        var taken = Assert.IsType<TakenBack>(Assert.Single(Facts("charge.dispute.created", Dispute("needs_response"))));
        Assert.Equal(("taken:du_1", "pi_1", 18.90m, "fraudulent"), (taken.FactId, taken.Payment, taken.Amount, taken.Reason));
        Assert.Equal(taken, Assert.Single(Facts("charge.dispute.funds_withdrawn", Dispute("needs_response"))));
        // A debit's is lost as soon as it is there.
        Assert.Equal(taken, Assert.Single(Facts("charge.dispute.created", Dispute("lost"))));
        Assert.Empty(Facts("charge.dispute.created", Dispute("warning_needs_response")));

        var again = Assert.IsType<GivenAgain>(Assert.Single(Facts("charge.dispute.funds_reinstated", Dispute("won"))));
        Assert.Equal(("again:du_1", "pi_1", 18.90m), (again.FactId, again.Payment, again.Amount));
    }

    [Fact]
    public void A_payout_says_what_arrives_and_when()
    {
        var payout = new JsonObject
        {
            ["id"] = "po_1",
            ["amount"] = 1837,
            ["currency"] = "eur",
            ["arrival_date"] = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
            ["statement_descriptor"] = "STRIPE PAYOUT",
        };
        var paidOut = Assert.IsType<PaidOut>(Assert.Single(Facts("payout.paid", payout)));
        Assert.Equal(("payout:po_1", "po_1", 18.37m, 0m), (paidOut.FactId, paidOut.Reference, paidOut.Amount, paidOut.Fees));
        Assert.Equal(((DateOnly?)new DateOnly(2026, 11, 25), "STRIPE PAYOUT"), (paidOut.ArrivesOn, paidOut.Statement));
        payout["amount"] = -1837;
        Assert.Equal(-18.37m, Assert.IsType<PaidOut>(Assert.Single(Facts("payout.paid", payout))).Amount);
        payout["amount"] = 0;
        Assert.Empty(Facts("payout.paid", payout));
        payout["failure_code"] = "account_closed";
        var failed = Assert.IsType<PayoutFailed>(Assert.Single(Facts("payout.failed", payout)));
        Assert.Equal(("payout-failed:po_1", "po_1", "account_closed"), (failed.FactId, failed.Reference, failed.Reason));
    }

    [Fact]
    public void Facts_are_kept_and_read_again_as_they_were()
    {
        var facts = Facts("checkout.session.completed", Session("paid"));
        var text = JsonSerializer.Serialize(facts);
        Assert.Equal(facts, JsonSerializer.Deserialize<ProviderFact[]>(text)!);
    }

    private static JsonObject Session(string status) =>
        new()
        {
            ["id"] = "cs_1",
            ["object"] = "checkout.session",
            ["amount_total"] = 1890,
            ["currency"] = "eur",
            ["metadata"] = new JsonObject { ["checkout_id"] = CheckoutId.ToString(), ["seller_id"] = "s1" },
            ["payment_intent"] = "pi_1",
            ["payment_method_types"] = new JsonArray("card"),
            ["payment_status"] = status,
        };

    private static JsonObject Refund(string status) =>
        new()
        {
            ["id"] = "re_1",
            ["object"] = "refund",
            ["amount"] = 500,
            ["currency"] = "eur",
            ["failure_reason"] = status == "failed" ? "expired_or_canceled_card" : null,
            ["metadata"] = new JsonObject { ["refund_id"] = RefundId.ToString() },
            ["payment_intent"] = "pi_1",
            ["status"] = status,
        };

    private static JsonObject Dispute(string status, string? payment = "pi_1") =>
        new()
        {
            ["id"] = "du_1",
            ["object"] = "dispute",
            ["amount"] = 1890,
            ["currency"] = "eur",
            ["payment_intent"] = payment,
            ["reason"] = "fraudulent",
            ["status"] = status,
        };

    private static string Event(string type, JsonObject what, string? account = null, bool live = false)
    {
        var made = new JsonObject
        {
            ["id"] = "evt_1",
            ["object"] = "event",
            ["api_version"] = "2099-01-01.unheard-of",
            ["created"] = Now.AddSeconds(-5).ToUnixTimeSeconds(),
            ["data"] = new JsonObject { ["object"] = what.DeepClone() },
            ["livemode"] = live,
            ["type"] = type,
        };
        if (account is not null)
        {
            made["account"] = account;
        }

        return made.ToJsonString();
    }

    private static string Signed(string body, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"t={at.ToUnixTimeSeconds()},v1={Hmac(Signing, body, at.ToUnixTimeSeconds())}");

    private static string Hmac(string secret, string body, long time) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(
                Encoding.UTF8.GetBytes(secret),
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}.{body}"))
            )
        );

    private static ProviderRequest Request(string body, string? header, string? account = null) =>
        new()
        {
            Body = Encoding.UTF8.GetBytes(body),
            Headers = header is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["stripe-signature"] = header },
            Query = account is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["account"] = account },
        };

    private ProviderAccount AccountOf(string? signing)
    {
        var secrets = new Dictionary<string, string> { ["secretKey"] = "sk_test_of_the_shop" };
        if (signing is not null)
        {
            secrets["webhookSecret"] = signing;
        }

        return _stripe.Account(SellerId.Of("s1"), "test", new Dictionary<string, string> { ["accountId"] = "acct_shop" }, secrets).Value;
    }

    private Outcome<ProviderNotice> Read(string body, string? header) => _stripe.Read(AccountOf(Signing), Request(body, header), Now);

    private string? Refusal(string body, string? header) => Read(body, header).Fault?.Code.Code;

    private IReadOnlyList<ProviderFact> Facts(string type, JsonObject what)
    {
        var body = Event(type, what);
        return Read(body, Signed(body, Now)).Value.Facts;
    }
}
