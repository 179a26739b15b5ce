using System.Net;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class PostSaleTests(Infrastructure infra)
{
    [Fact]
    public async Task A_ticket_is_numbered_chained_and_told()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var issued = await shop.Host.ListenAsync("invoicing.invoice-issued.v1");

        var invoice = await shop.IssueAsync(Shop.Sale("A-1"));

        Assert.Equal("T-S01-2026-000001", invoice.Number);
        Assert.Equal(InvoiceKind.Simplified, invoice.Kind);
        Assert.Null(invoice.Buyer);
        Assert.Equal("F2", invoice.Fiscal.RecordType);
        Assert.Equal(19.90m, invoice.Totals.TotalWithVat);
        Assert.Equal(3.45m, invoice.Totals.VatTotal);
        Assert.Equal(19.90m, invoice.Totals.AmountDue);
        Assert.Equal(new DateOnly(2026, 12, 23), invoice.DueDate);
        Assert.Equal(64, invoice.Fiscal.Fingerprint!.Length);
        Assert.Null(invoice.Fiscal.PreviousFingerprint);
        Assert.Contains("numserie=T-S01-2026-000001&fecha=23-11-2026&importe=19.90", invoice.Fiscal.QrUrl, StringComparison.Ordinal);
        var second = await shop.IssueAsync(Shop.Sale("A-2"));
        Assert.Equal(invoice.Fiscal.Fingerprint, second.Fiscal.PreviousFingerprint);
        await Eventually.TrueAsync(() => Task.FromResult(issued.All.Count == 2), "both are told");
        Assert.Contains("\"eventId\"", issued.All[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_post_of_the_same_sale_answers_the_same_invoice()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var first = await shop.PostAsync(Shop.Sale("A-1"));
        var rewritten = Shop.Sale("A-1", quantity: "2.000");
        rewritten["occurredAt"] = "2026-11-23T09:15:00Z";

        var second = await shop.PostAsync(rewritten);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_same_name_with_other_content_is_a_conflict()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));

        var answer = await shop.PostAsync(Shop.Sale("A-1", quantity: "3"));

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("INV-SALE-01", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
