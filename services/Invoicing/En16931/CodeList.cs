using System.Collections.Frozen;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>The codes that a term may have; the lists are data, one file each under codelists/.</summary>
public sealed class CodeList
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _codes;

    private CodeList(IEnumerable<string> codes, StringComparer? comparer = null) =>
        _codes = codes.ToFrozenSet(comparer ?? StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>UNTDID 1001 for invoices, BT-3.</summary>
    public static readonly CodeList InvoiceTypes = Read("invoice-types");

    /// <summary>UNTDID 1001 for credit notes, BT-3.</summary>
    public static readonly CodeList CreditNoteTypes = Read("credit-note-types");

    /// <summary>ISO 4217, BT-5 and BT-6.</summary>
    public static readonly CodeList Currencies = Read("currencies");

    /// <summary>UNTDID 2005, BT-8 in UBL.</summary>
    public static readonly CodeList VatPointDatesUbl = Read("vat-point-dates-ubl");

    /// <summary>UNTDID 2475, BT-8 in CII.</summary>
    public static readonly CodeList VatPointDatesCii = Read("vat-point-dates-cii");

    /// <summary>UNTDID 1153, BT-18-1 and BT-128-1.</summary>
    public static readonly CodeList ReferenceQualifiers = Read("reference-qualifiers");

    /// <summary>UNTDID 4451, BT-21.</summary>
    public static readonly CodeList NoteSubjects = Read("note-subjects");

    /// <summary>The same, without those that the rules for UBL do not know yet.</summary>
    public static readonly CodeList NoteSubjectsUbl = Read("note-subjects-ubl");

    /// <summary>ISO/IEC 6523.</summary>
    public static readonly CodeList IdentifierSchemes = Read("identifier-schemes");

    /// <summary>UNTDID 7143, BT-158-1.</summary>
    public static readonly CodeList ItemClassifications = Read("item-classifications");

    /// <summary>ISO 3166-1.</summary>
    public static readonly CodeList Countries = Read("countries");

    /// <summary>The same, as the rules for CII have them.</summary>
    public static readonly CodeList CountriesCii = Read("countries-cii");

    /// <summary>UNTDID 4461, BT-81.</summary>
    public static readonly CodeList PaymentMeans = Read("payment-means");

    /// <summary>UNTDID 5305, BT-95, BT-102, BT-118 and BT-151.</summary>
    public static readonly CodeList VatCategories = Read("vat-categories");

    /// <summary>UNTDID 5189, BT-98 and BT-140.</summary>
    public static readonly CodeList AllowanceReasons = Read("allowance-reasons");

    /// <summary>UNTDID 7161, BT-105 and BT-145.</summary>
    public static readonly CodeList ChargeReasons = Read("charge-reasons");

    /// <summary>VATEX, BT-121, in whatever case it is written.</summary>
    public static readonly CodeList ExemptionReasons = Read("exemption-reasons", StringComparer.OrdinalIgnoreCase);

    /// <summary>UN/ECE Recommendations 20 and 21, BT-130 and BT-150.</summary>
    public static readonly CodeList Units = Read("units");

    /// <summary>EAS, BT-34-1 and BT-49-1.</summary>
    public static readonly CodeList ElectronicAddresses = Read("electronic-addresses");

    /// <summary>ISO 4217 as Peppol has it, BT-5 and BT-6.</summary>
    public static readonly CodeList PeppolCurrencies = Read("peppol-currencies");

    /// <summary>EAS as Peppol has it, BT-34-1 and BT-49-1.</summary>
    public static readonly CodeList PeppolElectronicAddresses = Read("peppol-electronic-addresses");

    /// <summary>UNTDID 1001 for invoices in Peppol's billing process, BT-3.</summary>
    public static readonly CodeList PeppolInvoiceTypes = Read("peppol-invoice-types");

    /// <summary>UNTDID 1001 for credit notes in Peppol's billing process, BT-3.</summary>
    public static readonly CodeList PeppolCreditNoteTypes = Read("peppol-credit-note-types");

    /// <summary>What may be attached, BT-125-1.</summary>
    public static readonly CodeList MimeTypes = new([
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    ]);

    /// <summary>Whether it is one of them; white space around it does not count.</summary>
    public bool Has(ReadOnlySpan<char> code) => _codes.Contains(XmlCharacters.Trimmed(code));

    /// <summary>Whether it is one of them, to the character.</summary>
    public bool HasExactly(ReadOnlySpan<char> code) => _codes.Contains(code);

    private static CodeList Read(string name, StringComparer? comparer = null) =>
        new(Data.Lines($"codelists/{name}.txt").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), comparer);
}
