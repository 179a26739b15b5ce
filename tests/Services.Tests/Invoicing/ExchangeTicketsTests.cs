using System.Net;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>One full invoice for one or several tickets ("canje", AEAT F3), and cancellations ("anulación").</summary>
public sealed class ExchangeTicketsTests(Infrastructure infra)
{
    private const string Buyer = """{"name":"Ana Sol","taxId":"12345678Z","email":"ana@example.com"}""";

    [Fact]
    public async Task An_exchange_states_its_tickets_net_of_returns_with_their_payments()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var paid = Shop.Sale("A-1");
        paid["payments"] = JsonNode.Parse("""[{"means":"card","amount":"19.90"}]""");
        var one = await shop.IssueAsync(paid);
        var two = await shop.IssueAsync(Shop.Sale("A-2", "33.00", "1"));
        var back = Shop.Return("A-3", "A-1", "-1");
        back["payments"] = JsonNode.Parse("""[{"means":"card","amount":"-9.95"}]""");
        await shop.IssueAsync(back);

        var full = await shop.ActAsync("/v1/exchanges", Exchange(one, two));

        Assert.Equal((InvoiceKind.Exchange, "380", "F3"), (full.Kind, full.TypeCode, full.Fiscal.RecordType));
        Assert.Equal("F-S01-2026-000001", full.Number);
        Assert.Equal("12345678Z", full.Buyer!.TaxId);
        Assert.Equal(42.95m, full.Totals.TotalWithVat);
        Assert.Equal(9.95m, full.Totals.PaidAmount);
        Assert.Equal(33.00m, full.Totals.AmountDue);
        Assert.Equal([one.Number, two.Number], full.Replaces.Select(each => each.Number));
        Assert.Equal([SaleId.Of("A-1"), SaleId.Of("A-2")], full.SaleIds);
        Assert.Equal(full.Number, (await shop.ReadAsync(one.InvoiceId)).ReplacedBy!.Number);
        Assert.Equal(InvoiceStatus.Issued, (await shop.ReadAsync(two.InvoiceId)).Status);
        Assert.Equal((HttpStatusCode.Conflict, "INV-EXCHANGE-02"), await shop.RefuseActAsync("/v1/exchanges", Exchange(two)));
    }

    [Fact]
    public async Task Later_returns_correct_the_full_invoice_under_R1()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.IssueAsync(Shop.Return("A-2", "A-1", "-1"));
        var full = await shop.ActAsync("/v1/exchanges", Exchange(ticket));

        var corrective = await shop.IssueAsync(Shop.Return("A-3", "A-1", "-1"));

        Assert.Equal("R1", corrective.Fiscal.RecordType);
        Assert.Equal(full.Number, corrective.Corrects.Single().Number);
        Assert.Equal("12345678Z", corrective.Buyer!.TaxId);
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(Shop.Return("A-4", "A-1", "-1")));
    }

    [Fact]
    public async Task What_cannot_be_exchanged_is_refused_and_nothing_is_numbered()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var gone = await shop.IssueAsync(Shop.Sale("A-2"));
        await shop.IssueAsync(Shop.Return("A-3", "A-2"));
        var cancelled = await shop.IssueAsync(Shop.Sale("A-4"));
        await shop.ActAsync($"/v1/invoices/{cancelled.InvoiceId}/cancellation", """{"reason":"Sale twice"}""");
        var full = await shop.IssueAsync(Shop.SaleTo("A-5"));

        Assert.Equal("INV-EXCHANGE-05", (await shop.RefuseActAsync("/v1/exchanges", Exchange(gone))).Code);
        Assert.Equal("INV-EXCHANGE-04", (await shop.RefuseActAsync("/v1/exchanges", Exchange(cancelled))).Code);
        Assert.Equal("INV-EXCHANGE-03", (await shop.RefuseActAsync("/v1/exchanges", Exchange(full))).Code);
        Assert.Equal("INV-EXCHANGE-01", (await shop.RefuseActAsync("/v1/exchanges", Exchange(ticket, ticket))).Code);
        Assert.Equal("INV-EXCHANGE-01", (await shop.RefuseActAsync("/v1/exchanges", Exchange())).Code);
        var nobody = Exchange(ticket).Replace("12345678Z", "12345678A", StringComparison.Ordinal);
        Assert.Equal("INV-BUYER-01", (await shop.RefuseActAsync("/v1/exchanges", nobody)).Code);
        var unnamed = Exchange(ticket).Replace("Ana Sol", " ", StringComparison.Ordinal);
        Assert.Equal("INV-KIND-01", (await shop.RefuseActAsync("/v1/exchanges", unnamed)).Code);
        Assert.Equal(1L, await shop.AskAsync<long>("select last from number_series where kind = 'F'"));
    }

    [Fact]
    public async Task A_ticket_is_exchanged_once_however_many_ask_at_once()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var one = await shop.IssueAsync(Shop.Sale("A-1"));
        var two = await shop.IssueAsync(Shop.Sale("A-2"));

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    shop.Till.PostAsync(
                        "/v1/exchanges",
                        new StringContent(
                            i % 2 == 0 ? Exchange(one, two) : Exchange(two, one),
                            System.Text.Encoding.UTF8,
                            "application/json"
                        )
                    )
                )
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(1L, await shop.AskAsync<long>("select last from number_series where kind = 'F'"));
    }

    [Fact]
    public async Task Cancelling_an_exchange_frees_its_tickets()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var full = await shop.ActAsync("/v1/exchanges", Exchange(ticket));
        Assert.Equal(
            (HttpStatusCode.Conflict, "INV-CANCEL-03"),
            await shop.RefuseActAsync($"/v1/invoices/{ticket.InvoiceId}/cancellation", """{"reason":"x"}""")
        );

        var cancelled = await shop.ActAsync($"/v1/invoices/{full.InvoiceId}/cancellation", """{"reason":"Wrong customer"}""");
        var other = await shop.ActAsync("/v1/exchanges", Exchange(ticket));

        Assert.Equal(InvoiceStatus.Cancelled, cancelled.Status);
        Assert.Equal("F-S01-2026-000002", other.Number);
    }

    [Fact]
    public async Task A_cancelled_invoice_keeps_its_number_and_its_record_hangs_on_the_chain()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var told = await shop.Host.ListenAsync("invoicing.invoice-cancelled.v1");
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));

        var cancelled = await shop.ActAsync($"/v1/invoices/{ticket.InvoiceId}/cancellation", """{"reason":"Posted twice"}""");
        var next = await shop.IssueAsync(Shop.Sale("A-2"));

        Assert.Equal(InvoiceStatus.Cancelled, cancelled.Status);
        Assert.Equal("T-S01-2026-000002", next.Number);
        Assert.Equal(
            "registration cancellation registration",
            await shop.AskAsync<string>("select string_agg(kind, ' ' order by position) from fiscal_record")
        );
        var of = await shop.AskAsync<string>("select fingerprint from fiscal_record where kind = 'cancellation'");
        Assert.Equal(of, next.Fiscal.PreviousFingerprint);
        Assert.Contains(ticket.Number, (await told.AtLeastAsync(1))[0].Body, StringComparison.Ordinal);
        Assert.Equal(
            (HttpStatusCode.Conflict, "INV-CANCEL-01"),
            await shop.RefuseActAsync($"/v1/invoices/{ticket.InvoiceId}/cancellation", """{"reason":"again"}""")
        );
        Assert.Equal("INV-RETURN-06", await shop.RefuseAsync(Shop.Return("A-3", "A-1", "-1")));
        Assert.Equal(HttpStatusCode.OK, (await shop.PostAsync(Shop.Sale("A-1"))).StatusCode);
        Assert.Equal(
            "INV-CANCEL-04",
            (await shop.RefuseActAsync($"/v1/invoices/{next.InvoiceId}/cancellation", """{"reason":" "}""")).Code
        );
    }

    [Fact]
    public async Task Cancelling_a_corrective_invoice_gives_its_original_back_what_it_took()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var corrective = await shop.IssueAsync(Shop.Return("A-2", "A-1"));
        Assert.Equal(
            (HttpStatusCode.Conflict, "INV-CANCEL-02"),
            await shop.RefuseActAsync($"/v1/invoices/{ticket.InvoiceId}/cancellation", """{"reason":"x"}""")
        );

        await shop.ActAsync($"/v1/invoices/{corrective.InvoiceId}/cancellation", """{"reason":"Nothing came back"}""");

        Assert.Empty((await shop.ReadAsync(ticket.InvoiceId)).CorrectedBy);
        await shop.IssueAsync(Shop.Return("A-3", "A-1"));
    }

    [Fact]
    public async Task Cancelling_a_return_that_an_exchange_states_is_refused_until_the_exchange_is_cancelled()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var back = await shop.IssueAsync(Shop.Return("A-2", "A-1", "-1"));
        var full = await shop.ActAsync("/v1/exchanges", Exchange(ticket));

        Assert.Equal(
            (HttpStatusCode.Conflict, "INV-CANCEL-05"),
            await shop.RefuseActAsync($"/v1/invoices/{back.InvoiceId}/cancellation", """{"reason":"Nothing came back"}""")
        );
        await shop.ActAsync($"/v1/invoices/{full.InvoiceId}/cancellation", """{"reason":"Wrong"}""");
        await shop.ActAsync($"/v1/invoices/{back.InvoiceId}/cancellation", """{"reason":"Nothing came back"}""");
        Assert.Equal(19.90m, (await shop.ActAsync("/v1/exchanges", Exchange(ticket))).Totals.TotalWithVat);
    }

    [Fact]
    public async Task A_ticket_of_a_former_system_is_exchanged_by_number_and_date_with_one_of_ours()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ours = await shop.IssueAsync(Shop.Sale("A-1"));
        var request = JsonNode.Parse(Former("2025/777"))!.AsObject();
        request["ticketInvoiceIds"] = new JsonArray($"{ours.InvoiceId}");

        var full = await shop.ActAsync("/v1/exchanges", request.ToJsonString());

        Assert.Equal((InvoiceKind.Exchange, "F3"), (full.Kind, full.Fiscal.RecordType));
        Assert.Equal(
            [(ours.InvoiceId, ours.Number), ((InvoiceId?)null, "2025/777")],
            full.Replaces.Select(each => (each.InvoiceId, each.Number))
        );
        Assert.Equal(new DateOnly(2025, 12, 30), full.Replaces[1].IssueDate);
        Assert.Equal(19.90m + 24.20m, full.Totals.TotalWithVat);
        // The former one is paid where nothing else is said of it.
        Assert.Equal(24.20m, full.Totals.PaidAmount);
        var record = await shop.AskAsync<string>("select document from fiscal_record order by position desc limit 1");
        Assert.Contains(
            "<NumSerieFactura>2025/777</NumSerieFactura><FechaExpedicionFactura>30-12-2025</FechaExpedicionFactura>",
            record,
            StringComparison.Ordinal
        );
        Assert.Equal((HttpStatusCode.Conflict, "INV-EXCHANGE-02"), await shop.RefuseActAsync("/v1/exchanges", Former("2025/777")));
    }

    [Fact]
    public async Task What_comes_back_of_a_former_ticket_is_taken_off_its_exchange_and_later_returns_correct_that()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var before = await shop.IssueAsync(FormerReturn("A-1", "2025/777"));

        var full = await shop.ActAsync("/v1/exchanges", Former("2025/777"));
        var after = await shop.IssueAsync(FormerReturn("A-2", "2025/777"));

        Assert.Equal(("R5", "2025/777"), (before.Fiscal.RecordType, before.Corrects.Single().Number));
        Assert.Equal(12.10m, full.Totals.TotalWithVat);
        Assert.Equal(("R1", full.Number), (after.Fiscal.RecordType, after.Corrects.Single().Number));
        Assert.Equal("12345678Z", after.Buyer!.TaxId);
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(FormerReturn("A-3", "2025/777")));
        Assert.Equal(
            (HttpStatusCode.Conflict, "INV-CANCEL-05"),
            await shop.RefuseActAsync($"/v1/invoices/{before.InvoiceId}/cancellation", """{"reason":"Nothing came back"}""")
        );
    }

    [Fact]
    public async Task An_exchange_of_a_former_ticket_alone_is_corrected_like_any_and_its_products_keep_their_names()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.ActAsync("/v1/exchanges", Former("2025/777"));

        var corrective = await shop.ActAsync(
            $"/v1/invoices/{full.InvoiceId}/corrections",
            """{"method":"differences","reason":"R1","lines":[{"sku":"P1","quantity":"-1","unitPrice":"12.10","vat":{"category":"S","rate":"21"}}]}"""
        );

        Assert.Empty(full.SaleIds);
        Assert.Equal(("R1", -12.10m, "Taza"), (corrective.Fiscal.RecordType, corrective.Totals.TotalWithVat, corrective.Lines[0].Name));
    }

    [Fact]
    public async Task Cancelling_the_exchange_frees_a_former_ticket_too()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.ActAsync("/v1/exchanges", Former("2025/777"));
        await shop.ActAsync($"/v1/invoices/{full.InvoiceId}/cancellation", """{"reason":"Wrong customer"}""");

        var back = await shop.IssueAsync(FormerReturn("A-1", "2025/777"));
        await shop.ActAsync($"/v1/invoices/{back.InvoiceId}/cancellation", """{"reason":"Nothing came back"}""");
        var other = await shop.ActAsync("/v1/exchanges", Former("2025/777"));

        Assert.Equal(("2025/777", null), (back.Corrects.Single().Number, back.Corrects.Single().InvoiceId));
        Assert.Equal(24.20m, other.Totals.TotalWithVat);
    }

    [Fact]
    public async Task A_former_ticket_is_exchanged_once_however_many_ask_at_once_and_returns_come_before_or_after()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var returning = Enumerable.Range(0, 2).Select(i => shop.PostAsync(FormerReturn($"A-{i}", "2025/777")));
        var asking = Enumerable
            .Range(0, 6)
            .Select(_ =>
                shop.Till.PostAsync(
                    "/v1/exchanges",
                    new StringContent(Former("2025/777", "3"), System.Text.Encoding.UTF8, "application/json")
                )
            );

        var answers = await Task.WhenAll(asking.Concat(returning));

        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        var full = await shop.AskAsync<decimal>("select total_with_vat from invoice where kind = 'Exchange'");
        var before = await shop.AskAsync<long>(
            "select count(*) from invoice where kind = 'Corrective' and body::jsonb -> 'corrects' -> 0 ->> 'number' = '2025/777'"
        );
        Assert.Equal(3 * 12.10m - before * 12.10m, full);
    }

    [Theory]
    [InlineData("INV-EXCHANGE-07", "number", "\"T-S01-2026-000001\"")]
    [InlineData("INV-RETURN-11", "issueDate", "\"2027-12-31\"")]
    [InlineData("INV-SALE-06", "lines", "[]")]
    [InlineData("INV-EXCHANGE-08", "lines", """[{"sku":"P1","quantity":"-1","unitPrice":"1.00","vat":{"category":"S","rate":"21"}}]""")]
    [InlineData("INV-PAY-01", "payments", """[{"means":"cash","amount":"99.00"}]""")]
    [InlineData("INV-VAT-02", "lines", """[{"sku":"P1","quantity":"1","unitPrice":"1.00","vat":{"category":"S","rate":"17"}}]""")]
    public async Task A_former_ticket_that_cannot_be_is_refused_with_its_place(string code, string field, string value)
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        var request = JsonNode.Parse(Former("2025/777"))!;
        request["formerTickets"]![0]![field] = JsonNode.Parse(value);

        Assert.Equal(code, (await shop.RefuseActAsync("/v1/exchanges", request.ToJsonString())).Code);
        Assert.Equal(0L, await shop.AskAsync<long>("select count(*) from number_series where kind = 'F'"));
    }

    private static string Former(string number, string quantity = "2") =>
        $$$"""
            {"formerTickets":[{"number":"{{{number}}}","issueDate":"2025-12-30","storeId":"S01",
                "lines":[{"sku":"P1","name":"Taza","quantity":"{{{quantity}}}","unitPrice":"12.10","vat":{"category":"S","rate":"21"}}]}],
            "buyer":{{{Buyer}}}}
            """;

    private static JsonObject FormerReturn(string saleId, string number)
    {
        var sale = Shop.Sale(saleId, "12.10", "-1");
        sale["lines"]![0]!["sku"] = "P1";
        sale["returnOf"] = new JsonObject { ["number"] = number, ["issueDate"] = "2025-12-30" };
        return sale;
    }

    private static string Exchange(params InvoiceBody[] tickets) =>
        $$"""{"ticketInvoiceIds":[{{string.Join(',', tickets.Select(ticket => $"\"{ticket.InvoiceId}\""))}}],"buyer":{{Buyer}}}""";
}
