using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class TemplateDoorsTests(Infrastructure infrastructure)
{
    private const string Own = """
        <!doctype html><html lang="{{ Language }}"><body><p>Tienda de confianza</p><p>{{ Number }}</p><h1>{{ Headline }}</h1>
        {% for notice in Notices %}<p>{{ notice }}</p>{% endfor %}
        {% for line in Lines %}<p>{{ line.Label }}</p>{% endfor %}
        <p><a href="{{ ButtonUrl }}">{{ Button }}</a></p>
        {% if Offers %}<p>{{ Offers.Label }} <a href="{{ Offers.StopUrl }}">{{ Offers.StopWords }}</a></p>{% endif %}</body></html>
        """;

    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_sellers_own_template_sets_its_mails_from_the_next_on_and_is_that_sellers_alone()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        using var http = delivery.As(Seller.Value);
        using var other = delivery.As("otro");

        using var put = await http.PutAsync("/v1/templates/mail", new StringContent(Own, Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        using var json = await http.PutAsJsonAsync("/v1/templates/mail", new TemplateRequest { Source = Own });
        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        var listed = (await http.GetFromJsonAsync<OwnTemplates>("/v1/templates", Wire.Tolerant))!.Templates;
        Assert.Equal([("mail", true), ("page", false)], listed.Select(each => (each.Name, each.Own)));
        var one = await http.GetFromJsonAsync<OwnTemplate>("/v1/templates/mail", Wire.Tolerant);
        Assert.Equal(Own, one!.Source);
        var ours = await other.GetFromJsonAsync<OwnTemplate>("/v1/templates/mail", Wire.Tolerant);
        Assert.Equal((false, Templates.SourceOf("mail")), (ours!.Own, ours.Source));

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        var mail = Assert.Single(await sink.AtLeastAsync(1));
        Assert.Contains("Tienda de confianza", mail.HtmlBody, StringComparison.Ordinal);
        SendInvoiceTests.AssertAttachments(mail, "F-S01-2026-000123");
        // It shows no pictures, and so carries none.
        Assert.DoesNotContain(mail.BodyParts.OfType<MimePart>(), part => part.ContentType.IsMimeType("image", "*"));

        using var deleted = await http.DeleteAsync("/v1/templates/mail");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var again = await http.DeleteAsync("/v1/templates/mail");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        Assert.DoesNotContain("Tienda de confianza", (await sink.AtLeastAsync(2))[1].HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_fails_at_last_is_replaced_by_ours_for_that_mail_and_the_seller_can_see_why()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        using var http = delivery.As(Seller.Value);
        // The samples' products have other names.
        var source = Own.Replace(
            "{{ line.Label }}",
            "{% if line.Label == '2 × Portavelas' %}<a href=\"{{ line.Label }}\">x</a>{% endif %}",
            StringComparison.Ordinal
        );
        using var put = await http.PutAsync("/v1/templates/mail", new StringContent(source, Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            // And one that an older version of us took, and today's would not.
            await connection.ExecuteAsync(
                """
                insert into seller_template (seller_id, name, version, source, saved_at)
                values ('nandu', 'page', '00000000-0000-0000-0000-000000000001', '{% include ''x'' %}', now())
                """
            );
        }

        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        await delivery.PublishAsync(invoice);

        var mail = Assert.Single(await sink.AtLeastAsync(1));
        Assert.DoesNotContain("Tienda de confianza", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("F-S01-2026-000123", mail.HtmlBody, StringComparison.Ordinal);
        SendInvoiceTests.AssertAttachments(mail, "F-S01-2026-000123");
        var page = await http.GetStringAsync($"/v1/invoices/{invoice.InvoiceId}/html");
        Assert.Contains("VERI*FACTU", page, StringComparison.Ordinal);
        var listed = (await http.GetFromJsonAsync<OwnTemplates>("/v1/templates", Wire.Tolerant))!.Templates;
        Assert.StartsWith("DEL-TEMPLATE-09", listed[0].LastError, StringComparison.Ordinal);
        Assert.StartsWith("DEL-TEMPLATE-04", listed[1].LastError, StringComparison.Ordinal);
        Assert.NotNull(listed[0].LastErrorAt);
    }

    [Fact]
    public async Task An_invoices_mail_shows_both_codes_and_the_logo_inside_itself_and_says_the_same_in_text()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await KeepLogoAsync(delivery, Png.Of(60, 20, 3, new byte[3600]));
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));

        await delivery.PublishAsync(invoice);

        var mail = Assert.Single(await sink.AtLeastAsync(1));
        SendInvoiceTests.AssertAttachments(mail, invoice.Number);
        var pictures = mail.BodyParts.OfType<MimePart>().Where(part => part.ContentType.MimeType == "image/png").ToArray();
        Assert.Equal(["epc-qr@mail", "logo@mail", "tax-qr@mail"], pictures.Select(each => each.ContentId!).Order(StringComparer.Ordinal));
        foreach (var picture in pictures)
        {
            Assert.Contains($"src=\"cid:{picture.ContentId}\"", mail.HtmlBody, StringComparison.Ordinal);
            Assert.False(picture.IsAttachment);
            using var bytes = new MemoryStream();
            await picture.Content!.DecodeToAsync(bytes);
            Assert.NotNull(PngFile.Read(bytes.ToArray(), out _));
        }

        Assert.Contains("QR tributario:", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("VERI*FACTU", mail.HtmlBody, StringComparison.Ordinal);
        Assert.InRange(mail.HtmlBody!.Length, 1000, 102 * 1024);
        Assert.Null(CleanHtml.Refuse(mail.HtmlBody.Replace("\r\n", "\n", StringComparison.Ordinal)));
        // Nobody consented, so nothing is promoted.
        Assert.Null(mail.Headers["List-Unsubscribe"]);
        Assert.DoesNotContain("Publicidad", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fiscal_bytes_are_the_same_with_and_without_a_look_of_ones_own()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        using var http = delivery.As(Seller.Value);
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        await delivery.PublishAsync(invoice);
        await sink.AtLeastAsync(1);
        var before = await http.GetByteArrayAsync($"/v1/invoices/{invoice.InvoiceId}/pdf");

        await KeepLogoAsync(delivery, Png.Of(60, 20, 3, new byte[3600]));
        using var put = await http.PutAsync("/v1/templates/mail", new StringContent(Own, Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        // The same invoice with another id, so that it is mailed anew.
        var same = neighbours.Issued(invoice with { EventId = EventId.New(), InvoiceId = InvoiceId.New() });
        await delivery.PublishAsync(same);
        var mails = await sink.AtLeastAsync(2);
        var after = await http.GetByteArrayAsync($"/v1/invoices/{same.InvoiceId}/pdf");

        Assert.NotEqual(before, after);
        Assert.Equal(await XmlOfAsync(before), await XmlOfAsync(after));
        Assert.Equal(Encoding.UTF8.GetBytes(Neighbourhood.ContentOf(invoice.Number, "cii")), await XmlOfAsync(after));
        Assert.Equal(await XmlOfAsync(PartOf(mails[0], "application/pdf")), await XmlOfAsync(PartOf(mails[1], "application/pdf")));
        Assert.Equal(PartOf(mails[0], "application/xml"), PartOf(mails[1], "application/xml"));
    }

    [Fact]
    public async Task Previews_show_a_sample_or_an_invoice_by_any_template_and_can_do_nothing_else()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var http = delivery.As(Seller.Value);
        using var other = delivery.As("otro");
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));

        using var sample = await http.PostAsync("/v1/templates/mail/previews", null);
        var html = await sample.Content.ReadAsStringAsync();
        Assert.Equal("text/html", sample.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(
            "sandbox; default-src 'none'",
            sample.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.Contains("F-EJEMPLO-2026-000123", html, StringComparison.Ordinal);
        Assert.Contains("Publicidad", html, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,", html, StringComparison.Ordinal);
        Assert.DoesNotContain("cid:", html, StringComparison.Ordinal);

        using var text = await http.PostAsync("/v1/templates/mail/previews", new StringContent(Own, Encoding.UTF8, "text/plain"));
        Assert.Contains("Tienda de confianza", await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var real = await http.PostAsJsonAsync(
            "/v1/templates/page/previews",
            new PreviewRequest { InvoiceId = invoice.InvoiceId.ToString() },
            Wire.Tolerant
        );
        Assert.Contains("F-S01-2026-000123", await real.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var foreign = await other.PostAsJsonAsync(
            "/v1/templates/page/previews",
            new PreviewRequest { InvoiceId = invoice.InvoiceId.ToString() },
            Wire.Tolerant
        );
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var bad = await http.PostAsJsonAsync(
            "/v1/templates/mail/previews",
            new PreviewRequest { Source = "{% include 'x' %}" },
            Wire.Tolerant
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        Assert.Contains("DEL-TEMPLATE-04", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var channel = delivery.Channel();
        var documents = new Documents.DocumentsClient(channel);
        var asked = new GetPreview { Template = "mail" };
        var staff = OnBehalfOf.Staff("duena@nandu.example", StaffRole.Owner, Seller);
        var told = await documents.PreviewAsync(asked, delivery.CallAs("portal", staff));
        Assert.Contains("F-EJEMPLO-2026-000123", told.Content.ToStringUtf8(), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await documents.PreviewAsync(asked, delivery.CallAs("portal", OnBehalfOf.Customer("ana@example.com", Seller)))
        );
        Assert.Equal(Grpc.Core.StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task What_is_no_template_is_refused_with_a_code()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var http = delivery.As(Seller.Value);
        foreach (
            var (name, type, body, status, code) in new[]
            {
                ("mail", "text/plain", "{{ Headline", HttpStatusCode.UnprocessableEntity, "DEL-TEMPLATE-04"),
                ("mail", "text/plain", "", HttpStatusCode.UnprocessableEntity, "DEL-TEMPLATE-08"),
                ("sms", "text/plain", "x", HttpStatusCode.NotFound, "DEL-TEMPLATE-01"),
                ("a%20b", "text/plain", "x", HttpStatusCode.NotFound, "DEL-TEMPLATE-01"),
                ("mail", "application/json", "{\"source\":\"a\\u0000b\"}", HttpStatusCode.UnprocessableEntity, "DEL-TEMPLATE-04"),
                ("mail", "application/json", "{\"source\":7}", HttpStatusCode.UnprocessableEntity, "BODY-02"),
                ("mail", "application/json", "{\"quelle\":\"x\"}", HttpStatusCode.UnprocessableEntity, "BODY-02"),
                ("mail", "application/json", "{", HttpStatusCode.BadRequest, "BODY-01"),
                ("mail", "application/octet-stream", "x", HttpStatusCode.BadRequest, "BODY-04"),
            }
        )
        {
            using var refused = await http.PutAsync($"/v1/templates/{name}", new StringContent(body, Encoding.UTF8, type));
            Assert.Equal((status, body), (refused.StatusCode, body));
            Assert.Contains(code, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var reader = delivery.As(Seller.Value, Scopes.InvoicesRead);
        using var scope = await reader.PutAsync("/v1/templates/mail", new StringContent(Own, Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.Forbidden, scope.StatusCode);
    }

    internal static async Task KeepLogoAsync(ServiceHost delivery, byte[] logo)
    {
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into logo (seller_id, seller_version, url, version, content, fetched_from, fetched_at)
            values ('nandu', 1, 'https://nandu.example/logo.png', '00000000-0000-0000-0000-000000000001', @logo, 'x', now())
            on conflict (seller_id) do update
            set seller_version = 1000, url = excluded.url, version = excluded.version, content = excluded.content, due_at = null
            """,
            new { logo }
        );
        // Whoever has looked a moment ago looks again after it.
        delivery.Services.GetRequiredService<FindLook>().Forget(Seller);
    }

    private static byte[] PartOf(MimeMessage mail, string type)
    {
        using var bytes = new MemoryStream();
        mail.Attachments.OfType<MimePart>().Single(part => part.ContentType.MimeType == type).Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }

    private static async Task<byte[]> XmlOfAsync(byte[] pdf)
    {
        using var file = new PdfOnDisk(pdf);
        return await file.AttachmentAsync();
    }
}
