using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>What reminders say, in the reader's language.</summary>
public sealed class NoticeSheetTests
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    public static TheoryData<string> Languages => ["es", "en", "ca", "gl", "eu"];

    [Theory]
    [InlineData(
        "es",
        "Ñandú: 3 facturas pendientes de pago, 181,50 €",
        "Estas 3 facturas de Ñandú figuran por pagar. En total son 181,50 €."
    )]
    [InlineData("en", "Ñandú: 3 unpaid invoices, €181.50", "These 3 invoices from Ñandú show as unpaid. Together they come to €181.50.")]
    [InlineData(
        "ca",
        "Ñandú: 3 factures pendents de pagament, 181,50 €",
        "Aquestes 3 factures de Ñandú consten per pagar. En total són 181,50 €."
    )]
    [InlineData(
        "gl",
        "Ñandú: 3 facturas pendentes de pagamento, 181,50 €",
        "Estas 3 facturas de Ñandú figuran por pagar. En total son 181,50 €."
    )]
    [InlineData(
        "eu",
        "Ñandú: ordaintzeke dauden 3 faktura, 181,50 €",
        "3 faktura hauek (Ñandú) ordaintzeke ageri dira. Guztira: 181,50 €."
    )]
    public void Several_invoices_are_one_message_with_a_list_and_their_sum(string language, string subject, string intro)
    {
        var mail = Of(Content(language, 3));

        Assert.Equal(subject, Plain(mail.Subject));
        Assert.Equal(intro, Plain(mail.Paragraphs[1]));
        Assert.Equal(3, mail.Lines.Count);
        Assert.StartsWith("F-1 · ", mail.Lines[0].Label, StringComparison.Ordinal);
        Assert.Equal("", mail.Number);
        Assert.Contains("https://payments.example.com/pay/all", mail.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_template_and_tone_is_said_in_every_language_and_leaves_no_place_open(string language)
    {
        var seen = new HashSet<string>();
        foreach (var template in new[] { "before-due", "reminder", "firm", "final" })
        {
            foreach (var tone in new[] { "friendly", "neutral", "firm" })
            {
                foreach (var count in new[] { 1, 2, 30 })
                {
                    var mail = Of(Content(language, count) with { Template = template, Tone = tone });
                    var text = mail.ToText();
                    Assert.DoesNotContain('{', text + mail.Subject + mail.Preview);
                    Assert.DoesNotContain('}', text + mail.Subject);
                    Assert.Contains("F-1", text, StringComparison.Ordinal);
                    Assert.True(seen.Add(text), $"{language} {template} {tone} {count} says what another one says");
                }
            }
        }
    }

    [Fact]
    public void One_invoice_reads_as_it_always_has()
    {
        var mail = Of(Content("es", 1));

        Assert.Equal("Ñandú: recordatorio de la factura F-1, 60,50 €", Plain(mail.Subject));
        Assert.Equal("La factura F-1 de Ñandú venció el 1 de junio de 2026 y aún figuran 60,50 € por pagar.", Plain(mail.Paragraphs[1]));
        Assert.Equal(2, mail.Paragraphs.Count);
        Assert.Equal(["Si ya la has pagado, gracias: no hace falta que hagas nada más."], mail.After);
        Assert.Empty(mail.Lines);
        Assert.Equal("F-1", mail.Number);
    }

    [Fact]
    public void Before_the_due_date_nothing_is_said_to_be_late()
    {
        var mail = Of(Content("es", 1) with { Template = "before-due", Tone = "friendly" });

        Assert.Equal("Ñandú: la factura F-1, 60,50 €, vence el 1 de junio de 2026", Plain(mail.Subject));
        Assert.DoesNotContain("venció", mail.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("vencida", mail.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_claimed_stands_apart_and_in_no_sum()
    {
        var content = Content("es", 2);
        content = content with { Items = [content.Items[0] with { ClaimAmount = 41.37m }, content.Items[1] with { ClaimAmount = 40m }] };
        var mail = Of(content);

        Assert.Equal("121,00 €", Plain(mail.Headline));
        Assert.Contains(mail.Facts, fact => fact.Label == "Intereses e indemnización por demora" && Plain(fact.Value) == "81,37 €");
        Assert.Contains(mail.After, after => Plain(after).Contains("81,37 € (Directiva 2011/7/UE", StringComparison.Ordinal));
        Assert.DoesNotContain("202,37", mail.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_is_cut_and_says_so()
    {
        var mail = Of(Content("es", 30));

        Assert.Equal(20, mail.Lines.Count);
        Assert.Equal("… y 10 facturas más: con el botón las ves todas.", mail.MoreLines);
    }

    [Theory]
    [InlineData("es", 1, "reminder", "Ñandu: factura F-1 por pagar, 60,50 €. https://p.example/1")]
    [InlineData("es", 1, "before-due", "Ñandu: la factura F-1, 60,50 €, vence el 01/06/2026. https://p.example/1")]
    [InlineData("es", 3, "final", "Ñandu: 3 facturas por pagar, 181,50 €. https://p.example/1")]
    [InlineData("en", 3, "reminder", "Ñandu: 3 invoices are unpaid, €181.50. https://p.example/1")]
    public void A_short_message_says_as_much_in_a_line(string language, int count, string template, string text)
    {
        var message = ShortMessage.OfReminder(
            Content(language, count) with
            {
                Template = template,
            },
            "Ñandú",
            "https://p.example/1",
            Words.For(language)
        );

        Assert.Equal(text, Plain(message.Text));
        Assert.Equal(1, message.Parts);
    }

    private static string Plain(string text) => text.Replace('\u00a0', ' ');

    private static MailSheet Of(ReminderContent content) =>
        MailSheet.OfReminder(
            content,
            SampleInvoice.Seller(Seller, language: content.Language!),
            "https://payments.example.com/pay/all",
            Words.For(content.Language)
        );

    private static ReminderContent Content(string language, int count) =>
        new()
        {
            Number = "F-1",
            Name = "Clara",
            Language = language,
            Currency = Currency.Eur,
            AmountDue = 60.50m * count,
            DueDate = new DateOnly(2026, 6, 1),
            PaymentReference = "RF18539007547034",
            Items =
            [
                .. Enumerable
                    .Range(1, count)
                    .Select(i => new ReminderItem
                    {
                        InvoiceId = InvoiceId.New(),
                        Number = $"F-{i}",
                        AmountDue = 60.50m,
                        DueDate = new DateOnly(2026, 6, i),
                        PaymentReference = "RF18539007547034",
                    }),
            ],
        };
}
