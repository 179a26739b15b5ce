using System.Text;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <content>Declarations: of XML and its encoding at the very start, and of namespaces in tags.</content>
internal ref partial struct ReadUtf8Xml
{
    /// <summary>Takes a byte order mark and the XML declaration where they are; false where they say anything but XML 1.0 in UTF-8.</summary>
    private bool Declaration()
    {
        _at = _document.StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0;
        if (!IsAt(_at, "<?xml"u8) || !XmlCharacters.IsWhiteSpace(At(_at + "<?xml".Length)))
        {
            return true;
        }

        _at += "<?xml".Length;
        if (!TrySays("version"u8, out var version) || !version.SequenceEqual("1.0"u8))
        {
            return false;
        }

        if (TrySays("encoding"u8, out var encoding) && !Ascii.EqualsIgnoreCase(encoding, "utf-8"u8))
        {
            return false;
        }

        if (TrySays("standalone"u8, out var standalone) && !standalone.SequenceEqual("yes"u8) && !standalone.SequenceEqual("no"u8))
        {
            return false;
        }

        _at = AfterWhiteSpace(_at);
        var ends = IsAt(_at, "?>"u8);
        _at += "?>".Length;
        return ends;
    }

    /// <summary>What the declaration says of something, where it does so next.</summary>
    private bool TrySays(ReadOnlySpan<byte> what, out ReadOnlySpan<byte> value)
    {
        value = default;
        var start = AfterWhiteSpace(_at);
        if (start == _at || !IsAt(start, what))
        {
            return false;
        }

        var equals = AfterWhiteSpace(start + what.Length);
        var quote = AfterWhiteSpace(equals + 1);
        if (At(equals) != (byte)'=' || At(quote) is not ((byte)'"' or (byte)'\''))
        {
            return false;
        }

        var length = _document[(quote + 1)..].IndexOf(_document[quote]);
        if (length < 0)
        {
            return false;
        }

        value = _document.Slice(quote + 1, length);
        _at = quote + 1 + length + 1;
        return true;
    }

    /// <summary>Binds what a tag's attributes declare, then finds their namespaces; false where one stands twice or has an unbound prefix.</summary>
    private readonly bool Bind(int count)
    {
        var attributes = _scopes.Attributes.AsSpan(0, count);
        foreach (ref var each in attributes)
        {
            var first = each.Name with { End = each.Colon < 0 ? each.Name.End : each.Colon };
            each.IsDeclaration = first.Of(_document).SequenceEqual("xmlns"u8);
            if (each.IsDeclaration && !Declare(each))
            {
                return false;
            }
        }

        for (var at = 0; at < count; at++)
        {
            if ((attributes[at].Colon >= 0 && !attributes[at].IsDeclaration && !Resolve(ref attributes[at])) || StoodBefore(attributes, at))
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool Declare(in WrittenAttribute declared)
    {
        var prefix = declared.Colon < 0 ? default : declared.Local;
        var name = prefix.Of(_document);
        var uri = declared.Value.Of(_document);
        // XML's own prefixes and namespaces have rules of their own, and nobody needs to declare them.
        return declared.IsPlain
            && (!uri.IsEmpty || name.IsEmpty)
            && !name.SequenceEqual("xml"u8)
            && !name.SequenceEqual("xmlns"u8)
            && !uri.SequenceEqual("http://www.w3.org/XML/1998/namespace"u8)
            && !uri.SequenceEqual("http://www.w3.org/2000/xmlns/"u8)
            && _scopes.TryBind(
                new Binding(Utf8Names.Beginning(_document, prefix.Start, prefix.End), prefix, declared.Value, Utf8Names.SpaceOf(uri))
            );
    }

    private readonly bool Resolve(ref WrittenAttribute attribute)
    {
        var prefix = attribute.Name with { End = attribute.Colon };
        if (prefix.Of(_document).SequenceEqual("xml"u8))
        {
            // xml:space gives white space another meaning; the others have none here.
            return !attribute.Local.Of(_document).SequenceEqual("space"u8);
        }

        var binding = _scopes.Find(_document, prefix.Start, prefix.End);
        attribute.Space = binding < 0 ? default : _scopes[binding].Uri;
        return binding >= 0;
    }

    private readonly bool StoodBefore(ReadOnlySpan<WrittenAttribute> attributes, int at)
    {
        ref readonly var later = ref attributes[at];
        foreach (ref readonly var each in attributes[..at])
        {
            var isOfTheSpace =
                each.Colon >= 0
                && later.Colon >= 0
                && !each.IsDeclaration
                && !later.IsDeclaration
                && each.Local.Of(_document).SequenceEqual(later.Local.Of(_document))
                && each.Space.Of(_document).SequenceEqual(later.Space.Of(_document));
            if (isOfTheSpace || each.Name.Of(_document).SequenceEqual(later.Name.Of(_document)))
            {
                return true;
            }
        }

        return false;
    }
}
