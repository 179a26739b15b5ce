using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Payments.Providers.Redsys;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Simulators.Redsys;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>What Redsys would send, signed by code that is not the product's.</summary>
internal static class RedsysSample
{
    public const string Order = "2611ABCD0001";

    /// <summary>23 November 2026, 10:15 in Madrid.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 9, 15, 30, TimeSpan.Zero);

    public static RedsysProvider Provider { get; } = new(new ConfigurationBuilder().Build(), TimeProvider.System);

    public static ProviderAccount Account { get; } = AccountOf();

    public static ProviderAccount AccountOf(
        string signature = RedsysSignature.Sha512,
        string terminal = "1",
        string key = RedsysSignatureTests.Key
    ) =>
        Provider
            .Account(
                SellerId.Of("s1"),
                "test",
                new Dictionary<string, string>
                {
                    ["merchantCode"] = "999008881",
                    ["terminal"] = terminal,
                    ["signature"] = signature,
                },
                new Dictionary<string, string> { ["key"] = key }
            )
            .Value;

    /// <summary>A notice of a payment of 18.90 EUR, fields replaced or, where null, left out.</summary>
    public static Dictionary<string, string> Fields(params (string Name, string? Value)[] replaced)
    {
        var fields = new Dictionary<string, string>
        {
            ["Ds_Date"] = "23/11/2026",
            ["Ds_Hour"] = "10:15",
            ["Ds_SecurePayment"] = "1",
            ["Ds_Card_Country"] = "724",
            ["Ds_Amount"] = "1890",
            ["Ds_Currency"] = "978",
            ["Ds_Order"] = Order,
            ["Ds_MerchantCode"] = "999008881",
            ["Ds_Terminal"] = "001",
            ["Ds_Response"] = "0000",
            ["Ds_MerchantData"] = "",
            ["Ds_TransactionType"] = "0",
            ["Ds_ConsumerLanguage"] = "1",
            ["Ds_AuthorisationCode"] = "052029",
        };
        foreach (var (name, value) in replaced)
        {
            if (value is null)
            {
                fields.Remove(name);
            }
            else
            {
                fields[name] = value;
            }
        }

        return fields;
    }

    /// <summary>The three fields of a message, its values written as forms are unless told.</summary>
    public static Dictionary<string, string> Sign(
        Dictionary<string, string> fields,
        string version = Signing.Sha256,
        string key = RedsysSignatureTests.Key,
        bool plain = false
    )
    {
        var written = fields.ToDictionary(each => each.Key, each => plain ? each.Value : WebUtility.UrlEncode(each.Value));
        var parameters = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(written));
        return Envelope(version, parameters, Signing.ForNotice(version, key, fields.GetValueOrDefault("Ds_Order", "1111"), parameters));
    }

    public static Dictionary<string, string> Envelope(string version, string parameters, string signature) =>
        new()
        {
            ["Ds_SignatureVersion"] = version,
            ["Ds_MerchantParameters"] = parameters,
            ["Ds_Signature"] = signature,
        };

    public static ProviderRequest Posted(Dictionary<string, string> message) =>
        Posted(string.Join('&', message.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}")));

    public static ProviderRequest Posted(string body) =>
        new()
        {
            Body = Encoding.UTF8.GetBytes(body),
            Headers = new Dictionary<string, string>(),
            Query = new Dictionary<string, string>(),
        };

    public static Outcome<ProviderNotice> Read(params (string Name, string? Value)[] replaced) =>
        Provider.Read(Account, Posted(Sign(Fields(replaced))), Now);

    public static ProviderFact Fact(params (string Name, string? Value)[] replaced) => Assert.Single(Read(replaced).Value.Facts);
}

public sealed class RedsysNoticeTests
{
    [Fact]
    public void A_notice_of_the_test_environment_is_read()
    {
        var request = RedsysSample.Posted(
            RedsysSample.Envelope(RedsysSignature.Sha256, RedsysSignatureTests.CameNotice, RedsysSignatureTests.SignatureOfNotice)
        );
        var at = new DateTimeOffset(2021, 10, 22, 20, 51, 0, TimeSpan.Zero);

        Assert.Equal("999008881-1", RedsysSample.Provider.AddressedTo(request));
        var notice = RedsysSample.Provider.Read(RedsysSample.Account, request, at.AddSeconds(20)).Value;

        Assert.StartsWith("0726qI3H7sZx:0:0000:052029:202110222051:", notice.EventId, StringComparison.Ordinal);
        var paid = Assert.IsType<CheckoutPaid>(Assert.Single(notice.Facts));
        Assert.Equal(
            ("paid:0726qI3H7sZx", at, "0726qI3H7sZx", (PaymentMeans?)PaymentMeans.Card, 49.99m, Currency.Eur),
            (paid.FactId, paid.At, paid.Reference, paid.Means, paid.Amount, paid.Currency)
        );
        Assert.Equal(new CheckoutReference(null, "0726qI3H7sZx"), paid.Checkout);
    }

    [Theory]
    [InlineData(RedsysSignature.Sha256)]
    [InlineData(RedsysSignature.Sha512)]
    public void Either_version_is_read_in_either_alphabet_from_a_form_from_JSON_and_from_the_address_a_browser_comes_back_to(string version)
    {
        var message = RedsysSample.Sign(RedsysSample.Fields(), version);
        var (parameters, signature) = (message["Ds_MerchantParameters"], message["Ds_Signature"]);
        var standard = RedsysSample.Envelope(version, parameters, Convert.ToBase64String(Signing.Decode(signature)!));
        ProviderRequest[] requests =
        [
            RedsysSample.Posted(message),
            RedsysSample.Posted(standard),
            // A plus that was not escaped.
            RedsysSample.Posted(string.Join('&', standard.Select(each => $"{each.Key}={each.Value}"))),
            RedsysSample.Posted(JsonSerializer.Serialize(message)),
            RedsysSample.Posted("") with
            {
                Query = message,
            },
        ];

        foreach (var request in requests)
        {
            Assert.Equal("999008881-1", RedsysSample.Provider.AddressedTo(request));
            Assert.IsType<CheckoutPaid>(
                Assert.Single(RedsysSample.Provider.Read(RedsysSample.Account, request, RedsysSample.Now).Value.Facts)
            );
        }
    }

    [Fact]
    public void A_repeat_is_the_same_notice_though_its_control_number_differs()
    {
        var first = RedsysSample.Read(("Ds_Control_1", "1")).Value;
        var second = RedsysSample.Read(("Ds_Control_2", "2")).Value;

        Assert.Equal(first.EventId, second.EventId);
        Assert.Equal(first.Facts[0].FactId, second.Facts[0].FactId);
        Assert.NotEqual(first.EventId, RedsysSample.Read(("Ds_Response", "0190")).Value.EventId);
    }

    [Theory]
    [InlineData("0000", true)]
    [InlineData("0099", true)]
    [InlineData("0100", false)]
    [InlineData("0101", false)]
    [InlineData("180", false)]
    [InlineData("9912", false)]
    public void Up_to_0099_is_paid(string response, bool isPaid) =>
        Assert.Equal(isPaid, RedsysSample.Fact(("Ds_Response", response)) is CheckoutPaid);

    [Theory]
    [InlineData("0190", null, CheckoutState.Failed, "0190")]
    [InlineData("190", null, CheckoutState.Failed, "0190")]
    [InlineData("9915", "SIS9915", CheckoutState.Cancelled, "SIS9915")]
    [InlineData("9673", "SIS0673", CheckoutState.Cancelled, "SIS0673")]
    public void Any_other_answer_ends_the_checkout_with_its_code(string response, string? error, CheckoutState state, string reason)
    {
        var ended = Assert.IsType<CheckoutEnded>(RedsysSample.Fact(("Ds_Response", response), ("Ds_ErrorCode", error)));

        Assert.Equal((state, reason), (ended.State, ended.Reason));
        Assert.Equal(RedsysSample.Order, ended.Checkout.Order);
    }

    [Theory]
    [InlineData("0913", "SIS0051")]
    [InlineData("9051", null)]
    [InlineData("9998", null)]
    [InlineData("9999", null)]
    public void A_form_that_was_sent_twice_or_is_under_way_tells_nothing_of_the_order(string response, string? error) =>
        Assert.Empty(RedsysSample.Read(("Ds_Response", response), ("Ds_ErrorCode", error)).Value.Facts);

    [Fact]
    public void Bizum_is_told_by_its_own_fields()
    {
        var paid = (CheckoutPaid)RedsysSample.Fact(("Ds_Card_Country", null), ("Ds_Bizum_MobileNumber", "+34700000000"));
        Assert.Equal(PaymentMeans.Bizum, paid.Means);
        Assert.Null(((CheckoutPaid)RedsysSample.Fact(("Ds_Card_Country", null))).Means);
    }

    [Fact]
    public void A_refund_of_ours_is_known_by_its_mark_and_one_of_the_portal_by_what_was_done()
    {
        var refund = Guid.CreateVersion7();
        var ours = (RefundEnded)
            RedsysSample.Fact(
                ("Ds_TransactionType", "3"),
                ("Ds_Response", "0900"),
                ("Ds_Amount", "500"),
                ("Ds_MerchantData", RedsysOrder.MarkOf(refund))
            );
        Assert.Equal(
            ((Guid?)refund, RefundState.Given, 5.00m, RedsysSample.Order, $"{RedsysSample.Order}-052029"),
            (ours.RefundId, ours.State, ours.Amount, ours.Payment, ours.Reference)
        );

        var portal = (RefundEnded)RedsysSample.Fact(("Ds_TransactionType", "03"), ("Ds_Response", "900"), ("Ds_MerchantData", "table 4"));
        Assert.Equal(((Guid?)null, RefundState.Given, 18.90m), (portal.RefundId, portal.State, portal.Amount));
        var next = RedsysSample.Fact(("Ds_TransactionType", "3"), ("Ds_Response", "0900"), ("Ds_AuthorisationCode", "052030"));
        Assert.NotEqual(portal.FactId, next.FactId);

        var refused = (RefundEnded)
            RedsysSample.Fact(("Ds_TransactionType", "3"), ("Ds_Response", "0950"), ("Ds_MerchantData", RedsysOrder.MarkOf(refund)));
        Assert.Equal((RefundState.Failed, "0950"), (refused.State, refused.Reason));
        Assert.Empty(RedsysSample.Read(("Ds_TransactionType", "3"), ("Ds_Response", "0950")).Value.Facts);
    }

    [Theory]
    [InlineData("2026-11-20 09:16", null)]
    [InlineData("2026-11-20 09:14", "PAY-REDSYS-05")]
    [InlineData("2026-11-23 09:30", null)]
    [InlineData("2026-11-23 09:31", "PAY-REDSYS-05")]
    [InlineData("2027-11-23 09:15", "PAY-REDSYS-05")]
    public void A_notice_is_taken_from_a_quarter_of_an_hour_ahead_to_three_days_late(string utc, string? code)
    {
        var at = DateTime.Parse(utc, CultureInfo.InvariantCulture).AddHours(1);
        var read = RedsysSample.Read(
            ("Ds_Date", at.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)),
            ("Ds_Hour", at.ToString("HH:mm", CultureInfo.InvariantCulture))
        );

        Assert.Equal(code, read.Fault?.Code.Code);
    }

    [Theory]
    [InlineData("23/07/2026", "10:15", "2026-07-23T08:15:00")]
    [InlineData("23/11/2026", "10:15", "2026-11-23T09:15:00")]
    // Twice that night: the first of them, so that no notice seems to come from the future.
    [InlineData("25/10/2026", "02:30", "2026-10-25T00:30:00")]
    // Never that night, and no reason to fall over it.
    [InlineData("29/03/2026", "02:30", "2026-03-29T01:30:00")]
    public void Times_are_those_of_Madrid(string date, string hour, string utc)
    {
        var said = RedsysParameters.Of([new("Ds_Date", date), new("Ds_Hour", hour)]);
        Assert.Equal(utc, $"{said.At!.Value.UtcDateTime:s}");
    }

    [Fact]
    public void A_forged_a_foreign_and_an_unknown_notice_are_refused_each_with_its_code()
    {
        static string? Refused(Dictionary<string, string> message, ProviderAccount? account = null) =>
            RedsysSample.Provider.Read(account ?? RedsysSample.Account, RedsysSample.Posted(message), RedsysSample.Now).Fault?.Code.Code;

        var sound = RedsysSample.Sign(RedsysSample.Fields());
        Assert.Null(Refused(sound));
        Assert.Equal("PAY-REDSYS-02", Refused(RedsysSample.Sign(RedsysSample.Fields(), key: "Mk9m98IfEblmPfrpsawt7BmxObt98Jev")));
        var cheaper = RedsysSample.Sign(RedsysSample.Fields(("Ds_Amount", "1")));
        Assert.Equal("PAY-REDSYS-02", Refused(new(sound) { ["Ds_MerchantParameters"] = cheaper["Ds_MerchantParameters"] }));
        Assert.Equal("PAY-REDSYS-02", Refused(new(sound) { ["Ds_SignatureVersion"] = RedsysSignature.Sha512 }));
        Assert.Equal("PAY-REDSYS-03", Refused(new(sound) { ["Ds_SignatureVersion"] = "HMAC_SHA1_V1" }));
        Assert.Equal("PAY-REDSYS-04", Refused(sound, RedsysSample.AccountOf(terminal: "2")));
        Assert.Equal("PAY-REDSYS-04", Refused(RedsysSample.Sign(RedsysSample.Fields(("Ds_MerchantCode", "999008882")))));
    }

    [Fact]
    public async Task The_form_that_the_payer_holds_is_no_notice_though_we_signed_it()
    {
        var started = await RedsysSample.Provider.StartAsync(
            RedsysSample.AccountOf(RedsysSignature.Sha256),
            RedsysCheckout.Of(RedsysSample.Order, 18.90m),
            TestContext.Current.CancellationToken
        );
        var request = RedsysSample.Posted(new Dictionary<string, string>(started.Fields!));

        Assert.Null(RedsysSample.Provider.AddressedTo(request));
        Assert.Equal("PAY-REDSYS-01", RedsysSample.Provider.Read(RedsysSample.Account, request, RedsysSample.Now).Fault?.Code.Code);
    }

    public static TheoryData<string> Hostile =>
        [
            "",
            "{",
            "[]",
            "null",
            "&&&=&=&",
            "Ds_MerchantParameters",
            "Ds_SignatureVersion=HMAC_SHA256_V1",
            "Ds_SignatureVersion=HMAC_SHA256_V1&Ds_MerchantParameters=&Ds_Signature=",
            "Ds_SignatureVersion=HMAC_SHA256_V1&Ds_MerchantParameters=%&Ds_Signature=%zz",
            "Ds_SignatureVersion=HMAC_SHA256_V1&Ds_MerchantParameters=bnVsbA&Ds_Signature=x",
            "Ds_SignatureVersion=HMAC_SHA256_V1&Ds_MerchantParameters=W10&Ds_Signature=x",
            "Ds_SignatureVersion=HMAC_SHA256_V1&Ds_MerchantParameters=eyJEc19PcmRlciI6Ilx1RDgwMCJ9&Ds_Signature=x",
            "{\"Ds_SignatureVersion\":1,\"Ds_MerchantParameters\":{},\"Ds_Signature\":[]}",
            $"Ds_SignatureVersion=HMAC_SHA256_V1&Ds_MerchantParameters={new string('A', 70_000)}&Ds_Signature=x",
            $"{{\"Ds_SignatureVersion\":{new string('[', 10_000)}",
        ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_is_no_notice_is_refused_in_words(string body)
    {
        var request = RedsysSample.Posted(body);

        Assert.Null(RedsysSample.Provider.AddressedTo(request));
        Assert.Equal("PAY-REDSYS-01", RedsysSample.Provider.Read(RedsysSample.Account, request, RedsysSample.Now).Fault?.Code.Code);
    }

    [Theory]
    [InlineData("Ds_Order", null)]
    [InlineData("Ds_Order", "")]
    [InlineData("Ds_Order", "12")]
    [InlineData("Ds_Order", "ABCD12345678")]
    [InlineData("Ds_Response", null)]
    [InlineData("Ds_Response", "OK")]
    [InlineData("Ds_Response", "00000")]
    [InlineData("Ds_TransactionType", null)]
    [InlineData("Ds_Date", null)]
    [InlineData("Ds_Date", "31/02/2026")]
    [InlineData("Ds_Hour", "25:00")]
    [InlineData("Ds_Amount", null)]
    [InlineData("Ds_Amount", "-1890")]
    [InlineData("Ds_Amount", "18.90")]
    [InlineData("Ds_Amount", "1890000000000000")]
    [InlineData("Ds_Currency", "999")]
    [InlineData("Ds_Currency", "EUR")]
    public void A_signed_notice_that_lacks_something_is_refused_in_words(string name, string? value) =>
        Assert.Equal("PAY-REDSYS-01", RedsysSample.Read((name, value)).Fault?.Code.Code);

    [Fact]
    public void What_a_notice_says_can_be_kept_whatever_it_is()
    {
        var notice = RedsysSample
            .Read(("Ds_AuthorisationCode", "a\0b"), ("Ds_ErrorCode", new string('x', 1000)), ("Ds_Response", "0190"))
            .Value;

        Assert.DoesNotContain('\0', notice.EventId);
        Assert.Equal("0190", ((CheckoutEnded)notice.Facts[0]).Reason);
    }
}
