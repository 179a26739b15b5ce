using System.Buffers;
using System.Text;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// Writes a record's elements without declaration and layout, in the characters that a reader gives back as they were: the form that
/// records have had from the start, byte for byte. Texts are sound already (<see cref="RecordText" />).
/// </summary>
internal sealed class RecordOutput
{
    private static readonly SearchValues<char> ToEscape = SearchValues.Create("&<>\r");

    private readonly StringBuilder _text = new(3072);

    /// <summary>Begins the record's own element.</summary>
    public void Root(string name) => _text.Append('<').Append(name).Append(" xmlns=\"").Append(RecordNames.Information).Append("\">");

    /// <summary>Begins an element that holds others.</summary>
    public void Start(string name) => _text.Append('<').Append(name).Append('>');

    /// <summary>Ends an element.</summary>
    public void End(string name) => _text.Append("</").Append(name).Append('>');

    /// <summary>An element with a text; left out where there is none.</summary>
    public void Element(string name, string? text)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length == 0)
        {
            _text.Append('<').Append(name).Append(" />");
            return;
        }

        Start(name);
        Escaped(text);
        End(name);
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    private void Escaped(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(ToEscape) is var at && at >= 0)
        {
            _text.Append(text[..at]);
            _text.Append(
                text[at] switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    _ => "&#xD;",
                }
            );
            text = text[(at + 1)..];
        }

        _text.Append(text);
    }
}
