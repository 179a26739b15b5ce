using System.Net.Http.Json;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class PaymentPolicyTests(Infrastructure infrastructure)
{
    [Fact]
    public void What_is_forgiven_is_within_the_tolerance_and_less_than_what_came()
    {
        var policy = new PaymentPolicy { Tolerance = 0.05m };

        Assert.True(policy.Forgives(0.05m, 99.95m));
        Assert.False(policy.Forgives(0.06m, 99.94m));
        Assert.False(policy.Forgives(0m, 100m));
        Assert.False(policy.Forgives(0.03m, 0.03m));
        Assert.False(PaymentPolicy.Usual.Forgives(0.01m, 99.99m));
    }

    [Fact]
    public void Means_that_the_seller_does_not_name_follow_those_it_names()
    {
        var policy = new PaymentPolicy { Means = [PaymentMeans.Transfer, PaymentMeans.Bizum] };

        Assert.Equal(
            [PaymentMeans.Transfer, PaymentMeans.Bizum, PaymentMeans.Card, PaymentMeans.Wallet, PaymentMeans.DirectDebit],
            PaymentPolicy.UsualMeans.OrderBy(policy.PlaceOf)
        );
        Assert.Equal(5, policy.PlaceOf(PaymentMeans.Cash));
    }

    [Fact]
    public async Task A_seller_puts_its_policy_whole_and_what_it_leaves_out_is_as_usual()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        using var other = host.As("s2");
        const string Usual = """{"tolerance":"0.00","credit":"offset","means":["card","bizum","wallet","direct-debit","transfer"]}""";
        const string Own = """{"tolerance":"0.05","credit":"refund","means":["bizum","card","transfer"]}""";

        Assert.Equal(Usual, (await http.GetAsync("/v1/payment-policy").JsonAsync(200)).GetRawText());
        Assert.Equal(Own, (await PutAsync(http, Own).JsonAsync(200)).GetRawText());
        Assert.Equal(Own, (await http.GetAsync("/v1/payment-policy").JsonAsync(200)).GetRawText());
        Assert.Equal(Usual, (await other.GetAsync("/v1/payment-policy").JsonAsync(200)).GetRawText());
        Assert.Equal("5.00", (await PutAsync(http, """{"tolerance":5}""").JsonAsync(200)).Text("tolerance"));
        Assert.Equal(Usual, (await PutAsync(http, "{}").JsonAsync(200)).GetRawText());
        await PutAsync(host.As("s1", Scopes.InvoicesRead), Own).RefusedAsync(403, "AUTH-03");
        await PutAsync(host.Http, Own).RefusedAsync(401, "AUTH-01");
    }

    [Fact]
    public async Task A_policy_that_cannot_be_kept_is_refused_and_changes_nothing()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        (string Body, int Status, string Code)[] refusals =
        [
            ("""{"tolerance":"5.01"}""", 422, "PAY-POLICY-01"),
            ("""{"tolerance":"-0.01"}""", 422, "PAY-POLICY-01"),
            ("""{"tolerance":"0.005"}""", 422, "PAY-POLICY-01"),
            ("""{"tolerance":"9999999999999999999999"}""", 422, "PAY-POLICY-01"),
            ("""{"means":[]}""", 422, "PAY-POLICY-02"),
            ("""{"means":["card","card"]}""", 422, "PAY-POLICY-02"),
            ("""{"means":["card","cash"]}""", 422, "PAY-POLICY-02"),
            ("""{"means":["doubloons"]}""", 422, "BODY-02"),
            ("""{"means":[null]}""", 422, "BODY-02"),
            ("""{"means":"card"}""", 422, "BODY-02"),
            ("""{"credit":"keep"}""", 422, "BODY-02"),
            ("""{"credit":1}""", 422, "BODY-02"),
            ("""{"tolerance":"x"}""", 422, "BODY-02"),
            ("""{"limit":"1"}""", 422, "BODY-02"),
            ("[]", 422, "BODY-02"),
            ("null", 422, "BODY-02"),
            ("{", 400, "BODY-01"),
        ];

        foreach (var (body, status, code) in refusals)
        {
            var refused = await PutAsync(http, body).JsonAsync(status);
            Assert.Equal((body, code), (body, refused.Text("code")));
        }

        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from payment_policy"));
    }

    [Fact]
    public async Task What_a_payment_lacks_within_the_tolerance_is_written_off_and_nothing_of_it_can_be_given_back()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        var before = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        await http.PayAsync(before, "99.97", "T-0").JsonAsync(201);
        await PutAsync(http, """{"tolerance":"0.05"}""").JsonAsync(200);
        var short3 = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var short6 = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var small = (await host.HearAsync(Shop.Invoice("s1", 0.05m))).InvoiceId;

        await http.PayAsync(short3, "99.97", "T-1").JsonAsync(201);
        await http.PayAsync(short6, "99.94", "T-2").JsonAsync(201);
        await http.PayAsync(small, "0.02", "T-3").JsonAsync(201);

        // What was booked before stays.
        Assert.Equal("paid 99.97, refunded 0.00, due 0.03", await http.StandAsync(before));
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(short3));
        Assert.Equal("paid 99.94, refunded 0.00, due 0.06", await http.StandAsync(short6));
        Assert.Equal("paid 0.02, refunded 0.00, due 0.03", await http.StandAsync(small));
        Assert.Equal(0.03m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'differences'"));
        Assert.Equal(4L, await host.QueryAsync<long>("select count(*) from event where name = 'payments.payment-received.v1'"));
        Assert.Equal(1L, await host.QueryAsync<long>("select count(*) from event where name = 'payments.invoice-paid.v1'"));
        var parts = (await http.BalanceAsync(short3)).GetProperty("payments").EnumerateArray().ToList();
        var difference = parts.Single(each => each.Text("provider") == "difference");
        Assert.Equal("0.03", difference.Text("amount"));
        await http.RefundAsync(difference.Text("paymentId")!, "0.03", "R-1").RefusedAsync(422, "PAY-REFUND-01");
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task What_is_allocated_by_hand_is_forgiven_too_once_the_money_is_used_up()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        await PutAsync(http, """{"tolerance":"0.05"}""").JsonAsync(200);
        var paid = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
        var second = (await host.HearAsync(Shop.Invoice("s1", 20m))).InvoiceId;
        var third = (await host.HearAsync(Shop.Invoice("s1", 10.05m))).InvoiceId;
        var payment = (await http.PayAsync(paid, "39.98", "T-1").JsonAsync(201)).Text("paymentId")!;

        // As long as some of it is left, nothing is forgiven.
        var part = await AllocateAsync(second, "19.96").JsonAsync(201);
        Assert.Equal(("10.02", "0.04"), (part.Text("unallocated"), part.Text("amountDue")));
        var rest = await AllocateAsync(third, "10.02").JsonAsync(201);
        Assert.Equal(("0.00", "0.00"), (rest.Text("unallocated"), rest.Text("amountDue")));
        await host.BooksAgreeAsync();

        Task<HttpResponseMessage> AllocateAsync(InvoiceId invoice, string amount) =>
            http.PostAsJsonAsync($"/v1/unallocated/{payment}/allocations", new { invoiceId = invoice.ToString(), amount });
    }

    [Fact]
    public async Task A_cancelled_invoice_takes_its_difference_back_which_was_nobodys_money()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        await PutAsync(http, """{"tolerance":"0.05"}""").JsonAsync(200);
        var sale = await host.HearAsync(Shop.Invoice("s1", 100m));
        await http.PayAsync(sale.InvoiceId, "99.97", "T-1").JsonAsync(201);

        await host.HearAsync(
            new InvoiceCancelled
            {
                EventId = EventId.New(),
                SellerId = sale.SellerId,
                InvoiceId = sale.InvoiceId,
                Number = sale.Number,
                CancelledAt = sale.IssuedAt,
            }
        );

        Assert.Equal("paid 0.00, refunded 0.00, due 0.00", await http.StandAsync(sale.InvoiceId));
        var left = Assert.Single((await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal(("99.97", "transfer"), (left.Text("unallocated"), left.Text("means")));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'differences'"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Credit_that_is_left_goes_back_the_way_the_money_came_once_where_the_seller_chose_so()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        await PutAsync(http, """{"credit":"refund"}""").JsonAsync(200);
        var original = await host.HearAsync(Shop.Invoice("s1", 100m));
        var payment = await host.ReceiveAsync("s1", "stripe", 100m, original.InvoiceId);

        var corrective = await host.HearAsync(Shop.Invoice("s1", -30m, corrects: original.InvoiceId));
        await host.HearAsync(corrective with { EventId = EventId.New() });

        Assert.Equal("paid 130.00, refunded 30.00, due 0.00", await http.StandAsync(original.InvoiceId));
        Assert.Equal("paid -30.00, refunded 0.00, due 0.00", await http.StandAsync(corrective.InvoiceId));
        Assert.Empty((await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal(
            [$"{payment} asked stripe 30.0000 {original.InvoiceId}"],
            await host.ListAsync<string>(
                """
                select payment_id::text || ' ' || state || ' ' || provider || ' ' || amount || ' ' || invoice_id
                from refund where next_look_at is not null
                """
            )
        );
        // Nothing is told as given before it is, and the original was paid once.
        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from event where name = 'payments.payment-refunded.v1'"));
        Assert.Equal(2L, await host.QueryAsync<long>("select count(*) from event where name = 'payments.invoice-paid.v1'"));
        // Asked for by hand under the corrective invoice's number it is the same refund.
        var same = await http.RefundAsync(payment.ToString(), "30.00", corrective.Number).JsonAsync(200);
        Assert.Equal("asked", same.Text("state"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task What_was_given_back_by_hand_already_is_not_given_back_again()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        await PutAsync(http, """{"credit":"refund"}""").JsonAsync(200);
        var original = await host.HearAsync(Shop.Invoice("s1", 100m));
        var payment = await host.ReceiveAsync("s1", "stripe", 100m, original.InvoiceId);
        var corrective = Shop.Invoice("s1", -30m, corrects: original.InvoiceId);

        await http.RefundAsync(payment.ToString(), "30.00", "by hand").JsonAsync(201);
        await host.HearAsync(corrective);

        Assert.Equal("paid 130.00, refunded 30.00, due 0.00", await http.StandAsync(original.InvoiceId));
        Assert.Equal(30m, await host.QueryAsync<decimal>("select sum(amount) from refund"));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task No_more_goes_back_than_came_by_providers_and_what_came_by_the_till_stays_credit()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        await PutAsync(http, """{"credit":"refund"}""").JsonAsync(200);
        var original = await host.HearAsync(Shop.Invoice("s1", 100m, [Shop.Paid(PaymentMeans.Cash, 20m)]));
        var older = await host.ReceiveAsync("s1", "redsys", 50m, original.InvoiceId);
        var newer = await host.ReceiveAsync("s1", "stripe", 30m, original.InvoiceId);

        await host.HearAsync(Shop.Invoice("s1", -60m, corrects: original.InvoiceId));
        Assert.Equal([$"{newer} 30.0000", $"{older} 30.0000"], await RefundsAsync());
        await host.HearAsync(Shop.Invoice("s1", -40m, corrects: original.InvoiceId));

        Assert.Equal([$"{newer} 30.0000", $"{older} 30.0000", $"{older} 20.0000"], await RefundsAsync());
        Assert.Equal("paid 180.00, refunded 80.00, due 0.00", await http.StandAsync(original.InvoiceId));
        var left = Assert.Single((await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal(("20.00", "credit"), (left.Text("unallocated"), left.Text("means")));
        await host.BooksAgreeAsync();

        Task<IReadOnlyList<string>> RefundsAsync() =>
            host.ListAsync<string>(
                "select payment_id::text || ' ' || amount from refund where state = 'asked' order by refunded_at, provider desc"
            );
    }

    [Fact]
    public async Task Without_that_choice_credit_waits_and_one_that_was_cancelled_before_it_came_gives_nothing_back()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        var original = await host.HearAsync(Shop.Invoice("s1", 100m));
        await host.ReceiveAsync("s1", "stripe", 100m, original.InvoiceId);

        await host.HearAsync(Shop.Invoice("s1", -30m, corrects: original.InvoiceId));
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(original.InvoiceId));
        Assert.Equal(30m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));

        await PutAsync(http, """{"credit":"refund"}""").JsonAsync(200);
        var mistaken = Shop.Invoice("s1", -20m, corrects: original.InvoiceId);
        await host.HearAsync(
            new InvoiceCancelled
            {
                EventId = EventId.New(),
                SellerId = mistaken.SellerId,
                InvoiceId = mistaken.InvoiceId,
                Number = mistaken.Number,
                CancelledAt = mistaken.IssuedAt,
            }
        );
        await host.HearAsync(mistaken);

        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from refund"));
        Assert.Equal("paid 0.00, refunded 0.00, due 0.00", await http.StandAsync(mistaken.InvoiceId));
        Assert.Equal(30m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        await host.BooksAgreeAsync();
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, string body) =>
        http.PutAsync("/v1/payment-policy", new StringContent(body, Encoding.UTF8, "application/json"));
}
