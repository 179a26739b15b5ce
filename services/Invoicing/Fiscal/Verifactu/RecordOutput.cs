using System.Buffers;
using System.Text;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// Writes a record's elements without declaration and layout, in the characters that a reader gives back as they were: the form that
/// records have had from the start, byte for byte. Texts are sound already (<see cref="RecordText" />).
/// </summary>
internal sealed class RecordOutput
{
    private const int MostSpare = 64 * 1024;

    private static readonly SearchValues<char> ToEscape = SearchValues.Create("&<>\r");

    // A record is written in one go: the next one on this thread is written over it.
    [ThreadStatic]
    private static StringBuilder? _spare;

    private readonly StringBuilder _text;

    /// <summary>An empty record.</summary>
    public RecordOutput()
    {
        _text = _spare?.Clear() ?? new StringBuilder(4096);
        _spare = null;
    }

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

    /// <summary>What was written; nothing may be written after.</summary>
    public string Written()
    {
        var written = _text.ToString();
        _spare = _text.Capacity <= MostSpare ? _text : null;
        return written;
    }

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
