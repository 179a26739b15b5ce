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

    /// <summary>The next child of that name, of those from one up to the last in their parent; negative where there is none.</summary>
    internal int NextChild(int from, int last, int name)
    {
        var elements = _elements;
        for (var at = from; at <= last; at = elements[at].End + 1)
        {
            if (elements[at].Name.Id == name)
            {
                return at;
            }
        }

        return -1;
    }

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

    /// <summary>
    /// What no rule and no term speaks of is not kept, however much of it a document holds: one element stands for all that lie beside
    /// and within each other, without text; what is known inside it is kept. Gives the element that stands for one of that name there;
    /// negative where it stands for itself.
    /// </summary>
    internal int StandIn(Name name, int parent)
    {
        if (name.IsKnown || parent < 0)
        {
            return -1;
        }

        if (!_elements[parent].Name.IsKnown)
        {
            return parent;
        }

        var last = Count - 1;
        return !_elements[last].Name.IsKnown && _elements[last].Parent == parent ? last : -1;
    }

    /// <summary>Whether white space counts there: between elements it says nothing; alone in one it is all that this says.</summary>
    internal bool KeepsWhiteSpace(int open) => open == Count - 1;

    /// <summary>Whether an open element has said nothing yet, so that white space before a child of it is not kept.</summary>
    internal bool IsSilent(int open) => _textLength == _elements[open].TextStart;

    internal void AddAttribute(Name name, ReadOnlySpan<char> value)
    {
        value.CopyTo(RoomForValue(value.Length));
        AddAttribute(name, value.Length);
    }

    /// <summary>Room for the next attribute's value, of at most that length; <see cref="AddAttribute(Name, int)"/> takes it.</summary>
    internal Span<char> RoomForValue(int atMost)
    {
        if (_valuesLength + atMost > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _valuesLength + atMost));
        }

        return _values.AsSpan(_valuesLength);
    }

    internal void AddAttribute(Name name, int valueLength)
    {
        if (AttributeCount == _attributes.Length)
        {
            Array.Resize(ref _attributes, AttributeCount * 2);
        }

        _attributes[AttributeCount++] = new Attribute(name, _valuesLength, _valuesLength + valueLength);
        _valuesLength += valueLength;
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
