using System.Globalization;
using System.Text;
using RetailInvoicing.Contracts;
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

    /// <summary>The mail an invoice goes out with: the state first, one button, what was bought, what is attached.</summary>
    public static MailSheet OfInvoice(InvoiceSheet sheet, InvoiceBody invoice, string portalUrl, bool withUbl = true)
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
        };
    }

    /// <summary>A reminder of what is open.</summary>
    public static MailSheet OfReminder(ReminderContent reminder, SellerBody seller, string payUrl, Words words)
    {
        var name = NameOf(seller);
        var due = words.Amounts.Of(reminder.AmountDue, reminder.Currency);
        var date = words.Amounts.LongDate(reminder.DueDate);
        return new MailSheet
        {
            Language = words.Language,
            Subject = Said(words.ReminderSubject, name, reminder.Number, due),
            Preview = Said(words.IsDueNoDate, due),
            SellerName = name,
            Accent = Rendering.Accent.Of(seller.Branding?.Colour).Hex,
            Notices = seller.Environment == SellerEnvironment.Test ? [words.Test] : [],
            HeadlineLabel = words.Due,
            Headline = due,
            Paragraphs = [Greeting(words, reminder.Name), Said(words.ReminderIntro, reminder.Number, name, date, due)],
            Button = Said(words.Pay, due),
            ButtonUrl = payUrl,
            Facts = [new(words.Invoice, reminder.Number), new(words.DueDate, date), new(words.Reference, reminder.PaymentReference)],
            After = [words.ReminderPaid],
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

        return text.ToString();

        void Listed(IReadOnlyList<Fact> facts)
        {
            foreach (var (label, value, _) in facts)
            {
                text.Append(label).Append(": ").Append(value).Append('\n');
            }

            text.Append(facts.Count > 0 ? "\n" : "");
        }
    }

    private static string NameOf(SellerBody seller) => seller.TradeName is { Length: > 0 } trade ? trade : seller.Name;

    private static string[] FeetOf(SellerBody seller) =>
        [.. new[] { seller.Name, seller.TaxId, seller.Email, seller.Phone }.OfType<string>().Where(line => line.Length > 0)];

    private static string Greeting(Words words, string? name) =>
        string.IsNullOrWhiteSpace(name) ? words.HelloNobody : Said(words.Hello, Short(name));

    private static string Short(string text) => text.Length <= 120 ? text : string.Concat(text.AsSpan(0, 119), "…");

    private static string Said(string words, params object[] values) => string.Format(CultureInfo.InvariantCulture, words, values);
}

/// <summary>What a reminder is about, as Collections asked for it.</summary>
public sealed record ReminderContent
{
    public required string Number { get; init; }
    public string? Name { get; init; }
    public string? Language { get; init; }
    public required Currency Currency { get; init; }
    public required decimal AmountDue { get; init; }
    public required DateOnly DueDate { get; init; }
    public required string PaymentReference { get; init; }
}

/// <summary>A sign-in link: a secret, kept only until it is sent.</summary>
public sealed record SignInContent
{
    public required string Link { get; init; }
    public string? Language { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}
