namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>A picture as a PDF holds it (ISO 32000-1, 8.9.5): its dots, packed, and what unpacks them.</summary>
internal sealed class PdfPicture(string entries, byte[] content)
{
    /// <summary>The stream's entries.</summary>
    public string Entries { get; } = entries;

    /// <summary>The stream.</summary>
    public ReadOnlyMemory<byte> Content { get; } = content;
}
