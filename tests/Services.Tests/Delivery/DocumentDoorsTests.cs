using System.Net;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class DocumentDoorsTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task PDF_and_page_are_there_from_the_moment_Invoicing_has_the_invoice()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        invoice = neighbours.Issued(
            invoice with
            {
                Lines = [invoice.Lines[0] with { Name = "<script>alert('x')</script>" }, .. invoice.Lines.Skip(1)],
            }
        );
        using var http = delivery.As(Seller.Value, Scopes.InvoicesRead);

        using var pdf = await http.GetAsync($"/v1/invoices/{invoice.InvoiceId}/pdf");
        Assert.Equal(HttpStatusCode.OK, pdf.StatusCode);
        Assert.Equal("application/pdf", pdf.Content.Headers.ContentType!.MediaType);
        Assert.Equal("F-S01-2026-000123.pdf", pdf.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        using var document = PdfDocument.Open(await pdf.Content.ReadAsByteArrayAsync());
        Assert.Contains("1.452,00 €", document.GetPage(1).Text.Replace('\u00a0', ' '), StringComparison.Ordinal);

        using var page = await http.GetAsync($"/v1/invoices/{invoice.InvoiceId}/html");
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("F-S01-2026-000123", html, StringComparison.Ordinal);
        Assert.Contains("VERI*FACTU", html, StringComparison.Ordinal);
        Assert.Contains("PRUEBA, sin validez fiscal", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sellers_invoice_is_not_there_and_neither_is_nonsense()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        using var other = delivery.As("otro");
        using var till = delivery.As(Seller.Value, Scopes.SalesWrite);

        foreach (var kind in new[] { "pdf", "html" })
        {
            using var foreign = await other.GetAsync($"/v1/invoices/{invoice.InvoiceId}/{kind}");
            using var nonsense = await other.GetAsync($"/v1/invoices/..%2F7/{kind}");
            using var scope = await till.GetAsync($"/v1/invoices/{invoice.InvoiceId}/{kind}");
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
            Assert.Contains("DEL-DOC-01", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, nonsense.StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, scope.StatusCode);
        }
    }

    [Fact]
    public async Task While_Invoicing_is_away_the_answer_says_when_to_come_back_and_without_Payments_the_account_still_stands_there()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        using var http = delivery.As(Seller.Value);
        neighbours.PaymentsIsAway = true;

        using var without = await http.GetAsync($"/v1/invoices/{invoice.InvoiceId}/pdf");
        using var document = PdfDocument.Open(await without.Content.ReadAsByteArrayAsync());
        Assert.Contains("ES91 2100 0418 4502 0005 1332", document.GetPage(1).Text, StringComparison.Ordinal);

        neighbours.InvoicingIsAway = true;
        using var away = await http.GetAsync($"/v1/invoices/{invoice.InvoiceId}/pdf");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.NotNull(away.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_customer_gets_by_rpc_what_was_sent_to_that_address_and_nothing_else()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        using var channel = delivery.Channel();
        var documents = new Documents.DocumentsClient(channel);
        var asked = new GetPdf { InvoiceId = invoice.InvoiceId.ToString() };

        var pdf = await documents.PdfAsync(asked, delivery.CallAs("portal", OnBehalfOf.Customer("cliente@example.com")));
        var refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await documents.PdfAsync(asked, delivery.CallAs("portal", OnBehalfOf.Customer("otra@example.com")))
        );

        Assert.Equal("F-S01-2026-000123.pdf", pdf.FileName);
        Assert.True(pdf.Content.Span.StartsWith("%PDF"u8), "a PDF");
        Assert.Equal(Grpc.Core.StatusCode.NotFound, refused.StatusCode);
    }
}
