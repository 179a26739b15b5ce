using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>A form that an issued invoice is downloaded in: a syntax of EN 16931, and the profile of it that receivers ask for.</summary>
public sealed record DocumentFormat
{
    private static readonly DocumentFormat[] Known =
    [
        new()
        {
            Name = "ubl",
            Syntax = "UBL 2.1",
            Profile = InvoiceProfile.Core,
            Write = UblWriter.Write,
        },
        new()
        {
            Name = "cii",
            Syntax = "CII D16B",
            Profile = InvoiceProfile.Core,
            Write = CiiWriter.Write,
            MostPreceding = 1,
        },
        new()
        {
            Name = "peppol",
            Syntax = "UBL 2.1",
            Profile = InvoiceProfile.Peppol,
            Write = UblWriter.Write,
        },
        new()
        {
            Name = "xrechnung",
            Syntax = "UBL 2.1",
            Profile = InvoiceProfile.XRechnung,
            Write = UblWriter.Write,
        },
        new()
        {
            Name = "xrechnung-cii",
            Syntax = "CII D16B",
            Profile = InvoiceProfile.XRechnung,
            Write = CiiWriter.Write,
            MostPreceding = 1,
        },
        // The schema of Factur-X, unlike that of D16B, lets an invoice name several before it.
        new()
        {
            Name = "factur-x",
            Syntax = "CII",
            Profile = InvoiceProfile.FacturX,
            Write = CiiWriter.Write,
        },
    ];

    /// <summary>What format= says.</summary>
    public required string Name { get; init; }

    /// <summary>The syntax that it is written in.</summary>
    public required string Syntax { get; init; }

    /// <summary>Whose rules it follows.</summary>
    public required InvoiceProfile Profile { get; init; }

    private Func<Invoice, byte[]> Write { get; init; } = UblWriter.Write;

    /// <summary>How many invoices before it (BG-3) the syntax has place for.</summary>
    private int MostPreceding { get; init; } = int.MaxValue;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocumentFormat> All => Known;

    /// <summary>The format of that name.</summary>
    public static DocumentFormat? Of(string name) => Array.Find(Known, each => each.Name == name);

    /// <summary>
    /// Writes an issued invoice; refused where the syntax has no place for what it holds, or where it lacks what the profile needs.
    /// </summary>
    public Outcome<byte[]> Document(InvoiceBody invoice, PayeeAccount? account) =>
        invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null) ? InvoicingFaults.SurchargeNotHeld.With(Syntax)
        : FormatLimits.Decimals(invoice) is { } decimals ? decimals
        : Write == CiiWriter.Write && FormatLimits.ZeroRate(invoice) is { } zero ? zero
        : Document(SemanticForm.Of(invoice, account));

    /// <summary>Writes an invoice of the semantic model, likewise.</summary>
    public Outcome<byte[]> Document(Invoice invoice)
    {
        if (invoice.PrecedingInvoices.Count > MostPreceding)
        {
            return InvoicingFaults.PrecedingNotHeld.With(Syntax, invoice.PrecedingInvoices.Count);
        }

        var fitted = Profile.Fit(invoice);
        return Profile.Lacking(fitted) is { } fault ? fault : Write(fitted);
    }
}
