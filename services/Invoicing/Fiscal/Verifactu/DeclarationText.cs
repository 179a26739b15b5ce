using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>A declaration as people read it: a page, or plain text.</summary>
public static class DeclarationText
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>A page of HTML by itself: the declaration in Spanish, each item followed by its reading aid in English.</summary>
    public static string ToHtml(this ResponsibleDeclaration declaration)
    {
        var html = new StringBuilder(
            "<!DOCTYPE html>\n<html lang=\"es\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + $"<title>{Escaped(ResponsibleDeclaration.Title)}</title><style>"
                + "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.25rem}"
                + "h2{font-size:1rem;margin:1.5rem 0 .25rem}p{margin:.25rem 0;white-space:pre-line}[lang=en]{color:#555;font-size:.875rem}"
                + "</style></head>\n<body>\n"
        );
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h1>{Escaped(ResponsibleDeclaration.Title)}</h1>\n<p lang=\"en\">{Escaped(ResponsibleDeclaration.TitleInEnglish)}</p>\n"
        );
        if (declaration.Notice is var (spanish, english))
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<p role=\"alert\"><strong>{Escaped(spanish)}</strong></p>\n<p lang=\"en\">{Escaped(english)}</p>\n"
            );
        }

        foreach (var item in declaration.Items)
        {
            Add(html, item);
        }

        html.Append("<h1>ANEXO</h1>\n<p lang=\"en\">Annex</p>\n");
        foreach (var item in declaration.Annex)
        {
            Add(html, item);
        }

        return html.Append("</body></html>\n").ToString();
    }

    /// <summary>Plain text: in Spanish the declaration, in English its reading aid.</summary>
    public static string ToPlainText(this ResponsibleDeclaration declaration, bool inEnglish = false)
    {
        var text = new StringBuilder(inEnglish ? ResponsibleDeclaration.TitleInEnglish : ResponsibleDeclaration.Title);
        text.Append("\n\n");
        if (declaration.Notice is var (spanish, english))
        {
            text.Append(inEnglish ? english : spanish).Append("\n\n");
        }

        foreach (var item in declaration.Items)
        {
            Add(text, item, inEnglish);
        }

        text.Append(inEnglish ? "ANNEX\n\n" : "ANEXO\n\n");
        foreach (var item in declaration.Annex)
        {
            Add(text, item, inEnglish);
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static void Add(StringBuilder html, DeclarationItem item)
    {
        html.Append(
            CultureInfo.InvariantCulture,
            $"<section id=\"{item.Letter.Replace('.', '-')}\">\n<h2>{Escaped(Headed(item.Letter, item.Title))}</h2>\n"
        );
        html.Append(CultureInfo.InvariantCulture, $"<p>{Escaped(item.Text)}</p>\n");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p lang=\"en\">{Escaped(item.TitleInEnglish.Length > 0 ? $"{item.TitleInEnglish}: {item.TextInEnglish}" : item.TextInEnglish)}</p>\n"
        );
        html.Append("</section>\n");
    }

    private static void Add(StringBuilder text, DeclarationItem item, bool inEnglish) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Headed(item.Letter, inEnglish ? item.TitleInEnglish : item.Title)}\n{(inEnglish ? item.TextInEnglish : item.Text)}\n\n"
        );

    private static string Headed(string letter, string title) => title.Length > 0 ? $"{letter}) {title}:" : $"{letter})";

    private static string Escaped(string text) => Html.Encode(text);
}
