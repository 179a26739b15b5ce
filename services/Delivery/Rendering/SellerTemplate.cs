using System.Globalization;
using Fluid;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// A seller's own template. What it writes is looked at each time before anyone sees it: that it is not too much, that it only shows, and
/// that what has to be there is there.
/// </summary>
public sealed class SellerTemplate
{
    /// <summary>Most characters that it may write, the logo of a page apart.</summary>
    public const int MostWritten = 1_000_000;

    private static readonly Type[] Known =
    [
        typeof(InvoiceSheet),
        typeof(InvoiceSheet.Fact),
        typeof(InvoiceSheet.Line),
        typeof(InvoiceSheet.VatRow),
        typeof(MailPicture),
        typeof(MailSheet),
        typeof(Offer),
        typeof(OfferBlock),
        typeof(PageSheet),
        typeof(Words),
    ];

    // What no template shows: pictures' bytes, and how amounts are written.
    private static readonly HashSet<string> Hidden = ["Amounts", "Content", "Currency", "IssuedAt", "OneClickUrl"];

    private static readonly TemplateOptions Options = Safe();
    private static readonly HashSet<string> MailRoots = NamesOf(typeof(MailSheet));
    private static readonly HashSet<string> PageRoots = NamesOf(typeof(PageSheet));
    private static readonly HashSet<string> Members =
    [
        .. Known.SelectMany(type => NamesOf(type)),
        "first",
        "index",
        "index0",
        "last",
        "length",
        "rindex",
        "rindex0",
        "size",
    ];

    private readonly IFluidTemplate _template;

    private SellerTemplate(IFluidTemplate template) => _template = template;

    /// <summary>The template of a source, or why it is none.</summary>
    public static Outcome<SellerTemplate> Of(string name, string source)
    {
        if (name is not (Templates.Mail or Templates.Page))
        {
            return DeliveryFaults.NoTemplate.With(name);
        }

        if (TemplateSource.Refuse(source, name == Templates.Mail ? MailRoots : PageRoots, Members) is { } refused)
        {
            return refused;
        }

        return Templates.Parser.TryParse(source, out var template, out var error)
            ? new SellerTemplate(template)
            : DeliveryFaults.BadTemplate.With(error);
    }

    /// <summary>The HTML of a mail.</summary>
    public Outcome<string> Html(MailSheet mail) =>
        Checked(
            Written(mail, MostWritten),
            [
                ("Number", mail.Number),
                ("Headline", mail.Headline),
                .. mail.Notices.Select(notice => ("Notices", notice)),
                ("Offers.Label", mail.Offers?.Label ?? ""),
            ],
            [("ButtonUrl", mail.ButtonUrl), ("Offers.StopUrl", mail.Offers?.StopUrl ?? "")]
        );

    /// <summary>The HTML of an invoice's page.</summary>
    public Outcome<string> Html(PageSheet page)
    {
        var sheet = page.Sheet;
        var hasQr = page.QrPath is not null;
        return Checked(
            Written(page, MostWritten + 2 * (page.LogoUri?.Length ?? 0)),
            [
                ("Sheet.Number", sheet.Number),
                ("Sheet.SellerName", sheet.SellerName),
                ("Sheet.Total", sheet.Total),
                .. sheet.Dates.Select(date => ("Sheet.Dates", date.Value)),
                .. sheet.Notices.Select(notice => ("Sheet.Notices", notice)),
                .. sheet.VatRows.Select(row => ("Sheet.VatRows", row.VatAmount)),
                ("Sheet.Words.QrAbove", hasQr ? sheet.Words.QrAbove : ""),
                ("Sheet.Words.QrBelow", hasQr && sheet.Verifiable ? sheet.Words.QrBelow : ""),
            ],
            [("QrPath", page.QrPath ?? ""), ("Sheet.PayUrl", sheet is { IsDue: true, PayUrl: { } pay } ? pay : "")]
        );
    }

    /// <summary>What was written, where it only shows, and where the texts can be read on it and the rest stands in it.</summary>
    private static Outcome<string> Checked(
        Outcome<string> written,
        IEnumerable<(string Name, string Text)> texts,
        IEnumerable<(string Name, string Text)> rest
    )
    {
        if (written.Refused(out _))
        {
            return written;
        }

        var html = written.Value;
        if (CleanHtml.Refuse(html) is { } unsafeHtml)
        {
            return DeliveryFaults.UnsafeHtml.With(unsafeHtml);
        }

        if ((Lacking(CleanHtml.TextOf(html), texts) ?? Lacking(html, rest)) is { } lacking)
        {
            return DeliveryFaults.TemplateLacks.With(lacking);
        }

        return html;
    }

    private static string? Lacking(string written, IEnumerable<(string Name, string Text)> musts)
    {
        foreach (var (name, text) in musts)
        {
            if (text.Length > 0 && !written.Contains(Templates.Encoder.Encode(text), StringComparison.Ordinal))
            {
                return name;
            }
        }

        return null;
    }

    private Outcome<string> Written(object sheet, int most)
    {
        using var bounded = new Bounded(most);
        try
        {
            // The overload that is said to take its place is not in this version, and the other synchronous ones bound nothing.
#pragma warning disable CS0618
            _template.Render(new TemplateContext(sheet, Options), Templates.Encoder, bounded);
#pragma warning restore CS0618
            return bounded.ToString();
        }
        catch (Exception failed)
        {
            // Whatever a template does wrong is its own fault, and no reason for anything else to stop.
            return DeliveryFaults.TemplateFails.With(failed.Message);
        }
    }

    private static TemplateOptions Safe()
    {
        var options = new TemplateOptions { MaxSteps = 200_000, MaxRecursion = 10 };
        foreach (var type in Known)
        {
            options.MemberAccessStrategy.Register(type, NamesOf(type).ToArray());
        }

        return options;
    }

    private static HashSet<string> NamesOf(Type type) =>
        [.. type.GetProperties().Select(each => each.Name).Where(name => !Hidden.Contains(name))];

    /// <summary>Text up to so many characters; more is a failure of whoever writes it.</summary>
    private sealed class Bounded(int most) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value)
        {
            Room(1);
            GetStringBuilder().Append(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Room(count);
            GetStringBuilder().Append(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Room(buffer.Length);
            GetStringBuilder().Append(buffer);
        }

        public override void Write(string? value)
        {
            Room(value?.Length ?? 0);
            GetStringBuilder().Append(value);
        }

        private void Room(int more)
        {
            if (GetStringBuilder().Length + more > most)
            {
                throw new InvalidOperationException($"more than {most} characters are written");
            }
        }
    }
}
