namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>A place in a document's bytes, its end excluded.</summary>
internal readonly record struct Part(int Start, int End)
{
    public int Length => End - Start;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> document) => document[Start..End];
}

/// <summary>An element whose end tag is to come, by its name as written and the element of the tree that stands for it.</summary>
internal readonly record struct OpenElement(int Element, Part Name, bool KeepsText, int BoundBefore);

/// <summary>An attribute of the tag at hand; a plain value is what is written, with nothing to be replaced in it.</summary>
internal record struct WrittenAttribute(Part Name, int Colon, Part Value, bool IsPlain)
{
    /// <summary>Whether it binds a prefix.</summary>
    public bool IsDeclaration { get; set; }

    /// <summary>The namespace of its prefix.</summary>
    public Part Space { get; set; }

    /// <summary>Its name behind the prefix.</summary>
    public readonly Part Local => new(Colon < 0 ? Name.Start : Colon + 1, Name.End);
}

/// <summary>A prefix, empty for the default, and the namespace that it stands for.</summary>
internal readonly record struct Binding(ulong Key, Part Prefix, Part Uri, byte Space);

/// <summary>
/// What holds at a place of a document while it is read: the elements that are open and the prefixes that they bind, as places in the
/// document's bytes. What goes beyond its bounds is left to the platform's reader.
/// </summary>
internal sealed class Utf8Scopes
{
    private const int MostAttributes = 32;
    private const int MostBindings = 64;

    private readonly OpenElement[] _open = new OpenElement[ReadAnyXml.MostDepth];
    private readonly Binding[] _bindings = new Binding[MostBindings];

    /// <summary>The attributes of the tag at hand; few, since each is compared with each.</summary>
    public WrittenAttribute[] Attributes { get; } = new WrittenAttribute[MostAttributes];

    /// <summary>How many elements are open.</summary>
    public int Depth { get; private set; }

    /// <summary>How many prefixes are bound.</summary>
    public int Bound { get; private set; }

    /// <summary>Whether no element may lie in the innermost one.</summary>
    public bool IsFull => Depth == _open.Length;

    /// <summary>The innermost open element.</summary>
    public ref readonly OpenElement Innermost => ref _open[Depth - 1];

    /// <summary>Forgets the document before; without a declaration a name has no namespace.</summary>
    public void Clear() => (Depth, Bound, _bindings[0]) = (0, 1, new Binding(0, default, default, Utf8Names.NoSpace));

    /// <summary>Opens an element.</summary>
    public void Open(in OpenElement element) => _open[Depth++] = element;

    /// <summary>Closes the innermost element and forgets what it binds.</summary>
    public void Close() => Bound = _open[--Depth].BoundBefore;

    /// <summary>Forgets all bindings but the first so many.</summary>
    public void Forget(int boundBefore) => Bound = boundBefore;

    /// <summary>Binds a prefix; false where there are too many.</summary>
    public bool TryBind(in Binding binding)
    {
        if (Bound == _bindings.Length)
        {
            return false;
        }

        _bindings[Bound++] = binding;
        return true;
    }

    /// <summary>The innermost binding of a prefix, by its number; negative where there is none.</summary>
    public int Find(ReadOnlySpan<byte> document, int start, int end)
    {
        var key = Utf8Names.Beginning(document, start, end);
        var bindings = _bindings.AsSpan(0, Bound);
        for (var at = bindings.Length - 1; at >= 0; at--)
        {
            if (bindings[at].Key == key && (end - start < 8 || document[start..end].SequenceEqual(bindings[at].Prefix.Of(document))))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>A binding by its number.</summary>
    public ref readonly Binding this[int binding] => ref _bindings[binding];
}
