using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class LawTests(Infrastructure infra)
{
    [Fact]
    public async Task Above_3000_euros_a_ticket_is_refused_and_an_invoice_is_not()
    {
        await using var shop = await Shop.OpenAsync(infra);

        Assert.Equal(3000.00m, (await shop.IssueAsync(Shop.Sale("A-1", "3000.00", "1"))).Totals.TotalWithVat);
        Assert.Equal("INV-KIND-02", await shop.RefuseAsync(Shop.Sale("A-2", "3000.01", "1")));
        Assert.Equal(InvoiceKind.Full, (await shop.IssueAsync(Shop.SaleTo("A-3", unitPrice: "3000.01"))).Kind);
    }

    [Fact]
    public async Task Outside_retail_the_limit_is_400_euros()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["retail"] = false);

        Assert.Equal("INV-KIND-02", await shop.RefuseAsync(Shop.Sale("A-1", "400.01", "1")));
        await shop.IssueAsync(Shop.Sale("A-2", "400.00", "1"));
    }

    [Fact]
    public async Task A_simplified_invoice_that_names_the_buyer_is_qualified_and_recorded_as_F1()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sale = Shop.SaleTo("A-1");
        sale["invoice"] = "simplified";

        var invoice = await shop.IssueAsync(sale);

        Assert.True(invoice.Qualified);
        Assert.Equal((InvoiceKind.Simplified, "F1"), (invoice.Kind, invoice.Fiscal.RecordType));
        Assert.StartsWith("T-", invoice.Number, StringComparison.Ordinal);
        Assert.NotNull(invoice.Buyer);
    }

    [Fact]
    public async Task A_ticket_never_carries_the_buyer_even_when_it_is_mailed()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sale = Shop.Sale("A-1");
        sale["buyer"] = JsonNode.Parse("""{"customerId":"9","name":"Ana","email":"Ana@Example.com","language":"en"}""");

        var invoice = await shop.IssueAsync(sale);

        Assert.Null(invoice.Buyer);
        Assert.Equal("Ana@Example.com", invoice.Contact!.Email);
        Assert.DoesNotContain("Example.com", await shop.AskAsync<string>("select body from invoice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contact_data_stands_apart_and_can_be_erased_while_the_invoice_stays()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var invoice = await shop.IssueAsync(Shop.SaleTo("A-1"));
        Assert.Equal("c17850@example.com", invoice.Buyer!.Email);
        Assert.DoesNotContain("c17850@example.com", await shop.AskAsync<string>("select body from invoice"), StringComparison.Ordinal);

        await shop.AskAsync<long>("with gone as (delete from invoice_contact returning 1) select count(*) from gone");

        var left = await shop.Till.GetStringAsync($"/v1/invoices/{invoice.InvoiceId}");
        Assert.DoesNotContain("c17850@example.com", left, StringComparison.Ordinal);
        Assert.Contains("00017850W", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_day_of_issue_is_the_stores_and_not_the_servers()
    {
        // 23:30 UTC: the next day in Madrid, the same day in the Canaries.
        await using var shop = await Shop.OpenAsync(
            infra,
            seller => seller["stores"] = JsonNode.Parse("""[{"storeId":"S01"},{"storeId":"LPA","timeZone":"Atlantic/Canary"}]"""),
            now: "2026-12-31T23:30:00Z"
        );
        var canary = Shop.Sale("A-2");
        canary["storeId"] = "LPA";

        var madrid = await shop.IssueAsync(Shop.Sale("A-1"));
        var laPalma = await shop.IssueAsync(canary);

        Assert.Equal(new DateOnly(2027, 1, 1), madrid.IssueDate);
        Assert.Equal(new DateOnly(2026, 11, 23), madrid.OperationDate);
        Assert.Equal("T-S01-2027-000001", madrid.Number);
        Assert.Equal(new DateOnly(2026, 12, 31), laPalma.IssueDate);
        Assert.Equal("T-LPA-2026-000001", laPalma.Number);
    }

    [Fact]
    public async Task A_sale_of_more_than_a_minute_ahead_is_refused()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ahead = Shop.Sale("A-1");
        ahead["occurredAt"] = "2026-11-23T10:16:31+01:00";
        var justSo = Shop.Sale("A-2");
        justSo["occurredAt"] = "2026-11-23T10:16:30+01:00";

        Assert.Equal("INV-DATE-01", await shop.RefuseAsync(ahead));
        await shop.IssueAsync(justSo);
    }

    [Fact]
    public async Task Rates_are_those_of_the_day_of_the_sale()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var lateOil = Shop.Sale("A-1", rate: "7.5");
        lateOil["occurredAt"] = "2024-11-02T10:00:00+01:00";

        Assert.Equal(7.5m, (await shop.IssueAsync(lateOil)).VatBreakdown.Single().Rate);
        Assert.Equal("INV-VAT-02", await shop.RefuseAsync(Shop.Sale("A-2", rate: "7.5")));
        Assert.Equal("INV-VAT-02", await shop.RefuseAsync(Shop.Sale("A-3", rate: "22")));
    }

    [Fact]
    public async Task Each_category_has_its_own_rules()
    {
        await using var shop = await Shop.OpenAsync(infra);
        async Task<string> Refused(string id, string vat) => await shop.RefuseAsync(With(Shop.Sale(id), vat));

        Assert.Equal("INV-VAT-01", await Refused("A-1", """{"category":"X","rate":"21"}"""));
        Assert.Equal("INV-VAT-03", await Refused("A-2", """{"category":"Z","rate":"4"}"""));
        Assert.Equal("INV-VAT-04", await Refused("A-3", """{"category":"E","rate":"0"}"""));
        Assert.Equal("INV-VAT-05", await Refused("A-4", """{"category":"S","rate":"21","exemptionReason":"none"}"""));
        Assert.Equal("INV-VAT-06", await Refused("A-5", """{"category":"L","rate":"7"}"""));
        Assert.Equal("INV-VAT-10", await Refused("A-6", """{"category":"AE"}"""));
        Assert.Equal("INV-KIND-03", await Refused("A-7", """{"category":"G"}"""));
        Assert.Equal(0m, (await shop.IssueAsync(With(Shop.Sale("A-8"), """{"category":"Z","rate":"0"}"""))).Totals.VatTotal);
        var exempt = await shop.IssueAsync(With(Shop.Sale("A-9"), """{"category":"E","exemptionCause":"E1"}"""));
        Assert.Equal("Operación exenta (art. 20 LIVA)", exempt.VatBreakdown.Single().ExemptionReason);
    }

    [Fact]
    public async Task Canary_sellers_charge_IGIC_and_no_IVA()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["territory"] = "canary");

        var invoice = await shop.IssueAsync(With(Shop.Sale("A-1", "10.70", "1"), """{"category":"L","rate":"7"}"""));

        Assert.Equal(("igic", 10.00m), (invoice.VatBreakdown.Single().Tax, invoice.Totals.TotalWithoutVat));
        Assert.Equal("INV-VAT-06", await shop.RefuseAsync(Shop.Sale("A-2")));
    }

    [Fact]
    public async Task A_sale_in_another_currency_is_recorded_in_euro_and_told_with_its_rate()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sale = Shop.Sale("A-1", "60.50");
        (sale["currency"], sale["exchangeRate"]) = ("USD", "0.9");
        var plain = Shop.Sale("A-2");
        plain["exchangeRate"] = "0.9";

        var invoice = await shop.IssueAsync(sale);

        Assert.Equal(
            (Currency.Eur, 0.9m, 18.90m),
            (invoice.AccountingCurrency, invoice.ExchangeRate, invoice.Totals.VatTotalInAccountingCurrency)
        );
        Assert.Equal(18.90m, await shop.AskAsync<decimal>("select vat_total from fiscal_record"));
        Assert.Equal(108.90m, await shop.AskAsync<decimal>("select total_with_vat from fiscal_record"));
        Assert.Equal(121.00m, await shop.AskAsync<decimal>("select total_with_vat from invoice"));
        sale["exchangeRate"] = null;
        sale["saleId"] = "A-3";
        Assert.Equal("INV-SALE-05", await shop.RefuseAsync(sale));
        Assert.Equal("INV-SALE-10", await shop.RefuseAsync(plain));
    }

    [Fact]
    public async Task A_format_of_two_decimals_says_that_it_cannot_hold_thousandths()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sale = Shop.Sale("A-1", "1.001", "1");
        (sale["currency"], sale["exchangeRate"]) = ("TND", "0.2953");

        var invoice = await shop.IssueAsync(sale);
        var ubl = await shop.Till.GetAsync($"/v1/invoices/{invoice.InvoiceId}/document?format=ubl");

        Assert.Equal(1.001m, invoice.Totals.TotalWithVat);
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, ubl.StatusCode);
        Assert.Contains("INV-DOC-06", await ubl.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_paid_beside_the_sale_is_no_part_of_the_invoice()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sale = Shop.Sale("A-1");
        sale["nonSaleItems"] = JsonNode.Parse("""[{"kind":"tip","amount":"2.00"}]""");
        sale["payments"] = JsonNode.Parse("""[{"means":"card","amount":"15.00"},{"means":"cash","amount":"5.00"}]""");

        var invoice = await shop.IssueAsync(sale);

        Assert.Equal(19.90m, invoice.Totals.TotalWithVat);
        Assert.Equal((18.00m, 1.90m), (invoice.Totals.PaidAmount, invoice.Totals.AmountDue));
        Assert.Equal(18.00m, invoice.Payments.Sum(payment => payment.Amount));
        sale["saleId"] = "A-2";
        sale["payments"]![0]!["amount"] = "17.00";
        Assert.Equal("INV-PAY-01", await shop.RefuseAsync(sale));
    }

    [Fact]
    public async Task Due_dates_stand_where_something_is_due()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["defaultTermsDays"] = 15);
        var paid = Shop.Sale("A-1");
        paid["payments"] = JsonNode.Parse("""[{"means":"card","amount":"19.90"}]""");
        var late = Shop.Sale("A-3");
        late["dueDate"] = "2026-10-01";
        var terms = Shop.Sale("A-4");
        terms["paymentTerms"] = "A la entrega";

        Assert.Null((await shop.IssueAsync(paid)).DueDate);
        Assert.Equal(new DateOnly(2026, 12, 8), (await shop.IssueAsync(Shop.Sale("A-2"))).DueDate);
        Assert.Equal(new DateOnly(2026, 10, 1), (await shop.IssueAsync(late)).DueDate);
        Assert.Null((await shop.IssueAsync(terms)).DueDate);
    }

    private static JsonObject With(JsonObject sale, string vat)
    {
        sale["lines"]![0]!["vat"] = JsonNode.Parse(vat);
        return sale;
    }
}
