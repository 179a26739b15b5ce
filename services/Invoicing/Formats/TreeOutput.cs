using System.Buffers;
using System.Globalization;
using System.Text;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Puts a UBL document straight into the tree that reading it would make, so that the rules judge it without its being written and read.
/// </summary>
internal sealed class TreeOutput(XmlTree tree) : XmlOutput
{
    private static readonly SearchValues<char> Doubtful = SearchValues.Create([
        .. Enumerable
            .Range(0, 0x10000)
            .Where(static each => each is >= 0xD800 and <= 0xDFFF || !XmlCharacters.IsLegal((uint)each))
            .Select(static each => (char)each),
    ]);

    private static readonly byte BasicSpace = Utf8Names.SpaceOf(Encoding.UTF8.GetBytes(Cbc.Space));
    private static readonly byte AggregateSpace = Utf8Names.SpaceOf(Encoding.UTF8.GetBytes(Cac.Space));

    private readonly int[] _open = new int[16];
    private int _depth = -1;
    private int _element = -1;

    /// <inheritdoc />
    public override void Declaration() { }

    /// <inheritdoc />
    public override Scope In(ReadOnlySpan<byte> name)
    {
        Open(name);
        _open[++_depth] = _element;
        return new Scope(this, name);
    }

    /// <inheritdoc />
    public override void Attribute(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null && tree[_element].Name.IsKnown && !name.StartsWith("xmlns"u8))
        {
            tree.AddAttribute(Utf8Names.Find(name, 0, name.Length, Utf8Names.NoSpace), Sound(value));
        }
    }

    /// <inheritdoc />
    public override void Text(ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            Open(name);
            Content(text);
            tree.Close(_element);
        }
    }

    /// <inheritdoc />
    public override void Text(ReadOnlySpan<byte> name, string? text, ReadOnlySpan<byte> attribute, string? value)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            Open(name);
            Attribute(attribute, value);
            Content(text);
            tree.Close(_element);
        }
    }

    /// <inheritdoc />
    public override void Number(ReadOnlySpan<byte> name, decimal? number, ReadOnlySpan<byte> attribute = default, string? value = null)
    {
        if (number is { } given)
        {
            Formatted(name, given, "", attribute, value);
        }
    }

    /// <inheritdoc />
    public override void Date(
        ReadOnlySpan<byte> name,
        DateOnly? date,
        string form = "yyyy-MM-dd",
        ReadOnlySpan<byte> attribute = default,
        string? value = null
    )
    {
        if (date is { } given)
        {
            Formatted(name, given, form, attribute, value);
        }
    }

    /// <inheritdoc />
    public override void Content(string text)
    {
        if (tree[_element].Name.IsKnown)
        {
            Say(Sound(text));
        }
    }

    /// <inheritdoc />
    public override void Base64(ReadOnlySpan<byte> content)
    {
        if (tree[_element].Name.IsKnown)
        {
            Say(Convert.ToBase64String(content));
        }
    }

    /// <inheritdoc />
    protected override void Leave(ReadOnlySpan<byte> name) => tree.Close(_open[_depth--]);

    private void Open(ReadOnlySpan<byte> name)
    {
        var (start, space) =
            name.StartsWith("cbc:"u8) ? (4, BasicSpace)
            : name.StartsWith("cac:"u8) ? (4, AggregateSpace)
            : (0, Utf8Names.SpaceOf(name.SequenceEqual("CreditNote"u8) ? UblWriter.CreditNoteSpace : UblWriter.InvoiceSpace));
        var known = Utf8Names.Find(name, start, name.Length, space);
        var parent = _depth < 0 ? -1 : _open[_depth];
        _element =
            tree.StandIn(known, parent) is >= 0 and var standIn ? standIn
            : known.IsKnown ? tree.Open(known, parent, null)
            : tree.Open(known, parent, Encoding.ASCII.GetString(name));
    }

    private void Formatted<T>(ReadOnlySpan<byte> name, T value, string form, ReadOnlySpan<byte> attribute, string? attributeValue)
        where T : ISpanFormattable
    {
        Open(name);
        if (!attribute.IsEmpty)
        {
            Attribute(attribute, attributeValue);
        }

        if (tree[_element].Name.IsKnown)
        {
            var (buffer, length) = tree.Room(48);
            value.TryFormat(buffer.AsSpan(length), out var written, form, CultureInfo.InvariantCulture);
            tree.Wrote(written);
        }

        tree.Close(_element);
    }

    private void Say(ReadOnlySpan<char> text)
    {
        var (buffer, length) = tree.Room(text.Length);
        text.CopyTo(buffer.AsSpan(length));
        tree.Wrote(text.Length);
    }

    /// <summary>As it would be read again: what XML cannot hold, and half a pair, is U+FFFD.</summary>
    private static ReadOnlySpan<char> Sound(string text)
    {
        if (!text.AsSpan().ContainsAny(Doubtful))
        {
            return text;
        }

        var sound = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            sound.Append(XmlCharacters.IsLegal((uint)rune.Value) ? rune : Rune.ReplacementChar);
        }

        return sound.ToString();
    }
}
