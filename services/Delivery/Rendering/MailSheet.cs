using System.Globalization;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Delivery.Webhooks;
using Fact = RetailInvoicing.Delivery.Rendering.InvoiceSheet.Fact;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>What a mail says, in the reader's language and already in words; HTML and text say the same.</summary>
public sealed record MailSheet
{
    /// <summary>Lines beyond these are in the PDF: a mail of more than 102 KB is cut by its reader's provider.</summary>
    private const int MostLines = 20;

    public required string Language { get; init; }
    public required string Subject { get; init; }
    public required string Preview { get; init; }
    public required string SellerName { get; init; }
    public required string Accent { get; init; }

    /// <summary>The invoice's number, where it is about one.</summary>
    public string Number { get; init; } = "";

    /// <summary>The seller's logo.</summary>
    public MailPicture? Logo { get; init; }

    /// <summary>The fiscal QR, with the words that the law wants above and below it.</summary>
    public MailPicture? TaxQr { get; init; }
    public string QrAbove { get; init; } = "";
    public string QrBelow { get; init; } = "";

    /// <summary>The QR of payment, with what to do with it.</summary>
    public MailPicture? EpcQr { get; init; }
    public string EpcCaption { get; init; } = "";
    public IReadOnlyList<string> Notices { get; init; } = [];
    public string HeadlineLabel { get; init; } = "";
    public string Headline { get; init; } = "";
    public required IReadOnlyList<string> Paragraphs { get; init; }
    public required string Button { get; init; }
    public required string ButtonUrl { get; init; }
    public IReadOnlyList<Fact> Facts { get; init; } = [];
    public string LineHeading { get; init; } = "";
    public string AmountHeading { get; init; } = "";
    public IReadOnlyList<Fact> Lines { get; init; } = [];
    public string MoreLines { get; init; } = "";
    public IReadOnlyList<string> After { get; init; } = [];
    public required string LinkInWords { get; init; }
    public IReadOnlyList<string> Feet { get; init; } = [];

    /// <summary>Offers: apart from the invoice, after everything else.</summary>
    public OfferBlock? Offers { get; init; }
    public string CodeWord { get; init; } = "";

    /// <summary>The pictures inside it.</summary>
    public IReadOnlyList<MailPicture> Pictures => [.. new[] { Logo, TaxQr, EpcQr }.OfType<MailPicture>()];

    /// <summary>The mail an invoice goes out with: the state first, one button, what was bought, what is attached.</summary>
    public static MailSheet OfInvoice(
        InvoiceSheet sheet,
        InvoiceBody invoice,
        string portalUrl,
        bool withUbl = true,
        OfferBlock? offers = null
    )
    {
        var words = sheet.Words;
        var intro = invoice.Kind == InvoiceKind.Corrective ? words.CorrectiveIntro : words.InvoiceIntro;
        return new MailSheet
        {
            Language = words.Language,
            Subject = Said(words.InvoiceSubject, sheet.SellerName, sheet.Number, sheet.Total),
            Preview = sheet.State,
            SellerName = sheet.SellerName,
            Accent = sheet.Accent,
            Number = sheet.Number,
            Logo = sheet.Logo is { } logo ? MailPicture.OfLogo(logo, sheet.SellerName) : null,
            TaxQr = sheet.TaxQr is { } qr ? MailPicture.OfTaxQr(qr, $"{words.QrAbove} {sheet.QrUrl}") : null,
            QrAbove = words.QrAbove,
            QrBelow = sheet.Verifiable ? words.QrBelow : "",
            EpcQr = sheet.EpcQr is { } epc ? MailPicture.OfEpcQr(epc, words.EpcCaption) : null,
            EpcCaption = words.EpcCaption,
            Notices = sheet.Notices,
            HeadlineLabel = $"{sheet.Title} {sheet.Number}",
            Headline = sheet.Total,
            Paragraphs =
            [
                Greeting(words, invoice.Contact?.Name ?? invoice.Buyer?.Name),
                Said(intro, sheet.Number, sheet.SellerName, words.Amounts.LongDate(invoice.IssueDate)),
                .. sheet.Remarks,
                sheet.State,
            ],
            Button = sheet is { IsDue: true, PayUrl: not null } ? Said(words.Pay, sheet.Due) : words.View,
            ButtonUrl = sheet is { IsDue: true, PayUrl: { } pay } ? pay : portalUrl,
            Facts = [.. sheet.Dates.Concat(sheet.Totals).Concat(sheet.Transfer).DistinctBy(fact => fact.Label + fact.Value)],
            LineHeading = words.Description,
            AmountHeading = sheet.AmountHeading,
            Lines = [.. sheet.Lines.Take(MostLines).Select(line => new Fact($"{line.Quantity} × {Short(line.Name)}", line.Amount))],
            MoreLines = sheet.Lines.Count > MostLines ? Said(words.MoreLines, sheet.Lines.Count - MostLines) : "",
            After = [withUbl ? words.Attached : words.AttachedPdf],
            LinkInWords = words.LinkInWords,
            Feet = [sheet.SellerName, .. sheet.SellerLines, .. sheet.Feet],
            Offers = offers,
            CodeWord = words.OfferCode,
        };
    }

    /// <summary>
    /// A reminder of what is open, in the words of its step: one invoice with what a payer needs of it, or several in a list with their
    /// sum; what is claimed for late payment stands apart and is in no sum.
    /// </summary>
    public static MailSheet OfReminder(ReminderContent reminder, SellerBody seller, string payUrl, Words words, Picture? logo = null)
    {
        var (name, notice) = (NameOf(seller), NoticeWords.For(words));
        var due = words.Amounts.Of(reminder.AmountDue, reminder.Currency);
        var date = words.Amounts.LongDate(reminder.DueDate);
        var claimed = reminder.Claimed > 0m ? words.Amounts.Of(reminder.Claimed, reminder.Currency) : null;
        var (subject, intro) = SaidOf(reminder, notice, words, name, due, date);
        var tone = reminder.Tone switch
        {
            "friendly" => notice.FriendlyTone,
            "firm" => notice.FirmTone,
            _ => null,
        };
        return new MailSheet
        {
            Language = words.Language,
            Subject = subject,
            Preview = Said(words.IsDueNoDate, due),
            SellerName = name,
            Accent = Rendering.Accent.Of(seller.Branding?.Colour).Hex,
            Number = reminder.IsOfSeveral ? "" : reminder.Number,
            Logo = logo is null ? null : MailPicture.OfLogo(logo, name),
            Notices = seller.Environment == SellerEnvironment.Test ? [words.Test] : [],
            HeadlineLabel = words.Due,
            Headline = due,
            Paragraphs = [Greeting(words, reminder.Name), intro, .. tone is null ? Array.Empty<string>() : [tone]],
            Button = Said(words.Pay, due),
            ButtonUrl = payUrl,
            Facts =
            [
                .. reminder.IsOfSeveral
                    ? Array.Empty<Fact>()
                    :
                    [
                        new Fact(words.Invoice, reminder.Number),
                        new Fact(words.DueDate, date),
                        new Fact(words.Reference, reminder.PaymentReference),
                    ],
                .. claimed is null ? Array.Empty<Fact>() : [new Fact(notice.Claim, claimed)],
            ],
            LineHeading = reminder.IsOfSeveral ? words.Invoice : "",
            AmountHeading = reminder.IsOfSeveral ? words.Due : "",
            Lines = reminder.IsOfSeveral ? [.. reminder.Items.Take(MostLines).Select(item => LineOf(item, reminder.Currency, words))] : [],
            MoreLines = reminder.IsOfSeveral && reminder.Items.Count > MostLines ? Said(notice.More, reminder.Items.Count - MostLines) : "",
            After =
            [
                reminder.IsOfSeveral ? notice.ManyPaid : words.ReminderPaid,
                .. claimed is null ? Array.Empty<string>() : [Said(notice.ClaimNote, claimed)],
                .. reminder.Template is "firm" or "final" || reminder.IsOfSeveral ? [notice.Ask] : Array.Empty<string>(),
            ],
            LinkInWords = words.LinkInWords,
            Feet = FeetOf(seller),
        };
    }

    /// <summary>The link that signs a person in.</summary>
    public static MailSheet OfSignIn(SignInContent signIn, SellerBody? seller, Words words)
    {
        var name = seller is null ? "RetailInvoicing" : NameOf(seller);
        return new MailSheet
        {
            Language = words.Language,
            Subject = Said(words.SignInSubject, name),
            Preview = words.SignInExpires,
            SellerName = name,
            Accent = Rendering.Accent.Of(seller?.Branding?.Colour).Hex,
            Paragraphs = [words.HelloNobody, words.SignInIntro],
            Button = words.SignInButton,
            ButtonUrl = signIn.Link,
            After = [words.SignInExpires, words.SignInIgnore],
            LinkInWords = words.LinkInWords,
            Feet = seller is null ? [] : FeetOf(seller),
        };
    }

    /// <summary>Tells the seller's staff that a webhook is called no more, and what to do.</summary>
    public static MailSheet OfNotice(WebhookNoticeContent notice, SellerBody? seller, string portalUrl, Words words)
    {
        var name = seller is null ? "RetailInvoicing" : NameOf(seller);
        var why = notice.Reason == "gone" ? words.WebhookGone : words.WebhookFailing;
        return new MailSheet
        {
            Language = words.Language,
            Subject = Said(words.WebhookSubject, notice.WebhookId),
            Preview = why,
            SellerName = name,
            Accent = Rendering.Accent.Of(seller?.Branding?.Colour).Hex,
            Paragraphs = [words.HelloNobody, Said(words.WebhookIntro, notice.WebhookId), why, words.WebhookLost],
            Button = words.WebhookButton,
            ButtonUrl = portalUrl,
            Facts =
            [
                new("Webhook", notice.WebhookId),
                new(words.WebhookAddress, notice.Address),
                new(words.WebhookSince, DayOf(notice.Since, words)),
                .. notice.LastError is { Length: > 0 } error ? new[] { new Fact(words.WebhookError, Short(error)) } : [],
            ],
            LinkInWords = words.LinkInWords,
            Feet = seller is null ? [] : FeetOf(seller),
        };
    }

    /// <summary>The text part, complete.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var notice in Notices)
        {
            text.Append(notice).Append("\n\n");
        }

        if (Headline.Length > 0)
        {
            text.Append(HeadlineLabel).Append(": ").Append(Headline).Append("\n\n");
        }

        foreach (var paragraph in Paragraphs)
        {
            text.Append(paragraph).Append("\n\n");
        }

        text.Append(Button).Append(":\n").Append(ButtonUrl).Append("\n\n");
        Listed(Facts);
        Listed(Lines);
        if (MoreLines.Length > 0)
        {
            text.Append(MoreLines).Append("\n\n");
        }

        foreach (var paragraph in After)
        {
            text.Append(paragraph).Append("\n\n");
        }

        text.Append("-- \n");
        foreach (var line in Feet.DefaultIfEmpty(SellerName))
        {
            text.Append(line).Append('\n');
        }

        if (Offers is { } offers)
        {
            text.Append('\n').Append(offers.Label).Append(" · ").Append(offers.Heading).Append('\n');
            foreach (var offer in offers.Offers)
            {
                text.Append("\n* ").Append(offer.Title).Append('\n');
                Line("", offer.Text);
                Line("", offer.Because);
                Line($"{CodeWord}: ", offer.Code);
                Line("", offer.Until);
                Line("", offer.Url);
            }

            text.Append('\n').Append(offers.StopWords).Append(":\n").Append(offers.StopUrl).Append('\n');
        }

        return text.ToString();

        void Line(string before, string? said)
        {
            if (said is { Length: > 0 })
            {
                text.Append("  ").Append(before).Append(said).Append('\n');
            }
        }

        void Listed(IReadOnlyList<Fact> facts)
        {
            foreach (var (label, value, _) in facts)
            {
                text.Append(label).Append(": ").Append(value).Append('\n');
            }

            text.Append(facts.Count > 0 ? "\n" : "");
        }
    }

    /// <summary>Subject and first sentence of a reminder; of one invoice with its number and day, of several with how many they are.</summary>
    private static (string Subject, string Intro) SaidOf(
        ReminderContent reminder,
        NoticeWords notice,
        Words words,
        string seller,
        string due,
        string date
    )
    {
        if (reminder.IsOfSeveral)
        {
            var (manySubject, manyIntro) = reminder.Template switch
            {
                "before-due" => (notice.ManyBeforeSubject, notice.ManyBeforeIntro),
                "firm" => (notice.ManySubject, notice.ManyFirmIntro),
                "final" => (notice.ManyFinalSubject, notice.ManyFinalIntro),
                _ => (notice.ManySubject, notice.ManyIntro),
            };
            return (Said(manySubject, seller, reminder.Items.Count, due), Said(manyIntro, reminder.Items.Count, seller, due));
        }

        var (subject, intro) = reminder.Template switch
        {
            "before-due" => (notice.BeforeSubject, notice.BeforeIntro),
            "firm" => (notice.FirmSubject, notice.FirmIntro),
            "final" => (notice.FinalSubject, notice.FinalIntro),
            _ => (words.ReminderSubject, words.ReminderIntro),
        };
        return (Said(subject, seller, reminder.Number, due, date), Said(intro, reminder.Number, seller, date, due));
    }

    private static Fact LineOf(ReminderItem item, Currency currency, Words words) =>
        new($"{Short(item.Number)} · {words.DueDate}: {words.Amounts.LongDate(item.DueDate)}", words.Amounts.Of(item.AmountDue, currency));

    private static string DayOf(DateTimeOffset instant, Words words) =>
        $"{words.Amounts.Date(DateOnly.FromDateTime(instant.UtcDateTime))} {instant.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC";

    private static string NameOf(SellerBody seller) => seller.TradeName is { Length: > 0 } trade ? trade : seller.Name;

    private static string[] FeetOf(SellerBody seller) =>
        [.. new[] { seller.Name, seller.TaxId, seller.Email, seller.Phone }.OfType<string>().Where(line => line.Length > 0)];

    private static string Greeting(Words words, string? name) =>
        string.IsNullOrWhiteSpace(name) ? words.HelloNobody : Said(words.Hello, Short(name));

    private static string Short(string text) => text.Length <= 120 ? text : string.Concat(text.AsSpan(0, 119), "…");

    private static string Said(string words, params object[] values) => string.Format(CultureInfo.InvariantCulture, words, values);
}

/// <summary>A sign-in link: a secret, kept only until it is sent.</summary>
public sealed record SignInContent
{
    public required string Link { get; init; }
    public string? Language { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}
