using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Delivery.Rendering;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>What sellers' own templates may say and write; no service runs here.</summary>
public sealed class TemplatesTests
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    private const string Mail = """
        <!doctype html><html lang="{{ Language }}"><head><meta charset="utf-8"><title>{{ Subject }}</title></head><body>
        <p>{{ SellerName | upcase }}</p><p>{{ Number }}</p><h1>{{ Headline }}</h1>
        {% for notice in Notices %}<p>{{ notice }}</p>{% endfor %}
        {%- for line in Lines %}<p>{{ line.Label }}: {{ line.Value }}</p>{% endfor %}
        <a href="{{ ButtonUrl }}">{{ Button }}</a>
        {% if Offers %}<h2>{{ Offers.Label }}</h2>{% for offer in Offers.Offers %}<p>{{ offer.Title }}</p>{% endfor %}
        <a href="{{ Offers.StopUrl }}">{{ Offers.StopWords }}</a>{% endif %}
        </body></html>
        """;

    [Theory]
    [InlineData("mail")]
    [InlineData("page")]
    public void Our_own_templates_would_be_taken_from_a_seller(string name)
    {
        var template = SellerTemplate.Of(name, Templates.SourceOf(name));
        Assert.Null(template.Fault?.In("en"));
        Assert.Null(TemplateSample.Refuse(name, template.Value, SampleInvoice.Seller(Seller))?.In("en"));
        Assert.Null(TemplateSample.Refuse(name, template.Value, null)?.In("en"));
    }

    [Fact]
    public void Our_templates_write_the_same_whether_they_are_ours_or_a_sellers()
    {
        var (sheet, invoice) = SheetOf(SampleInvoice.Of(Seller, 25));
        var mail = MailSheet.OfInvoice(sheet, invoice, "https://facturas.example.com/x", withUbl: true, Offers);
        Assert.Equal(Templates.Html(mail), SellerTemplate.Of("mail", Templates.SourceOf("mail")).Value.Html(mail).Value);
        var page = PageSheet.Of(sheet);
        Assert.Equal(Templates.Html(page), SellerTemplate.Of("page", Templates.SourceOf("page")).Value.Html(page).Value);
    }

    [Fact]
    public void A_plain_template_of_a_seller_is_taken_and_every_value_in_it_is_encoded()
    {
        var template = SellerTemplate.Of("mail", Mail).Value;
        Assert.Null(TemplateSample.Refuse("mail", template, SampleInvoice.Seller(Seller))?.In("en"));
        var invoice = SampleInvoice.Of(Seller, 1);
        invoice = invoice with { Lines = [invoice.Lines[0] with { Name = "<script>alert('x')</script>" }] };
        var (sheet, body) = SheetOf(invoice);

        var html = template.Html(MailSheet.OfInvoice(sheet, body, "https://facturas.example.com/x")).Value;

        Assert.Contains("ÑANDÚ", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% include '/etc/passwd' %}", "DEL-TEMPLATE-04")]
    [InlineData("{% render 'mail' %}", "DEL-TEMPLATE-04")]
    [InlineData("{% layout 'x' %}", "DEL-TEMPLATE-04")]
    [InlineData("{% assign a = 'aa' %}", "DEL-TEMPLATE-04")]
    [InlineData("{% capture a %}x{% endcapture %}", "DEL-TEMPLATE-04")]
    [InlineData("{% increment a %}", "DEL-TEMPLATE-04")]
    [InlineData("{% liquid assign a = 1 %}", "DEL-TEMPLATE-04")]
    [InlineData("{% comment %}{% endcomment %}", "DEL-TEMPLATE-04")]
    [InlineData("{% raw %}{{ {% endraw %}", "DEL-TEMPLATE-04")]
    [InlineData("{% tablerow a in Lines %}{% endtablerow %}", "DEL-TEMPLATE-04")]
    [InlineData("{% for a in (1..1000000000) %}{% endfor %}", "DEL-TEMPLATE-04")]
    [InlineData("{% for a in 1..9 %}{% endfor %}", "DEL-TEMPLATE-04")]
    [InlineData("{% for a in Lines %}{% for b in Lines %}{% endfor %}{% endfor %}", "DEL-TEMPLATE-04")]
    [InlineData("{% for Lines in Facts %}{% endfor %}", "DEL-TEMPLATE-04")]
    [InlineData("{{ Headline | raw }}", "DEL-TEMPLATE-04")]
    [InlineData("{{ 'a' | replace: 'a', 'aaaaaaaa' }}", "DEL-TEMPLATE-04")]
    [InlineData("{{ 'a' | split: '' | join: 'aaaa' }}", "DEL-TEMPLATE-04")]
    [InlineData("{% if Lines contains 'a' %}{% endif %}", "DEL-TEMPLATE-04")]
    [InlineData("{{ Facts[0] }}", "DEL-TEMPLATE-04")]
    [InlineData("{{ 'a %} b' }}", "DEL-TEMPLATE-04")]
    [InlineData("{{ 'a\\' | raw | x: ' }}", "DEL-TEMPLATE-04")]
    [InlineData("{{ Headline ", "DEL-TEMPLATE-04")]
    [InlineData("{% if Headline %}", "DEL-TEMPLATE-05")]
    [InlineData("{% endif %}", "DEL-TEMPLATE-05")]
    [InlineData("{% for a in Lines %}{% endif %}", "DEL-TEMPLATE-05")]
    [InlineData("{{ Sheet.Number }}", "DEL-TEMPLATE-06")]
    [InlineData("{{ Headlin }}", "DEL-TEMPLATE-06")]
    [InlineData("{{ Logo.Content }}", "DEL-TEMPLATE-06")]
    [InlineData("{{ Offers.OneClickUrl }}", "DEL-TEMPLATE-06")]
    [InlineData("{{ Headline.GetType }}", "DEL-TEMPLATE-06")]
    [InlineData("{% for a in Lines %}{{ b.Label }}{% endfor %}", "DEL-TEMPLATE-06")]
    [InlineData("{% for a in Lines %}{% endfor %}{{ a.Label }}", "DEL-TEMPLATE-06")]
    public void A_source_that_reads_files_loops_without_end_or_asks_for_what_is_not_there_is_refused(string source, string code) =>
        Assert.Equal(code, SellerTemplate.Of("mail", Mail + source).Fault?.Code.Code);

    [Fact]
    public void Blocks_inside_blocks_long_tags_and_long_sources_are_refused_before_they_are_parsed()
    {
        var deep = string.Concat(Enumerable.Repeat("{% if Headline %}", 50_000 / 17));
        Assert.Equal("DEL-TEMPLATE-04", SellerTemplate.Of("mail", deep).Fault?.Code.Code);
        var wide = $"{{% if {string.Join(" and ", Enumerable.Repeat("Headline", 5_000))} %}}{{% endif %}}";
        Assert.Equal("DEL-TEMPLATE-04", SellerTemplate.Of("mail", wide).Fault?.Code.Code);
        Assert.Equal("DEL-TEMPLATE-03", SellerTemplate.Of("mail", new string('x', 65_537)).Fault?.Code.Code);
        Assert.Equal(
            "DEL-TEMPLATE-03",
            SellerTemplate.Of("mail", string.Concat(Enumerable.Repeat("{{ Button }}", 2_001))).Fault?.Code.Code
        );
        Assert.Equal("DEL-TEMPLATE-01", SellerTemplate.Of("sms", "x").Fault?.Code.Code);
        // What no database keeps.
        Assert.Equal("DEL-TEMPLATE-04", SellerTemplate.Of("mail", Mail + "\0").Fault?.Code.Code);
        Assert.Equal("DEL-TEMPLATE-04", SellerTemplate.Of("mail", Mail + "\ud800").Fault?.Code.Code);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<SCRIPT src=\"https://evil.example/x.js\"></SCRIPT>")]
    [InlineData("<p onclick=\"x()\">x</p>")]
    [InlineData("<img src=\"https://evil.example/pixel.png\" alt=\"\">")]
    [InlineData("<img src=\"//evil.example/pixel.png\" alt=\"\">")]
    [InlineData("<img src=\"data:image/svg+xml;base64,AAAA\" alt=\"\">")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("<a href=\"java&#115;cript:alert(1)\">x</a>")]
    [InlineData("<a href=\"&#x6a;avascript&colon;alert(1)\">x</a>")]
    [InlineData("<a href=\" &#1;javascript:alert(1)\">x</a>")]
    [InlineData("<a href=\"data:text/html,x\">x</a>")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>")]
    [InlineData("<form action=\"https://evil.example\"></form>")]
    [InlineData("<input name=\"x\">")]
    [InlineData("<object data=\"x\"></object>")]
    [InlineData("<embed src=\"x\">")]
    [InlineData("<base href=\"https://evil.example/\">")]
    [InlineData("<link rel=\"stylesheet\" href=\"https://evil.example/x.css\">")]
    [InlineData("<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\">")]
    [InlineData("<meta name=\"referrer\" content=\"unsafe-url\">")]
    [InlineData("<svg><a href=\"x\"><set attributeName=\"href\" to=\"javascript:x\"/></a></svg>")]
    [InlineData("<table background=\"https://evil.example/x.png\"></table>")]
    [InlineData("<p style=\"background:url(https://evil.example/x.png)\">x</p>")]
    [InlineData("<p style=\"background:u&#114;l(https://evil.example/x.png)\">x</p>")]
    [InlineData("<p style=\"background:\\75rl(https://evil.example/x.png)\">x</p>")]
    [InlineData("<p style=\"width:expression(alert(1))\">x</p>")]
    [InlineData("<style>@import 'https://evil.example/x.css';</style>")]
    [InlineData("<style>p{background:URL(https://evil.example/x.png)}</style>")]
    [InlineData("<style>p{color:red}")]
    [InlineData("<style><b></style>")]
    [InlineData("<!--[if mso]><p>x</p><![endif]-->")]
    [InlineData("<p title=x>x</p>")]
    [InlineData("<p title=\"a\"class=\"b\">x</p>")]
    [InlineData("<p title=\"a\" title=\"b\">x</p>")]
    [InlineData("<p title=\"<script>\">x</p>")]
    [InlineData("a < b")]
    [InlineData("<p")]
    [InlineData("</p x>")]
    [InlineData("<p/onclick=\"x\">")]
    [InlineData("<template><p>x</p></template>")]
    [InlineData("<noscript><p>x</p></noscript>")]
    [InlineData("<math><mtext></mtext></math>")]
    [InlineData("<x-y>x</x-y>")]
    public void HTML_that_runs_loads_or_sends_is_refused(string html)
    {
        Assert.NotNull(CleanHtml.Refuse(html));
        var template = SellerTemplate.Of("mail", Mail + html);
        Assert.Equal("DEL-TEMPLATE-09", TemplateSample.Refuse("mail", template.Value, null)?.Code.Code);
    }

    [Fact]
    public void A_value_that_becomes_an_address_cannot_make_it_one_that_runs()
    {
        var template = SellerTemplate.Of("mail", Mail + "{% for line in Lines %}<a href=\"{{ line.Label }}\">x</a>{% endfor %}").Value;
        var (sheet, invoice) = SheetOf(SampleInvoice.Of(Seller, 1));
        var mail = MailSheet.OfInvoice(sheet, invoice, "https://facturas.example.com/x") with
        {
            Lines = [new InvoiceSheet.Fact("javascript:alert(1)", "1")],
        };
        Assert.Equal("DEL-TEMPLATE-09", template.Html(mail).Fault?.Code.Code);
    }

    [Theory]
    [InlineData("{{ Number }}")]
    [InlineData("{{ Headline }}")]
    [InlineData("{{ ButtonUrl }}")]
    [InlineData("{{ notice }}")]
    [InlineData("{{ Offers.Label }}")]
    [InlineData("{{ Offers.StopUrl }}")]
    public void A_mail_without_what_must_be_there_is_refused(string value)
    {
        var source = Mail.Replace(value, "#", StringComparison.Ordinal).Replace("href=\"#\"", "href=\"#x\"", StringComparison.Ordinal);
        Assert.NotEqual(Mail, source);
        Assert.Equal("DEL-TEMPLATE-08", TemplateSample.Refuse("mail", SellerTemplate.Of("mail", source).Value, null)?.Code.Code);
    }

    [Theory]
    [InlineData("{{ Sheet.Number }}")]
    [InlineData("{{ Sheet.Words.QrAbove }}")]
    [InlineData("{{ QrPath }}")]
    [InlineData("{{ Sheet.Words.QrBelow }}")]
    [InlineData("{{ notice }}")]
    [InlineData("{{ row.VatAmount }}")]
    public void A_page_without_what_must_be_there_is_refused(string value)
    {
        var source = Templates.SourceOf("page").Replace(value, "", StringComparison.Ordinal);
        Assert.NotEqual(Templates.SourceOf("page"), source);
        Assert.Equal("DEL-TEMPLATE-08", TemplateSample.Refuse("page", SellerTemplate.Of("page", source).Value, null)?.Code.Code);
    }

    [Fact]
    public void A_template_that_writes_without_measure_ends_at_a_million_characters()
    {
        var fill = new string('x', 20_000);
        var template = SellerTemplate.Of(
            "page",
            Templates.SourceOf("page").Replace("{{ line.Name }}", fill + "{{ line.Name }}", StringComparison.Ordinal)
        );
        Assert.Null(TemplateSample.Refuse("page", template.Value, null)?.In("en"));
        var (sheet, _) = SheetOf(SampleInvoice.Of(Seller, 700));

        var written = template.Value.Html(PageSheet.Of(sheet));

        Assert.Equal("DEL-TEMPLATE-07", written.Fault?.Code.Code);
        Assert.Contains("1000000", written.Fault!.In("en"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_part_says_the_offers_too_after_everything_else_and_nothing_where_there_are_none()
    {
        var (sheet, invoice) = SheetOf(SampleInvoice.Of(Seller, 2));
        var with = MailSheet.OfInvoice(sheet, invoice, "https://facturas.example.com/x", withUbl: true, Offers).ToText();
        var without = MailSheet.OfInvoice(sheet, invoice, "https://facturas.example.com/x").ToText();

        Assert.StartsWith(without, with, StringComparison.Ordinal);
        var told = with[without.Length..];
        Assert.Contains("Publicidad · Para ti", told, StringComparison.Ordinal);
        Assert.Contains("* Diez por ciento", told, StringComparison.Ordinal);
        Assert.Contains("Código: HOGAR-7K2M", told, StringComparison.Ordinal);
        Assert.Contains("  Hasta el 31 de diciembre de 2026\n", told, StringComparison.Ordinal);
        Assert.Contains("https://delivery.example.com/consent/abc", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es", "desactivado")]
    [InlineData("en", "disabled")]
    [InlineData("ca", "desactivat")]
    [InlineData("gl", "Desactivamos")]
    [InlineData("eu", "desaktibatu")]
    public void A_notice_says_which_webhook_was_disabled_why_and_what_to_do(string language, string word)
    {
        var mail = MailSheet.OfNotice(
            new RetailInvoicing.Delivery.Webhooks.WebhookNoticeContent
            {
                WebhookId = "contabilidad",
                Address = "https://hooks.example.com/in",
                Reason = "failing",
                Since = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero),
                DisabledAt = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero),
                LastError = "503",
            },
            SampleInvoice.Seller(Seller),
            "https://facturas.example.com/office",
            Words.For(language)
        );
        var text = mail.ToText();
        Assert.Contains(word, text, StringComparison.Ordinal);
        Assert.Contains("contabilidad", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("https://hooks.example.com/in", text, StringComparison.Ordinal);
        Assert.Contains("08:00 UTC", text, StringComparison.Ordinal);
        Assert.Null(CleanHtml.Refuse(Templates.Html(mail)));
    }

    internal static OfferBlock Offers { get; } =
        new()
        {
            Label = "Publicidad",
            Heading = "Para ti",
            Offers =
            [
                new Offer
                {
                    Title = "Diez por ciento",
                    Text = "En todo el hogar",
                    Code = "HOGAR-7K2M",
                    Until = "Hasta el 31 de diciembre de 2026",
                    Because = "Porque compraste Portavelas",
                    Url = "https://tienda.example.com/hogar",
                },
            ],
            StopWords = "No quiero ofertas",
            StopUrl = "https://delivery.example.com/consent/abc",
            OneClickUrl = "https://delivery.example.com/v1/consent/withdrawals/abc",
        };

    private static (InvoiceSheet Sheet, InvoiceBody Invoice) SheetOf(InvoiceBody invoice) =>
        (InvoiceSheet.Of(invoice, SampleInvoice.Seller(Seller), null, Words.For("es")), invoice);
}
