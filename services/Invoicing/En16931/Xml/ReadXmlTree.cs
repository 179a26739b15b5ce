using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Xml;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>
/// Reads a document that anyone may have sent: no document type, no entities, nothing fetched, bounded depth and size; what is no XML is
/// refused with the place where it stopped being one.
/// </summary>
public sealed class ReadXmlTree : IDisposable
{
    private const int MostBuffered = 1 << 20;
    private static readonly ConcurrentBag<ReadXmlTree> Resting = [];

    private readonly Utf8Scopes _scopes = new();
    private ReadAnyXml? _any;

    private ReadXmlTree() { }

    /// <summary>What was read last.</summary>
    public XmlTree Tree { get; } = new();

    /// <summary>A reader with a tree of its own, to be given back by disposing it.</summary>
    public static ReadXmlTree Take() => Resting.TryTake(out var rested) ? rested : new ReadXmlTree();

    /// <summary>Reads a document, or says why it is none; where a line is known it is told.</summary>
    public Outcome<XmlTree> From(ReadOnlyMemory<byte> document)
    {
        if (TryUtf8(document.Span))
        {
            return Tree;
        }

        var held = MemoryMarshal.TryGetArray(document, out var array) ? array : document.ToArray();
        return FromAny(new MemoryStream(held.Array!, held.Offset, held.Count, writable: false));
    }

    /// <inheritdoc cref="From(ReadOnlyMemory{byte})"/>
    public Outcome<XmlTree> From(Stream document)
    {
        if (!document.CanSeek || document.Length - document.Position > MostBuffered)
        {
            // What is not kept of a long document takes no memory.
            return FromAny(document);
        }

        var start = document.Position;
        var buffer = ArrayPool<byte>.Shared.Rent((int)(document.Length - start));
        var length = document.ReadAtLeast(buffer, (int)(document.Length - start), throwOnEndOfStream: false);
        var read = TryUtf8(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        if (read)
        {
            return Tree;
        }

        document.Position = start;
        return FromAny(document);
    }

    /// <summary>Reads a document that is written as most are; false where <see cref="FromAny"/> has to say what it is.</summary>
    internal bool TryUtf8(ReadOnlySpan<byte> document)
    {
        Tree.Clear();
        return new ReadUtf8Xml(document, Tree, _scopes).Read();
    }

    /// <summary>Reads a document of any encoding, or says why it is none.</summary>
    internal Outcome<XmlTree> FromAny(Stream document)
    {
        Tree.Clear();
        try
        {
            (_any ??= new ReadAnyXml()).Read(document, Tree);
            return Tree;
        }
        catch (XmlException exception)
        {
            return InvoicingFaults.NotXml.With(exception.Message);
        }
        catch (ArgumentException exception)
        {
            // An encoding that its declaration names and nobody has.
            return InvoicingFaults.NotXml.With(exception.Message);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // A table full of names from hostile documents is thrown away, and so is a tree that one of them has blown up.
        if (_any is not { IsFull: true } && Tree.IsSmall)
        {
            Resting.Add(this);
        }
    }
}
