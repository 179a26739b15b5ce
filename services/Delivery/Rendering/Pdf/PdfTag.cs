namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>
/// What a part of the page is to a person who hears it: heading, paragraph, table, row, cell, figure (ISO 32000-1, 14.8.4). Parts are in
/// the order in which they are read.
/// </summary>
internal sealed class PdfTag
{
    /// <summary>The document itself.</summary>
    public static PdfTag Document() => new("Document", null);

    private PdfTag(string role, PdfTag? parent) => (Role, Parent) = (role, parent);

    /// <summary>H1, P, Table, TR, TH, TD, Figure, …</summary>
    public string Role { get; }

    /// <summary>What it is a part of.</summary>
    public PdfTag? Parent { get; }

    /// <summary>What a figure shows, in words.</summary>
    public string? Alternative { get; init; }

    /// <summary>Its parts, and the places on pages where it stands, in order.</summary>
    public List<Kid> Kids { get; } = [];

    /// <summary>Its number in the file.</summary>
    public int Id { get; set; }

    /// <summary>Of a tag: a part of it, or a marked place on a page.</summary>
    public readonly record struct Kid(PdfTag? Part, int Page, int Mark);

    /// <summary>A part, behind those it has.</summary>
    public PdfTag Add(string role, string? alternative = null)
    {
        var part = new PdfTag(role, this) { Alternative = alternative };
        Kids.Add(new Kid(part, 0, 0));
        return part;
    }

    /// <summary>A place where it stands.</summary>
    public void Stands(int page, int mark) => Kids.Add(new Kid(null, page, mark));
}
