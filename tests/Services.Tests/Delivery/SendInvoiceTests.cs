using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using MimeKit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Services.Tests.Fixtures;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class SendInvoiceTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task An_issued_invoice_is_mailed_once_with_PDF_and_UBL_however_often_the_event_comes()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await using var told = await delivery.ListenAsync(InvoiceTransmitted.Exchange);
        await delivery.PublishAsync(SampleInvoice.Seller(Seller));
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));

        await delivery.PublishAsync(invoice);
        await delivery.PublishAsync(invoice);
        // The same invoice told by another event is still one mail.
        await delivery.PublishAsync(invoice with { EventId = EventId.New() });

        var mail = Assert.Single(await sink.AtLeastAsync(1));
        var sent = Assert.Single(await told.AtLeastAsync<InvoiceTransmitted>(1));
        Assert.Equal(invoice.InvoiceId, sent.InvoiceId);
        Assert.Equal($"{sent.TransmissionId}@facturas.example.com", mail.MessageId);
        Assert.Equal(sent.TransmissionId.ToString(), mail.Headers["X-RetailInvoicing-Transmission"]);
        Assert.Equal("Ñandú", mail.From.Mailboxes.Single().Name);
        Assert.Equal("facturas@nandu.example", mail.From.Mailboxes.Single().Address);
        Assert.Equal("cliente@example.com", mail.To.Mailboxes.Single().Address);
        Assert.Equal("Ñandú: factura F-S01-2026-000123, 1.452,00 €", mail.Subject!.Replace('\u00a0', ' '));
        Assert.Contains("Hola, María José:", mail.TextBody!, StringComparison.Ordinal);
        Assert.Contains(
            "Quedan por pagar 1.452,00 €, con vencimiento el 23 de diciembre de 2026",
            Plain(mail.TextBody),
            StringComparison.Ordinal
        );
        Assert.Contains($"https://payments.example.com/pay/{invoice.InvoiceId}", mail.TextBody!, StringComparison.Ordinal);
        Assert.Contains("Pagar 1.452,00 €", Plain(System.Net.WebUtility.HtmlDecode(mail.HtmlBody!)), StringComparison.Ordinal);
        Assert.InRange(mail.HtmlBody!.Length, 1000, 102 * 1024);
        Assert.DoesNotContain("src=\"http", mail.HtmlBody, StringComparison.Ordinal);
        AssertAttachments(mail, invoice.Number);
        await Eventually.EqualAsync(0L, () => CountAsync(delivery, "select count(*) from transmission_content"), "contents kept");
        await Eventually.EqualAsync(
            3L,
            () => CountAsync(delivery, "select count(*) from inbox where consumer in ('delivery-send-invoice', 'delivery-learn-seller')"),
            "events heard"
        );
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task An_English_reader_of_a_paid_invoice_gets_it_in_English_with_a_way_to_see_it()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        neighbours.PaymentsIsAway = true;
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller, 30, paid: 484 * 30, language: "en"));

        await delivery.PublishAsync(invoice);

        var mail = Assert.Single(await sink.AtLeastAsync(1));
        Assert.Equal("Ñandú: invoice F-S01-2026-000123, €14,520.00", mail.Subject);
        Assert.Contains("It is paid.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("10 more lines", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"https://facturas.example.com/invoices/{invoice.InvoiceId}", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_contacts_language_the_sellers_holds_and_the_latest_word_about_the_seller_counts()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await delivery.PublishAsync(SampleInvoice.Seller(Seller, version: 2, language: "en"));
        await Eventually.EqualAsync(1L, () => CountAsync(delivery, "select count(*) from seller where version = 2"), "sellers known");
        await delivery.PublishAsync(SampleInvoice.Seller(Seller, version: 1, language: "es"));
        await Eventually.EqualAsync(2L, () => CountAsync(delivery, "select count(*) from inbox"), "events heard");

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, language: null)));

        Assert.Contains("invoice", Assert.Single(await sink.AtLeastAsync(1)).Subject, StringComparison.Ordinal);
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from seller where version = 2"));
    }

    [Fact]
    public async Task An_invoice_without_an_address_mails_nobody()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, email: null)));
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));

        await sink.AtLeastAsync(1);
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from transmission"));
    }

    [Fact]
    public async Task While_Invoicing_or_Payments_is_away_the_mail_waits()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        neighbours.InvoicingIsAway = neighbours.PaymentsIsAway = true;
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        await Eventually.TrueAsync(
            async () =>
                await CountAsync(delivery, "select count(*) from transmission where put_off > 0 and last_error like 'AWAY-01%'") == 1,
            "the mail was put off"
        );

        neighbours.InvoicingIsAway = false;
        await Eventually.TrueAsync(
            async () => await CountAsync(delivery, "select count(*) from transmission where put_off > 2") == 1,
            "the mail was put off again"
        );
        Assert.Empty(sink.Mails);
        neighbours.PaymentsIsAway = false;

        AssertAttachments(Assert.Single(await sink.AtLeastAsync(1)), "F-S01-2026-000123");
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent' and last_error is null and attempts = 1"),
            "mails sent at the first hand-over"
        );
    }

    [Fact]
    public async Task An_invoice_that_UBL_cannot_hold_goes_out_with_its_PDF()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        neighbours.UblIsImpossible = true;

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));

        var mail = Assert.Single(await sink.AtLeastAsync(1));
        Assert.Equal("application/pdf", Assert.Single(mail.Attachments).ContentType.MimeType);
        Assert.DoesNotContain("XML", mail.TextBody!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_can_be_written_as_files_where_there_is_no_server()
    {
        var folder = Directory.CreateTempSubdirectory("mails-").FullName;
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, new Uri(folder).AbsoluteUri);

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));

        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
        var file = Assert.Single(Directory.GetFiles(folder));
        Assert.Equal($"{(await OnlyAsync(delivery)).TransmissionId}.eml", Path.GetFileName(file));
        AssertAttachments(await MimeMessage.LoadAsync(file), "F-S01-2026-000123");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_send_continues_the_trace_of_the_event()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var spans = new System.Collections.Concurrent.ConcurrentBag<System.Diagnostics.Activity>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == "RetailInvoicing",
            Sample = (ref _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));

        await delivery.PublishAsync(
            "invoicing.invoice-issued.v1",
            JsonSerializer.SerializeToUtf8Bytes(invoice, Wire.Tolerant),
            // As the dispatcher's bus sets it beside traceparent; a consumer's span follows it.
            new Dictionary<string, object?> { ["MT-Activity-Id"] = $"00-{trace}-b7ad6b7169203331-01" }
        );

        await Eventually.TrueAsync(
            () => Task.FromResult(spans.Any(span => span.OperationName == "SendTransmission" && span.TraceId.ToString() == trace)),
            "the send's span has the till's trace"
        );
    }

    internal static void AssertAttachments(MimeMessage mail, string number)
    {
        var attachments = mail.Attachments.OfType<MimePart>().ToDictionary(part => part.ContentType.MimeType);
        Assert.Equal(["application/pdf", "application/xml"], attachments.Keys.Order(StringComparer.Ordinal));
        Assert.Equal($"{number}.pdf", attachments["application/pdf"].FileName);
        Assert.Equal($"{number}.xml", attachments["application/xml"].FileName);
        using var bytes = new MemoryStream();
        attachments["application/pdf"].Content!.DecodeTo(bytes);
        using var pdf = PdfDocument.Open(bytes.ToArray());
        Assert.Contains(number, pdf.GetPage(1).Text, StringComparison.Ordinal);
        using var xml = new StreamReader(attachments["application/xml"].Content!.Open());
        Assert.Contains(number, xml.ReadToEnd(), StringComparison.Ordinal);
    }

    internal static async Task<RetailInvoicing.Delivery.Transmissions.Transmission> OnlyAsync(ServiceHost delivery)
    {
        using var http = delivery.As(Seller.Value);
        var page = await http.GetFromJsonAsync<RetailInvoicing.Delivery.Transmissions.TransmissionPage>("/v1/transmissions", Wire.Tolerant);
        return Assert.Single(page!.Transmissions);
    }

    internal static async Task<long> CountAsync(ServiceHost delivery, string sql)
    {
        await using var connection = await delivery.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private static string Plain(string? text) => (text ?? "").Replace('\u00a0', ' ');
}
