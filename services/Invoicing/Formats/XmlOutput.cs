using System.Buffers;
using System.Globalization;
using System.Text;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Writes a document as UTF-8, indented, straight into memory that is used again: names are constants, texts are escaped, and a character
/// that XML cannot hold becomes U+FFFD.
/// </summary>
internal class XmlOutput : IDisposable
{
    private static readonly SearchValues<char> ToEscape = SearchValues.Create(
        "&<>\"\r\n\t\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\ufffe\uffff"
    );

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _length;
    private int _depth;
    private bool _isOpen;
    private bool _hasContent;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>The declaration that every document begins with.</summary>
    public virtual void Declaration() => Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>"u8);

    /// <summary>An element that holds others; it ends with the scope.</summary>
    public virtual Scope In(ReadOnlySpan<byte> name)
    {
        Open(name);
        _depth++;
        return new Scope(this, name);
    }

    /// <summary>An attribute of the element just begun.</summary>
    public virtual void Attribute(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            return;
        }

        Raw(" "u8);
        Raw(name);
        Raw("=\""u8);
        Escaped(value, isAttribute: true);
        Raw("\""u8);
    }

    /// <summary>An element with a text; left out where there is none.</summary>
    public virtual void Text(ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            Open(name);
            Escaped(text);
            Close(name);
        }
    }

    /// <summary>An element with a text and an attribute; the attribute is left out where it has no value, the element where it has no text.</summary>
    public virtual void Text(ReadOnlySpan<byte> name, string? text, ReadOnlySpan<byte> attribute, string? value)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            Open(name);
            Attribute(attribute, value);
            Escaped(text);
            Close(name);
        }
    }

    /// <summary>An element with a number as it is, its decimals included; left out where there is none.</summary>
    public virtual void Number(ReadOnlySpan<byte> name, decimal? number, ReadOnlySpan<byte> attribute = default, string? value = null)
    {
        if (number is not { } given)
        {
            return;
        }

        Open(name);
        if (!attribute.IsEmpty)
        {
            Attribute(attribute, value);
        }

        EndTag();
        Room(40);
        given.TryFormat(_bytes.AsSpan(_length), out var written, default, CultureInfo.InvariantCulture);
        _length += written;
        Close(name);
    }

    /// <summary>An element with a day, 2026-11-23 unless another form is asked for; left out where there is none.</summary>
    public virtual void Date(
        ReadOnlySpan<byte> name,
        DateOnly? date,
        string form = "yyyy-MM-dd",
        ReadOnlySpan<byte> attribute = default,
        string? value = null
    )
    {
        if (date is not { } given)
        {
            return;
        }

        Open(name);
        if (!attribute.IsEmpty)
        {
            Attribute(attribute, value);
        }

        EndTag();
        Room(16);
        given.TryFormat(_bytes.AsSpan(_length), out var written, form, CultureInfo.InvariantCulture);
        _length += written;
        Close(name);
    }

    /// <summary>A text inside the element just begun.</summary>
    public virtual void Content(string text)
    {
        Escaped(text);
        _hasContent = true;
    }

    /// <summary>Bytes as base64 inside the element just begun.</summary>
    public virtual void Base64(ReadOnlySpan<byte> content)
    {
        EndTag();
        Room(Base64Length(content.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(content, _bytes.AsSpan(_length), out _, out var written);
        _length += written;
        _hasContent = true;
    }

    /// <inheritdoc />
    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private static int Base64Length(int length) => System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(length);

    private void Open(ReadOnlySpan<byte> name)
    {
        EndTag();
        NewLine();
        Raw("<"u8);
        Raw(name);
        (_isOpen, _hasContent) = (true, false);
    }

    private void Close(ReadOnlySpan<byte> name)
    {
        EndTag();
        Raw("</"u8);
        Raw(name);
        Raw(">"u8);
        _hasContent = false;
    }

    private void EndTag()
    {
        if (_isOpen)
        {
            Raw(">"u8);
            _isOpen = false;
        }
    }

    /// <summary>Ends the element that was begun last and is open.</summary>
    protected virtual void Leave(ReadOnlySpan<byte> name)
    {
        _depth--;
        if (!_isOpen && !_hasContent)
        {
            NewLine();
        }

        Close(name);
    }

    private void NewLine()
    {
        Room(1 + _depth * 2);
        _bytes[_length++] = (byte)'\n';
        _bytes.AsSpan(_length, _depth * 2).Fill((byte)' ');
        _length += _depth * 2;
    }

    private void Escaped(ReadOnlySpan<char> text, bool isAttribute = false)
    {
        if (!isAttribute)
        {
            EndTag();
        }

        while (text.IndexOfAny(ToEscape) is var at && at >= 0)
        {
            Utf8(text[..at]);
            Raw(
                text[at] switch
                {
                    '&' => "&amp;"u8,
                    '<' => "&lt;"u8,
                    '>' => "&gt;"u8,
                    '"' => isAttribute ? "&quot;"u8 : "\""u8,
                    '\r' => "&#xD;"u8,
                    '\n' => isAttribute ? "&#xA;"u8 : "\n"u8,
                    '\t' => isAttribute ? "&#x9;"u8 : "\t"u8,
                    _ => "\uFFFD"u8,
                }
            );
            text = text[(at + 1)..];
        }

        Utf8(text);
    }

    private void Utf8(ReadOnlySpan<char> text)
    {
        Room(Encoding.UTF8.GetMaxByteCount(text.Length));
        // Half a pair becomes U+FFFD, too.
        System.Text.Unicode.Utf8.FromUtf16(text, _bytes.AsSpan(_length), out _, out var written, replaceInvalidSequences: true);
        _length += written;
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Room(int more)
    {
        if (_length + more <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    /// <summary>An element that is open as long as the scope.</summary>
    public readonly ref struct Scope(XmlOutput output, ReadOnlySpan<byte> name) : IDisposable
    {
        private readonly ReadOnlySpan<byte> _name = name;

        public void Dispose() => output.Leave(_name);
    }
}
