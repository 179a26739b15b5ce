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

    private static string Exchange(params InvoiceBody[] tickets) =>
        $$"""{"ticketInvoiceIds":[{{string.Join(',', tickets.Select(ticket => $"\"{ticket.InvoiceId}\""))}}],"buyer":{{Buyer}}}""";
}
