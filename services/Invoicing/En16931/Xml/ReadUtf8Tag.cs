using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <content>Start tags: the element's name, its attributes and what they bind.</content>
internal ref partial struct ReadUtf8Xml
{
    private static readonly SearchValues<byte> InDoubleQuotes = SearchValues.Create("\"&\r\n\t<"u8);
    private static readonly SearchValues<byte> InSingleQuotes = SearchValues.Create("'&\r\n\t<"u8);

    private bool StartTag()
    {
        var start = _at + 1;
        var end = EndOfTagName(start, out var colon);
        if (end <= start || _scopes.IsFull || (_scopes.Depth == 0 && _tree.Count > 0))
        {
            return false;
        }

        var boundBefore = _scopes.Bound;
        _at = end;
        var attributes = 0;
        if (_document[end] != (byte)'>' && (!Attributes(out attributes) || !Bind(attributes)))
        {
            return false;
        }

        var isEmpty = _document[_at] == (byte)'/';
        _at += isEmpty ? 2 : 1;
        if ((isEmpty && At(_at - 1) != (byte)'>') || !TryName(start, end, colon, out var known))
        {
            return false;
        }

        var element = ElementOf(known, start, end, attributes);
        if (isEmpty)
        {
            _tree.Close(element);
            _scopes.Forget(boundBefore);
        }
        else
        {
            _scopes.Open(new OpenElement(element, new Part(start, end), _tree[element].Name.IsKnown, boundBefore));
        }

        return true;
    }

    /// <summary>The element of the tree that the tag opens, or that stands for it.</summary>
    private readonly int ElementOf(Name known, int start, int end, int attributes)
    {
        var parent = _scopes.Depth == 0 ? -1 : _scopes.Innermost.Element;
        if (_tree.StandIn(known, parent) is >= 0 and var standIn)
        {
            return standIn;
        }

        if (!known.IsKnown)
        {
            return _tree.Open(known, parent, Encoding.ASCII.GetString(_document[start..end]));
        }

        var element = _tree.Open(known, parent, null);
        foreach (ref readonly var each in _scopes.Attributes.AsSpan(0, attributes))
        {
            if (each.Colon < 0 && !each.IsDeclaration)
            {
                var value = each.Value.Of(_document);
                var written = Utf8Text.Decode(value, _tree.RoomForValue(value.Length), Utf8Text.Within.Attribute);
                _tree.AddAttribute(Utf8Names.Find(_document, each.Name.Start, each.Name.End, Utf8Names.NoSpace), written);
            }
        }

        return element;
    }

    /// <summary>The name of an element; false where its prefix is not bound or it is none.</summary>
    private readonly bool TryName(int start, int end, int colon, out Name known)
    {
        known = default;
        var binding = colon == start ? -1 : _scopes.Find(_document, start, Math.Max(start, colon));
        if (binding < 0)
        {
            return false;
        }

        var local = colon < 0 ? start : colon + 1;
        known = Utf8Names.Find(_document, local, end, _scopes[binding].Space);
        return known.IsKnown || XmlCharacters.IsName(_document[local..end]);
    }

    /// <summary>Where an element's name ends, whatever letters it has; its letters are looked at where no rule knows it.</summary>
    private readonly int EndOfTagName(int start, out int colon)
    {
        colon = -1;
        var at = start;
        for (; at + Vector128<byte>.Count <= _document.Length; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(_document.Slice(at, Vector128<byte>.Count));
            var ends =
                Vector128.LessThanOrEqual(bytes, Vector128.Create((byte)' '))
                | Vector128.Equals(bytes, Vector128.Create((byte)'/'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'>'));
            var end = BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
            if (colon < 0)
            {
                var first = BitOperations.TrailingZeroCount(
                    Vector128.Equals(bytes, Vector128.Create((byte)':')).ExtractMostSignificantBits()
                );
                colon = first < end && first < Vector128<byte>.Count ? at + first : -1;
            }

            if (end < Vector128<byte>.Count)
            {
                return at + end;
            }
        }

        for (; at < _document.Length && _document[at] is > (byte)' ' and not ((byte)'/' or (byte)'>'); at++)
        {
            colon = colon < 0 && _document[at] == (byte)':' ? at : colon;
        }

        return at < _document.Length ? at : -1;
    }

    /// <summary>Where a name ends that may have a prefix; negative where there is none.</summary>
    private readonly int EndOfName(int start, out int colon)
    {
        colon = -1;
        if (!XmlCharacters.BeginsNames(At(start)))
        {
            return -1;
        }

        var at = start + 1;
        for (; XmlCharacters.IsInNames(At(at)) || (At(at) == (byte)':' && colon < 0); at++)
        {
            if (_document[at] == (byte)':')
            {
                colon = at;
                if (!XmlCharacters.BeginsNames(At(at + 1)))
                {
                    return -1;
                }
            }
        }

        return at;
    }

    /// <summary>Takes the attributes of a tag up to its end.</summary>
    private bool Attributes(out int count)
    {
        count = 0;
        while (true)
        {
            var start = AfterWhiteSpace(_at);
            if (At(start) is (byte)'>' or (byte)'/')
            {
                _at = start;
                return true;
            }

            var end = EndOfName(start, out var colon);
            if (start == _at || end < 0 || count == _scopes.Attributes.Length)
            {
                return false;
            }

            var equals = AfterWhiteSpace(end);
            var quote = AfterWhiteSpace(equals + 1);
            if (At(equals) != (byte)'=' || At(quote) is not ((byte)'"' or (byte)'\''))
            {
                return false;
            }

            var rest = _document[(quote + 1)..];
            var length = rest.IndexOfAny(_document[quote] == (byte)'"' ? InDoubleQuotes : InSingleQuotes);
            var isPlain = length >= 0 && rest[length] == _document[quote];
            if (!isPlain)
            {
                length = rest.IndexOf(_document[quote]);
                if (length < 0 || !Utf8Text.IsLegal(rest[..length], Utf8Text.Within.Attribute))
                {
                    return false;
                }
            }

            _at = quote + 1 + length;
            _scopes.Attributes[count++] = new WrittenAttribute(new Part(start, end), colon, new Part(quote + 1, _at), isPlain);
            _at++;
        }
    }
}
