using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class RecordPaymentTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_transfer_settles_its_invoice_and_the_same_reference_again_answers_the_same_payment()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;

        var first = await http.PayAsync(invoice, "100", "T-1").JsonAsync(201);
        var again = await http.PayAsync(invoice, "100.00", "T-1").JsonAsync(200);
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(("100.00", "100.00", "0.00"), (first.Text("amount"), first.Text("allocated"), first.Text("unallocated")));
        await http.PayAsync(invoice, "99.00", "T-1").RefusedAsync(409, "PAY-REFERENCE-02");
        await http.PayAsync(invoice, "100.00", "T-1", "cash").RefusedAsync(409, "PAY-REFERENCE-02");
        Assert.Equal("paid 100.00, refunded 0.00, due 21.00", await http.StandAsync(invoice));

        // Five euros more than is due: they are the customer's until an invoice takes them.
        var last = await http.PayAsync(invoice, "26.00", "T-2", "bizum").JsonAsync(201);
        Assert.Equal(("21.00", "5.00"), (last.Text("allocated"), last.Text("unallocated")));
        Assert.Equal("paid 121.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        var bank = await http.GetAsync("/v1/ledger?account=bank&from=2020-01-01&to=2100-01-01").JsonAsync(200);
        Assert.Equal("100.00", Assert.Single(bank.GetProperty("lines").EnumerateArray()).Text("amount"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task An_invoice_that_is_still_on_its_way_is_waited_for_and_one_that_never_was_is_not()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var told = Shop.Invoice("s1", 121m);

        var payment = http.PayAsync(told.InvoiceId, "121.00", "T-1");
        var balance = http.BalanceAsync(told.InvoiceId);
        await host.HearAsync(told);

        Assert.Equal("121.00", (await payment.JsonAsync(201)).Text("allocated"));
        Assert.Equal("121.00", (await balance).Text("totalWithVat"));
        foreach (
            var never in new[]
            {
                "00000000-0000-7000-8000-000000000001",
                "ffffffff-ffff-7fff-bfff-ffffffffffff",
                "ffffffff-ffff-4fff-bfff-ffffffffffff",
            }
        )
        {
            await http.GetAsync($"/v1/invoices/{never}/balance").RefusedAsync(404, "PAY-INVOICE-01");
        }
    }

    [Fact]
    public async Task Twenty_payments_at_once_never_allocate_more_than_is_due_and_are_told_as_paid_once()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await using var beside = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", new HostSettings { Beside = host });
        await using var paid = await host.ListenAsync(InvoicePaid.Exchange);
        await using var allocated = await host.ListenAsync(PaymentAllocated.Exchange);
        using var http = host.As("s1");
        using var other = beside.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;

        // Each is sent twice, to two instances at once: 20 references of 9 euros, 180 in all.
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? http : other).PayAsync(invoice, "9.00", $"T-{i / 2}", "card"))
        );

        Assert.Equal(20, answers.Count(each => (int)each.StatusCode == 201));
        Assert.Equal(20, answers.Count(each => (int)each.StatusCode == 200));
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal(80m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        var told = await allocated.AtLeastAsync<PaymentAllocated>(12);
        Assert.Equal(Enumerable.Range(2, 12).Select(i => (long)i), told.Select(each => each.BalanceVersion));
        Assert.Equal(told.Select((_, i) => Math.Max(0m, 100m - 9m * (i + 1))), told.Select(each => each.AmountDue));
        Assert.Single(await paid.AtLeastAsync<InvoicePaid>(1));
        Assert.Equal(1L, await host.QueryAsync<long>("select count(*) from settlement"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Credit_and_overpayment_are_put_on_another_invoice_never_more_than_is_left_or_open()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var paid = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
        var open = (await host.HearAsync(Shop.Invoice("s1", 30m))).InvoiceId;
        var pounds = (await host.HearAsync(Shop.Invoice("s1", 30m, currency: "GBP"))).InvoiceId;
        var payment = (await http.PayAsync(paid, "50.00", "T-1").JsonAsync(201)).Text("paymentId")!;

        await Allocate(open, "30.01").RefusedAsync(422, "PAY-UNALLOCATED-02");
        await Allocate(pounds, "1.00").RefusedAsync(422, "PAY-UNALLOCATED-03");
        await Allocate(InvoiceId.New(), "1.00").RefusedAsync(404, "PAY-INVOICE-01");
        await http.PostAsJsonAsync(
                $"/v1/unallocated/{Guid.CreateVersion7()}/allocations",
                new { invoiceId = open.ToString(), amount = "1" }
            )
            .RefusedAsync(404, "PAY-UNALLOCATED-01");
        // Ten at once want 5 each of the 30 that are open.
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Allocate(open, "5.00")));
        Assert.Equal(6, answers.Count(each => (int)each.StatusCode == 201));
        Assert.Equal(4, answers.Count(each => (int)each.StatusCode == 422));
        Assert.Equal("paid 30.00, refunded 0.00, due 0.00", await http.StandAsync(open));
        Assert.Equal(10m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        await host.BooksAgreeAsync();

        Task<HttpResponseMessage> Allocate(InvoiceId invoice, string amount) =>
            http.PostAsJsonAsync($"/v1/unallocated/{payment}/allocations", new { invoiceId = invoice.ToString(), amount });
    }

    [Fact]
    public async Task A_seller_sees_and_touches_nothing_of_another()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var mine = host.As("s1");
        using var theirs = host.As("s2");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
        var own = (await host.HearAsync(Shop.Invoice("s2", 10m))).InvoiceId;
        var payment = (await mine.PayAsync(invoice, "15.00", "T-1").JsonAsync(201)).Text("paymentId")!;

        await theirs.GetAsync($"/v1/invoices/{invoice}/balance").RefusedAsync(404, "PAY-INVOICE-01");
        await theirs.PayAsync(invoice, "1.00", "T-1").RefusedAsync(404, "PAY-INVOICE-01");
        await theirs.RefundAsync(payment, "1.00", "R-1").RefusedAsync(404, "PAY-PAYMENT-01");
        await theirs.PostAsync($"/v1/invoices/{invoice}/payment-links", null).RefusedAsync(404, "PAY-INVOICE-01");
        await theirs
            .PostAsJsonAsync($"/v1/unallocated/{payment}/allocations", new { invoiceId = own.ToString(), amount = "1.00" })
            .RefusedAsync(404, "PAY-UNALLOCATED-01");
        Assert.Empty((await theirs.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Empty((await theirs.GetAsync("/v1/ledger?account=bank").JsonAsync(200)).GetProperty("lines").EnumerateArray());
        // The same reference is each seller's own.
        await theirs.PayAsync(own, "1.00", "T-1").JsonAsync(201);
        Assert.Equal("paid 10.00, refunded 0.00, due 0.00", await mine.StandAsync(invoice));
    }

    [Fact]
    public async Task A_key_without_the_scope_is_refused_and_none_too()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
        using var reader = host.As("s1", Scopes.InvoicesRead);

        await reader.PayAsync(invoice, "1.00", "T-1").RefusedAsync(403, "AUTH-03");
        await reader.GetAsync("/v1/ledger").RefusedAsync(403, "AUTH-03");
        await host.Http.PayAsync(invoice, "1.00", "T-1").RefusedAsync(401, "AUTH-01");
        Assert.Equal("10.00", (await reader.BalanceAsync(invoice)).Text("amountDue"));
    }

    [Fact]
    public async Task What_cannot_be_read_or_breaks_a_rule_is_refused_by_name_and_changes_nothing()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
        var id = invoice.ToString();
        var before = await host.QueryAsync<long>("select count(*) from event");
        (string Body, int Status)[] bodies =
        [
            ("", 400),
            ("{", 400),
            ("[]", 422),
            ("null", 422),
            ("\"x\"", 422),
            ("\0\u0001", 400),
            ("{}", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1","reference":"a","extra":1}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1","amount":"2","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"doubloons","amount":"1","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":1,"amount":"1","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"credit","amount":"1","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"0","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"-1","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1.001","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1e3","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":99999999999999999999,"reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":null,"reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1","reference":""}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1","reference":"  "}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1","reference":"a\u0000b"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1","reference":"\ud800"}""", 422),
            ($$"""{"invoiceId":"{{id}}","means":"transfer","amount":"1","reference":"{{new string('r', 201)}}"}""", 422),
            ("""{"invoiceId":"x","means":"transfer","amount":"1","reference":"a"}""", 422),
            ($$"""{"invoiceId":"{{Guid.CreateVersion7()}}","means":"transfer","amount":"1","reference":"a"}""", 404),
            (new string('[', 5000), 400),
        ];
        foreach (var (body, status) in bodies)
        {
            var problem = await http.PostAsync("/v1/payments", Json(body)).JsonAsync(status);
            Assert.True(problem.Text("code") is { Length: > 4 }, body);
        }

        foreach (
            var path in new[] { $"/v1/payments/{Guid.CreateVersion7()}/refunds", $"/v1/unallocated/{Guid.CreateVersion7()}/allocations" }
        )
        {
            foreach (var body in new[] { "", "{", "[]", "{}", "{\"amount\":\"x\"}", "{\"amount\":\"1\",\"reference\":\"a\",\"x\":1}" })
            {
                using var response = await http.PostAsync(path, Json(body));
                Assert.True((int)response.StatusCode is 400 or 422, $"{(int)response.StatusCode} for {body} to {path}");
            }
        }

        foreach (
            var query in new[]
            {
                "/v1/ledger?from=yesterday",
                "/v1/ledger?to=0001-01-01",
                "/v1/ledger?to=9999-12-31",
                "/v1/ledger?cursor=%00",
                "/v1/ledger?cursor=AAAA",
                "/v1/ledger?limit=0",
                "/v1/ledger?limit=201",
                "/v1/ledger?limit=x",
                "/v1/ledger?account=%00",
                "/v1/unallocated?cursor=x",
                "/v1/unallocated?cursor=%ff%fe",
                "/v1/unallocated?limit=-1",
            }
        )
        {
            Assert.StartsWith(
                "application/problem",
                (await http.GetAsync(query)).Content.Headers.ContentType?.MediaType,
                StringComparison.Ordinal
            );
            await http.GetAsync(query).JsonAsync(400);
        }

        foreach (var path in new[] { "/v1/invoices/x/balance", "/v1/invoices/%00/balance", $"/v1/invoices/{Guid.Empty}/balance" })
        {
            Assert.True((int)(await http.GetAsync(path)).StatusCode is 400 or 404, path);
        }

        await http.PostAsync("/v1/payments", new StringContent("amount=1", Encoding.UTF8, "application/x-www-form-urlencoded"))
            .RefusedAsync(415, "BODY-04");
        await http.PostAsync("/v1/payments", Json($"\"{new string('x', 5 * 1024 * 1024)}\"")).JsonAsync(413);
        Assert.Equal(before, await host.QueryAsync<long>("select count(*) from event"));
        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from payment_intent"));
        Assert.Equal("paid 0.00, refunded 0.00, due 10.00", await http.StandAsync(invoice));
    }

    [Fact]
    public async Task The_ledger_pages_by_cursor_and_days_are_the_sellers()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        foreach (var i in Enumerable.Range(0, 5))
        {
            await http.PayAsync(invoice, "1.00", $"T-{i}").JsonAsync(201);
        }

        var lines = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await http.GetAsync($"/v1/ledger?limit=7{(cursor is null ? "" : $"&cursor={cursor}")}").JsonAsync(200);
            lines.AddRange(page.GetProperty("lines").EnumerateArray());
            cursor = page.Text("nextCursor");
        } while (cursor is not null);

        // Issued: two lines; each payment received and allocated: four.
        Assert.Equal(22, lines.Count);
        Assert.Equal(22, lines.Select(line => (line.Text("entryId"), line.GetProperty("line").GetInt32())).Distinct().Count());
        Assert.Equal(0m, lines.Sum(line => decimal.Parse(line.Text("amount")!, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty((await http.GetAsync("/v1/ledger?to=2020-01-01").JsonAsync(200)).GetProperty("lines").EnumerateArray());
        Assert.Empty((await http.GetAsync("/v1/ledger?from=2120-01-01").JsonAsync(200)).GetProperty("lines").EnumerateArray());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
