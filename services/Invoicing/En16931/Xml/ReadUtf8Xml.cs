using System.Text;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>
/// Reads a document of UTF-8 from its bytes into a tree, without a string for a name or a text. It takes what XML 1.0 lets pass and no
/// more; whatever else it meets it gives up on, and the platform's reader says what that is.
/// </summary>
internal ref partial struct ReadUtf8Xml(ReadOnlySpan<byte> document, XmlTree tree, Utf8Scopes scopes)
{
    /// <summary>Longer white space the platform's reader may take for text, by where its buffers end.</summary>
    private const int MostWhiteSpace = 2048;

    private readonly ReadOnlySpan<byte> _document = document;
    private readonly XmlTree _tree = tree;
    private readonly Utf8Scopes _scopes = scopes;
    private int _at;

    /// <summary>Fills the tree; false where it gives up.</summary>
    public bool Read()
    {
        _scopes.Clear();
        if (_document.Length > ReadAnyXml.MostCharacters || !XmlCharacters.AreLegal(_document) || !Declaration())
        {
            return false;
        }

        while (_at < _document.Length)
        {
            if (!(_document[_at] == (byte)'<' ? Markup() : Text()))
            {
                return false;
            }
        }

        return _scopes.Depth == 0 && _tree.Count > 0;
    }

    private bool Markup() =>
        At(_at + 1) switch
        {
            (byte)'/' => EndTag(),
            (byte)'!' => IsAt(_at, "<!--"u8) ? Comment() : IsAt(_at, "<![CDATA["u8) && CData(),
            (byte)'?' => Instruction(),
            _ => StartTag(),
        };

    private bool EndTag()
    {
        if (_scopes.Depth == 0)
        {
            return false;
        }

        ref readonly var open = ref _scopes.Innermost;
        var name = _at + 2;
        if (!IsAt(name, open.Name.Of(_document)))
        {
            return false;
        }

        var end = AfterWhiteSpace(name + open.Name.Length);
        _tree.Close(open.Element);
        _scopes.Close();
        _at = end + 1;
        return At(end) == (byte)'>';
    }

    private bool Comment()
    {
        var start = _at + "<!--".Length;
        var length = _document[start..].IndexOf("--"u8);
        _at = start + length + "-->".Length;
        return length >= 0 && At(start + length + "--".Length) == (byte)'>';
    }

    private bool CData()
    {
        var start = _at + "<![CDATA[".Length;
        var length = _document[start..].IndexOf("]]>"u8);
        if (length < 0 || _scopes.Depth == 0)
        {
            return false;
        }

        if (_scopes.Innermost.KeepsText)
        {
            var (buffer, from) = _tree.Room(length);
            _tree.Wrote(Utf8Text.Decode(_document.Slice(start, length), buffer.AsSpan(from), Utf8Text.Within.CData));
        }

        _at = start + length + "]]>".Length;
        return true;
    }

    private bool Instruction()
    {
        var start = _at + "<?".Length;
        var end = EndOfName(start, out var colon);
        if (end < 0 || colon >= 0 || Ascii.EqualsIgnoreCase(_document[start..end], "xml"u8))
        {
            return false;
        }

        var length = _document[end..].IndexOf("?>"u8);
        _at = end + length + "?>".Length;
        return length == 0 || (length > 0 && XmlCharacters.IsWhiteSpace(_document[end]));
    }

    private bool Text()
    {
        var rest = _document[_at..];
        if (_scopes.Depth == 0)
        {
            _at = AfterWhiteSpace(_at);
            return _at == _document.Length || _document[_at] == (byte)'<';
        }

        ref readonly var open = ref _scopes.Innermost;
        if (open.KeepsText)
        {
            return KeptText(rest, open.Element);
        }

        var length = rest.IndexOf((byte)'<');
        _at += length;
        return length >= 0 && Utf8Text.IsLegal(rest[..length], Utf8Text.Within.Element);
    }

    private bool KeptText(ReadOnlySpan<byte> rest, int element)
    {
        var (buffer, from) = _tree.Room(64);
        var written = Utf8Text.CopyPlain(rest, buffer.AsSpan(from), out var isWhiteSpace);
        var length = written;
        if (written < 0)
        {
            length = rest.IndexOf((byte)'<');
            if (length < 0)
            {
                return false;
            }

            (buffer, from) = _tree.Room(length);
            written = Utf8Text.Decode(rest[..length], buffer.AsSpan(from), Utf8Text.Within.Element);
            if (written < 0)
            {
                return false;
            }

            isWhiteSpace = !buffer.AsSpan(from, written).ContainsAnyExcept(XmlCharacters.WhiteSpace);
        }

        _at += length;
        if (!isWhiteSpace)
        {
            _tree.Wrote(written);
            return true;
        }

        // What a start tag would take back is not written.
        if (_tree.KeepsWhiteSpace(element) && !(_tree.IsSilent(element) && XmlCharacters.BeginsNames(At(_at + 1))))
        {
            _tree.Wrote(written);
        }

        return written <= MostWhiteSpace;
    }

    /// <summary>The byte there; none of XML's where the document has ended.</summary>
    private readonly byte At(int at) => at < _document.Length ? _document[at] : (byte)0;

    private readonly bool IsAt(int at, ReadOnlySpan<byte> bytes) => at <= _document.Length && _document[at..].StartsWith(bytes);

    private readonly int AfterWhiteSpace(int at)
    {
        while (at < _document.Length && XmlCharacters.IsWhiteSpace(_document[at]))
        {
            at++;
        }

        return at;
    }
}
