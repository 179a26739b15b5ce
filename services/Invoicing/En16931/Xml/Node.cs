using System.Globalization;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>
/// An element of a tree, or none at all: a way that leads nowhere gives a node that does not exist, which has no text, no number and no
/// children, as in XPath.
/// </summary>
public readonly struct Node(XmlTree? tree, int index) : IEquatable<Node>
{
    /// <summary>Whether there is such an element.</summary>
    public bool Exists => tree is not null;

    /// <summary>Its place in document order.</summary>
    public int Index => index;

    /// <summary>Its tree.</summary>
    public XmlTree Tree => tree ?? throw new InvalidOperationException("there is no such element");

    /// <summary>Its name.</summary>
    public Name Name => tree is null ? default : tree[index].Name;

    /// <summary>Its name as written, with the usual prefix.</summary>
    public string NameText => tree is null ? "" : tree.NameOf(index);

    /// <summary>The element around it.</summary>
    public Node Parent => tree is null || tree[index].Parent < 0 ? default : new Node(tree, tree[index].Parent);

    /// <summary>What it and the elements within it say, one after the other.</summary>
    public ReadOnlySpan<char> Text => tree is null ? default : tree.Text(tree[index].TextStart, tree[index].TextEnd);

    /// <summary>The text without white space around it.</summary>
    public ReadOnlySpan<char> Trimmed => XmlCharacters.Trimmed(Text);

    /// <summary>Whether it says anything but white space.</summary>
    public bool HasText => !Trimmed.IsEmpty;

    /// <summary>Its number as xs:decimal; none where it is no number or there is no element.</summary>
    public decimal? Number => NumberOf(Text);

    /// <summary>Its day as xs:date; none where it is none.</summary>
    public DateOnly? Date =>
        DateOnly.TryParseExact(Trimmed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary>Its first child of that name.</summary>
    public Node this[Name name]
    {
        get
        {
            if (tree is null)
            {
                return default;
            }

            var found = tree.NextChild(index + 1, tree[index].End, name.Id);
            return found < 0 ? default : new Node(tree, found);
        }
    }

    /// <summary>The first element down a way of names, taken at every turn that leads to the end.</summary>
    public Node this[Name first, Name second]
    {
        get
        {
            foreach (var child in All(first))
            {
                if (child[second] is { Exists: true } found)
                {
                    return found;
                }
            }

            return default;
        }
    }

    /// <inheritdoc cref="this[Name, Name]"/>
    public Node this[Name first, Name second, Name third]
    {
        get
        {
            foreach (var child in All(first))
            {
                if (child[second, third] is { Exists: true } found)
                {
                    return found;
                }
            }

            return default;
        }
    }

    /// <inheritdoc cref="this[Name, Name]"/>
    public Node this[Name first, Name second, Name third, Name fourth]
    {
        get
        {
            foreach (var child in All(first))
            {
                if (child[second, third, fourth] is { Exists: true } found)
                {
                    return found;
                }
            }

            return default;
        }
    }

    /// <summary>Whether it has a child of that name.</summary>
    public bool Has(Name name) => this[name].Exists;

    /// <summary>Whether the text says exactly that, white space around it apart.</summary>
    public bool Is(string text) => tree is not null && Trimmed.SequenceEqual(text);

    /// <summary>Whether it has that name.</summary>
    public bool Is(Name name) => Name == name && tree is not null;

    /// <summary>Its children of that name.</summary>
    public ChildrenOf All(Name name) => new(tree, index, name.Id);

    /// <summary>All its children.</summary>
    public ChildrenOf Children => new(tree, index, ChildrenOf.OfAnyName);

    /// <summary>How many children of that name it has.</summary>
    public int Count(Name name)
    {
        var count = 0;
        foreach (var _ in All(name))
        {
            count++;
        }

        return count;
    }

    /// <summary>An attribute's value; empty where there is none.</summary>
    public ReadOnlySpan<char> Attribute(Name name) => TryAttribute(name, out var value) ? value : default;

    /// <summary>Whether it has the attribute.</summary>
    public bool HasAttribute(Name name) => TryAttribute(name, out _);

    /// <summary>Gives the attribute's value where there is one.</summary>
    public bool TryAttribute(Name name, out ReadOnlySpan<char> value)
    {
        if (tree is not null)
        {
            for (var at = tree[index].Attributes; at < tree.AttributesEnd(index); at++)
            {
                ref readonly var attribute = ref tree.AttributeAt(at);
                if (attribute.Name == name)
                {
                    value = tree.Value(attribute.Start, attribute.End);
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>The nearest element of that name around it.</summary>
    public Node Ancestor(Name name)
    {
        var at = Parent;
        while (at.Exists && at.Name != name)
        {
            at = at.Parent;
        }

        return at;
    }

    /// <summary>
    /// The text as xs:decimal reads it: digits, one point, a sign, white space around; no exponent, no separators. More than 10^18 is no
    /// amount of anything, and none of what is counted with amounts can overflow.
    /// </summary>
    public static decimal? NumberOf(ReadOnlySpan<char> text) =>
        TryPlain(text, out var plain) ? plain
        : decimal.TryParse(
            text,
            NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowLeadingSign
                | NumberStyles.AllowLeadingWhite
                | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var number
        ) && number is <= 1_000_000_000_000_000_000m and >= -1_000_000_000_000_000_000m
            ? number
        : null;

    /// <summary>Digits with a point among them, as nearly all amounts are; they are read by the dozen for each line.</summary>
    private static bool TryPlain(ReadOnlySpan<char> text, out decimal number)
    {
        const int MostDigits = 18;
        number = 0m;
        if (text.Length is 0 or > MostDigits)
        {
            return false;
        }

        var (digits, point) = (0L, -1);
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsAsciiDigit(text[at]))
            {
                digits = digits * 10 + (text[at] - '0');
            }
            else if (text[at] == '.' && point < 0 && text.Length > 1)
            {
                point = at;
            }
            else
            {
                return false;
            }
        }

        number = new decimal((int)digits, (int)(digits >> 32), 0, false, (byte)(point < 0 ? 0 : text.Length - 1 - point));
        return true;
    }

    /// <inheritdoc />
    public bool Equals(Node other) => ReferenceEquals(tree, other.Exists ? other.Tree : null) && index == other.Index;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Node other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => index;

    /// <summary>The same element.</summary>
    public static bool operator ==(Node left, Node right) => left.Equals(right);

    /// <summary>Another element.</summary>
    public static bool operator !=(Node left, Node right) => !left.Equals(right);

    /// <summary>Children one by one, without an object for it.</summary>
    public struct ChildrenOf
    {
        internal const int OfAnyName = -1;

        private readonly XmlTree? _tree;
        private readonly int _last;
        private readonly int _name;
        private int _next;
        private int _at;

        internal ChildrenOf(XmlTree? tree, int parent, int name)
        {
            (_tree, _name, _next) = (tree, name, parent + 1);
            _last = tree is null ? parent : tree[parent].End;
        }

        /// <summary>The child it stands at.</summary>
        public readonly Node Current => new(_tree, _at);

        /// <summary>For foreach.</summary>
        public readonly ChildrenOf GetEnumerator() => this;

        /// <summary>Goes on to the next.</summary>
        public bool MoveNext()
        {
            if (_next > _last)
            {
                return false;
            }

            _at = _name == OfAnyName ? _next : _tree!.NextChild(_next, _last, _name);
            _next = _at < 0 ? int.MaxValue : _tree![_at].End + 1;
            return _at >= 0;
        }
    }
}
