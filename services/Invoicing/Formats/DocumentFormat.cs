using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>A form that an issued invoice is downloaded in: a syntax of EN 16931, and the profile of it that receivers ask for.</summary>
public sealed class DocumentFormat
{
    private const string Ubl = "UBL 2.1";
    private const string Cii = "CII D16B";

    private static readonly DocumentFormat[] Known =
    [
        new("ubl", Ubl, InvoiceProfile.Core, UblWriter.Write),
        new("cii", Cii, InvoiceProfile.Core, CiiWriter.Write, mostPreceding: 1),
        new("peppol", Ubl, InvoiceProfile.Peppol, UblWriter.Write),
        new("xrechnung", Ubl, InvoiceProfile.XRechnung, UblWriter.Write),
        new("xrechnung-cii", Cii, InvoiceProfile.XRechnung, CiiWriter.Write, mostPreceding: 1),
        // The schema of Factur-X, unlike that of D16B, lets an invoice name several before it.
        new("factur-x", "CII", InvoiceProfile.FacturX, CiiWriter.Write),
    ];

    private readonly Func<Invoice, byte[]> _write;
    private readonly int _mostPreceding;

    private DocumentFormat(
        string name,
        string syntax,
        InvoiceProfile profile,
        Func<Invoice, byte[]> write,
        int mostPreceding = int.MaxValue
    ) => (Name, Syntax, Profile, _write, _mostPreceding) = (name, syntax, profile, write, mostPreceding);

    /// <summary>What format= says.</summary>
    public string Name { get; }

    /// <summary>The syntax that it is written in.</summary>
    public string Syntax { get; }

    /// <summary>Whose rules it follows.</summary>
    public InvoiceProfile Profile { get; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocumentFormat> All => Known;

    /// <summary>The format of that name.</summary>
    public static DocumentFormat? Of(string name) => Array.Find(Known, each => each.Name == name);

    /// <summary>
    /// Writes an issued invoice; refused where the syntax has no place for what it holds, or where it lacks what the profile needs.
    /// </summary>
    public Outcome<byte[]> Document(InvoiceBody invoice, PayeeAccount? account) =>
        invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null) ? InvoicingFaults.SurchargeNotHeld.With(Syntax)
        : invoice.Correction?.VatOnly == true ? InvoicingFaults.VatOnlyNotHeld.With(Syntax)
        : FormatLimits.Decimals(invoice) is { } decimals ? decimals
        : Syntax != Ubl && FormatLimits.ZeroRate(invoice) is { } zero ? zero
        : Document(SemanticForm.Of(invoice, account));

    /// <summary>Writes an invoice of the semantic model, likewise.</summary>
    public Outcome<byte[]> Document(Invoice invoice)
    {
        if (invoice.PrecedingInvoices.Count > _mostPreceding)
        {
            return InvoicingFaults.PrecedingNotHeld.With(Syntax, invoice.PrecedingInvoices.Count);
        }

        var fitted = Profile.Fit(invoice);
        return Profile.Lacking(fitted) is { } fault ? fault : _write(fitted);
    }
}
