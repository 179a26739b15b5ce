using System.Globalization;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>Whose chain an export holds; it stands at the top of the export's list.</summary>
public sealed record FiscalExportChain
{
    /// <summary>The seller's name.</summary>
    public required string SellerName { get; init; }

    /// <summary>IDEmisorFactura.</summary>
    public required string SellerNif { get; init; }

    /// <summary>NombreSistemaInformatico, IdSistemaInformatico and Version.</summary>
    public required string System { get; init; }

    /// <summary>NumeroInstalacion.</summary>
    public required string Installation { get; init; }
}

/// <summary>A record as it is stored: its place in its chain, from 1, and its text.</summary>
public sealed record StoredRecord(long Position, string Text);

/// <summary>What an export came to.</summary>
public sealed record FiscalExportSummary(long Records, long Bytes, string Total);

/// <summary>
/// An export of records (Orden HAC/1177/2024, 8.2): a zip of one chain, each record as the official file that it is, named by its place in the
/// chain so that names sort in the chain's order, and last the list huellas.sha256. Files are stored, not compressed, and every other byte
/// of the zip follows from them: the same records make the same bytes on every machine, and no byte can change unseen.
/// </summary>
public static class FiscalExport
{
    /// <summary>The list: a line of SHA-256 for each file, chained over all, in the form that sha256sum -c takes.</summary>
    public const string ListName = "huellas.sha256";

    /// <summary>The file of a record.</summary>
    public static string NameOf(long position) => string.Create(CultureInfo.InvariantCulture, $"{position:D10}.xml");

    /// <summary>The place that a file's name says; none where it is no record's.</summary>
    public static long? PositionOf(string name) =>
        name.Length == 14
        && name.EndsWith(".xml", StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, 10), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : null;
}
