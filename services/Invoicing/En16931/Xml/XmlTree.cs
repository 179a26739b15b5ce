using System.Globalization;
using System.Text;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>
/// A document's elements, attributes and text in document order, in a few arrays that are used again for the next document: rules walk
/// it without a string or object per element. <see cref="ReadXmlTree"/> fills it.
/// </summary>
public sealed class XmlTree
{
    private Element[] _elements = new Element[512];
    private Attribute[] _attributes = new Attribute[256];
    private char[] _text = new char[8192];
    private char[] _values = new char[2048];
    private readonly List<string> _foreign = [];
    private int _textLength;
    private int _valuesLength;

    /// <summary>How many elements there are.</summary>
    public int Count { get; private set; }

    /// <summary>The document's own element.</summary>
    public Node Root => new(this, 0);

    /// <summary>Whether it is worth keeping for the next document.</summary>
    internal bool IsSmall => _text.Length <= 1 << 20 && _elements.Length <= 1 << 16;

    internal int AttributeCount { get; private set; }

    internal ref Element this[int index] => ref _elements[index];

    internal ReadOnlySpan<char> Text(int start, int end) => _text.AsSpan(start, end - start);

    internal ReadOnlySpan<char> Value(int start, int end) => _values.AsSpan(start, end - start);

    internal ref readonly Attribute AttributeAt(int index) => ref _attributes[index];

    /// <summary>Where an element's attributes end.</summary>
    internal int AttributesEnd(int index) => index + 1 < Count ? _elements[index + 1].Attributes : AttributeCount;

    /// <summary>Whether an element and those within it say nothing but white space.</summary>
    internal bool IsBlank(int index) => IsBlank(_elements[index].TextStart, _elements[index].TextEnd);

    private bool IsBlankFrom(int start) => IsBlank(start, _textLength);

    private bool IsBlank(int start, int end) => !_text.AsSpan(start, end - start).ContainsAnyExcept(" \t\r\n");

    internal string NameOf(int index) =>
        _elements[index].Name is { IsKnown: true } name ? Vocabulary.TextOf(name) : _foreign[_elements[index].Foreign];

    internal void Clear()
    {
        _foreign.Clear();
        (Count, AttributeCount, _textLength, _valuesLength) = (0, 0, 0, 0);
    }

    internal int Open(Name name, int parent, string? foreign)
    {
        if (Count == _elements.Length)
        {
            Array.Resize(ref _elements, Count * 2);
        }

        if (parent == Count - 1 && parent >= 0 && IsBlankFrom(_elements[parent].TextStart))
        {
            _textLength = _elements[parent].TextStart;
        }

        var index = Count++;
        ref var element = ref _elements[index];
        element = new Element
        {
            Name = name,
            Parent = parent,
            End = index,
            TextStart = _textLength,
            Attributes = AttributeCount,
        };
        if (foreign is not null)
        {
            element.Foreign = _foreign.Count;
            _foreign.Add(foreign);
        }

        return index;
    }

    internal void Close(int index)
    {
        _elements[index].End = Count - 1;
        _elements[index].TextEnd = _textLength;
    }

    internal void AddAttribute(Name name, ReadOnlySpan<char> value)
    {
        if (AttributeCount == _attributes.Length)
        {
            Array.Resize(ref _attributes, AttributeCount * 2);
        }

        if (_valuesLength + value.Length > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _valuesLength + value.Length));
        }

        value.CopyTo(_values.AsSpan(_valuesLength));
        _attributes[AttributeCount++] = new Attribute(name, _valuesLength, _valuesLength + value.Length);
        _valuesLength += value.Length;
    }

    /// <summary>The text so far, with room for at least that much more behind it; <see cref="Wrote"/> says what of it counts.</summary>
    internal (char[] Buffer, int Length) Room(int atLeast)
    {
        if (_textLength + atLeast > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + atLeast));
        }

        return (_text, _textLength);
    }

    internal void Wrote(int characters) => _textLength += characters;

    /// <summary>The way to an element, as a person reads it: /Invoice/cac:InvoiceLine[2]/cbc:ID.</summary>
    public string LocationOf(int index)
    {
        var steps = new Stack<string>();
        for (var at = index; at >= 0; at = _elements[at].Parent)
        {
            var nth = Position(at);
            steps.Push(nth == 0 ? NameOf(at) : string.Create(CultureInfo.InvariantCulture, $"{NameOf(at)}[{nth}]"));
        }

        var way = new StringBuilder();
        foreach (var step in steps)
        {
            way.Append('/').Append(step);
        }

        return way.ToString();
    }

    /// <summary>Which of its namesakes it is, counted from 1; 0 where it is the only one.</summary>
    private int Position(int index)
    {
        var parent = _elements[index].Parent;
        if (parent < 0)
        {
            return 0;
        }

        var (nth, of) = (0, 0);
        for (var at = parent + 1; at <= _elements[parent].End; at = _elements[at].End + 1)
        {
            if (_elements[at].Name == _elements[index].Name && (_elements[at].Name.IsKnown || NameOf(at) == NameOf(index)))
            {
                of++;
                nth = at == index ? of : nth;
            }
        }

        return of == 1 ? 0 : nth;
    }

    internal struct Element
    {
        public Name Name;
        public int Parent;
        public int End;
        public int TextStart;
        public int TextEnd;
        public int Attributes;
        public int Foreign;
    }

    internal readonly record struct Attribute(Name Name, int Start, int End);
}
