using System.Net;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class ReturnTests(Infrastructure infra)
{
    [Fact]
    public async Task A_return_of_a_ticket_is_an_R5_without_buyer_that_cites_it()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var told = await shop.Host.ListenAsync("invoicing.invoice-corrected.v1");
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));

        var corrective = await shop.IssueAsync(Shop.Return("A-2", "A-1", "-1"));

        Assert.Equal(InvoiceKind.Corrective, corrective.Kind);
        Assert.Equal("381", corrective.TypeCode);
        Assert.Equal("R5", corrective.Fiscal.RecordType);
        Assert.Equal("R-S01-2026-000001", corrective.Number);
        Assert.Equal(-9.95m, corrective.Totals.TotalWithVat);
        Assert.Null(corrective.Buyer);
        Assert.Null(corrective.DueDate);
        Assert.Equal(ticket.Number, corrective.Corrects.Single().Number);
        Assert.Equal(CorrectionMethod.Differences, corrective.Correction!.Method);
        var again = await (await shop.Till.GetAsync($"/v1/invoices/{ticket.InvoiceId}")).Content.ReadAsStringAsync();
        Assert.Equal(corrective.Number, JsonNode.Parse(again)!["correctedBy"]![0]!["number"]!.GetValue<string>());
        Assert.Contains(ticket.InvoiceId.ToString(), (await told.AtLeastAsync(1))[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_return_of_a_full_invoice_is_an_R1_with_its_buyer()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));
        Assert.Equal(("F1", "F-S01-2026-000001"), (full.Fiscal.RecordType, full.Number));

        var corrective = await shop.IssueAsync(Shop.Return("A-2", "A-1"));

        Assert.Equal("R1", corrective.Fiscal.RecordType);
        Assert.Equal("00017850W", corrective.Buyer!.TaxId);
        Assert.Equal("c17850@example.com", corrective.Contact!.Email);
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(Shop.Return("A-3", "A-1", "-1")));
    }

    [Fact]
    public async Task No_more_comes_back_than_was_sold_however_many_tills_ask_at_once()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1", quantity: "5"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => shop.PostAsync(Shop.Return($"R-{i}", "A-1", "-1"))));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(5L, await shop.AskAsync<long>("select last from number_series where kind = 'R'"));
    }

    [Fact]
    public async Task Tens_of_thousands_of_one_thing_are_read_again_with_the_price_they_were_written_with()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["retail"] = true);
        var many = await shop.IssueAsync(Shop.SaleTo("A-1", unitPrice: "0.23", quantity: "74215"));
        Assert.True(many.Lines[0].NetPrice.Scale > 9, $"{many.Lines[0].NetPrice}");

        Assert.Equal(many.Lines[0].NetPrice, (await shop.ReadAsync(many.InvoiceId)).Lines[0].NetPrice);
        Assert.Equal(HttpStatusCode.OK, (await shop.PostAsync(Shop.SaleTo("A-1", unitPrice: "0.23", quantity: "74215"))).StatusCode);
        await shop.IssueAsync(Shop.Return("A-2", "A-1", "-74215", "0.23"));
    }

    [Fact]
    public async Task What_was_not_sold_does_not_come_back()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        var other = Shop.Return("A-2", "A-1", "-1");
        other["lines"]![0]!["sku"] = "OTHER";
        var dearer = Shop.Return("A-3", "A-1", "-2", "99.00");
        var rate = Shop.Return("A-4", "A-1", "-1");
        rate["lines"]![0]!["vat"]!["rate"] = "10";

        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(other));
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(dearer));
        Assert.Equal("INV-RETURN-07", await shop.RefuseAsync(rate));
        Assert.Equal("INV-RETURN-01", await shop.RefuseAsync(Shop.Return("A-5", "NEVER")));
        Assert.Equal("INV-RETURN-02", await shop.RefuseAsync(Shop.Sale("A-6", quantity: "-1")));
    }

    [Fact]
    public async Task Blind_returns_are_taken_where_the_seller_allows_them()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["allowBlindReturns"] = true);

        var anonymous = await shop.IssueAsync(Shop.Sale("A-1", "5000.00", "-1"));
        var identified = await shop.IssueAsync(Shop.SaleTo("A-2", quantity: "-1"));

        Assert.Equal(("R5", 0), (anonymous.Fiscal.RecordType, anonymous.Corrects.Count));
        Assert.Equal(("R1", 0), (identified.Fiscal.RecordType, identified.Corrects.Count));
        Assert.Equal("00017850W", identified.Buyer!.TaxId);
    }

    [Fact]
    public async Task An_original_of_a_former_system_is_cited_by_number_and_date()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sale = Shop.Sale("A-1", quantity: "-1");
        sale["returnOf"] = new JsonObject { ["number"] = "2025/777", ["issueDate"] = "2025-12-30" };

        var corrective = await shop.IssueAsync(sale);

        Assert.Equal("2025/777", corrective.Corrects.Single().Number);
        Assert.Null(corrective.Corrects.Single().InvoiceId);
    }

    [Fact]
    public async Task A_number_of_ours_with_another_date_is_no_original_of_a_former_system_and_none_is_of_tomorrow()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));

        Assert.Equal("INV-RETURN-10", await shop.RefuseAsync(Citing(ticket.Number, ticket.IssueDate.AddDays(-1), "100")));
        Assert.Equal("INV-RETURN-11", await shop.RefuseAsync(Citing("2025/777", ticket.IssueDate.AddDays(2), "1")));
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(Citing(ticket.Number, ticket.IssueDate, "100")));
        Assert.Equal(ticket.InvoiceId, (await shop.IssueAsync(Citing(ticket.Number, ticket.IssueDate, "1"))).Corrects.Single().InvoiceId);

        static JsonObject Citing(string number, DateOnly date, string quantity)
        {
            var sale = Shop.Sale($"R-{number}-{date:yyyyMMdd}-{quantity}".Replace('/', '-'), quantity: $"-{quantity}");
            sale["returnOf"] = new JsonObject { ["number"] = number, ["issueDate"] = $"{date:yyyy-MM-dd}" };
            return sale;
        }
    }

    [Fact]
    public async Task Goods_exchanged_under_one_rate_are_one_ordinary_invoice_net()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        var exchange = Shop.Return("A-2", "A-1", "-1");
        exchange["lines"]!
            .AsArray()
            .Add(JsonNode.Parse("""{"sku":"NEW","quantity":"1","unitPrice":"30.00","vat":{"category":"S","rate":"21"}}"""));

        var net = await shop.IssueAsync(exchange);

        Assert.Equal((InvoiceKind.Simplified, 20.05m), (net.Kind, net.Totals.TotalWithVat));
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(Shop.Return("A-3", "A-1", "-2")));
    }
}
