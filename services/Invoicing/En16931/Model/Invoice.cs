namespace RetailInvoicing.Invoicing.En16931.Model;

/// <summary>
/// The semantic model of EN 16931-1, whole: what an invoice says, whatever the syntax it is written in. Fields carry the standard's names
/// and numbers; nothing is rounded here, and an amount is in the invoice's currency (BT-5) unless its field says otherwise.
/// </summary>
public sealed record Invoice
{
    /// <summary>BG-2: by which process and rules it was made.</summary>
    public required ProcessControl ProcessControl { get; init; }

    /// <summary>BT-1: the number that identifies it among the seller's invoices.</summary>
    public required string Number { get; init; }

    /// <summary>BT-2: the day it was issued.</summary>
    public DateOnly? IssueDate { get; init; }

    /// <summary>BT-3: what kind of invoice it is (UNTDID 1001).</summary>
    public required string TypeCode { get; init; }

    /// <summary>BT-5: the currency of its amounts (ISO 4217).</summary>
    public required string Currency { get; init; }

    /// <summary>BT-6: the currency of the seller's VAT accounting, where it is another one.</summary>
    public string? VatAccountingCurrency { get; init; }

    /// <summary>BT-7: the day VAT falls due, where it is another than the issue date.</summary>
    public DateOnly? VatPointDate { get; init; }

    /// <summary>BT-8: which day VAT falls due on, by its code (UNTDID 2005).</summary>
    public string? VatPointDateCode { get; init; }

    /// <summary>BT-9: the day payment is due.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>BT-10: what the buyer routes it by.</summary>
    public string? BuyerReference { get; init; }

    /// <summary>BT-11: the project it belongs to.</summary>
    public string? ProjectReference { get; init; }

    /// <summary>BT-12: the contract.</summary>
    public string? ContractReference { get; init; }

    /// <summary>BT-13: the buyer's order.</summary>
    public string? PurchaseOrderReference { get; init; }

    /// <summary>BT-14: the seller's order.</summary>
    public string? SalesOrderReference { get; init; }

    /// <summary>BT-15: the receiving advice.</summary>
    public string? ReceivingAdviceReference { get; init; }

    /// <summary>BT-16: the despatch advice.</summary>
    public string? DespatchAdviceReference { get; init; }

    /// <summary>BT-17: the tender or lot.</summary>
    public string? TenderReference { get; init; }

    /// <summary>BT-18: the object it is about, such as a meter or a subscription.</summary>
    public Identifier? InvoicedObject { get; init; }

    /// <summary>BT-19: where the buyer books it.</summary>
    public string? BuyerAccountingReference { get; init; }

    /// <summary>BT-20: the terms of payment in words.</summary>
    public string? PaymentTerms { get; init; }

    /// <summary>BG-1: notes.</summary>
    public IReadOnlyList<Note> Notes { get; init; } = [];

    /// <summary>BG-3: the invoices before it that it corrects or settles.</summary>
    public IReadOnlyList<PrecedingInvoice> PrecedingInvoices { get; init; } = [];

    /// <summary>BG-4: who sells.</summary>
    public required Seller Seller { get; init; }

    /// <summary>BG-7: who buys.</summary>
    public required Buyer Buyer { get; init; }

    /// <summary>BG-10: who is paid, where it is not the seller.</summary>
    public Payee? Payee { get; init; }

    /// <summary>BG-11: who answers for the seller's VAT.</summary>
    public TaxRepresentative? TaxRepresentative { get; init; }

    /// <summary>BG-13: where and when it was delivered.</summary>
    public Delivery? Delivery { get; init; }

    /// <summary>BG-14: the period it is about.</summary>
    public Period? Period { get; init; }

    /// <summary>BG-16: how it is paid.</summary>
    public PaymentInstructions? Payment { get; init; }

    /// <summary>BG-20: allowances on the whole invoice.</summary>
    public IReadOnlyList<DocumentAllowance> Allowances { get; init; } = [];

    /// <summary>BG-21: charges on the whole invoice.</summary>
    public IReadOnlyList<DocumentAllowance> Charges { get; init; } = [];

    /// <summary>BG-22: its totals.</summary>
    public required DocumentTotals Totals { get; init; }

    /// <summary>BG-23: its VAT by category and rate.</summary>
    public IReadOnlyList<VatBreakdown> VatBreakdown { get; init; } = [];

    /// <summary>BG-24: what supports it.</summary>
    public IReadOnlyList<SupportingDocument> SupportingDocuments { get; init; } = [];

    /// <summary>BG-25: what is invoiced.</summary>
    public IReadOnlyList<InvoiceLine> Lines { get; init; } = [];
}

/// <summary>BG-2: the process it takes part in and the rules it follows.</summary>
public sealed record ProcessControl
{
    /// <summary>BT-23: the business process.</summary>
    public string? Process { get; init; }

    /// <summary>BT-24: the specification it conforms to, such as urn:cen.eu:en16931:2017.</summary>
    public required string Specification { get; init; }
}

/// <summary>An identifier and the scheme it comes from.</summary>
public sealed record Identifier(string Value, string? Scheme = null, string? SchemeVersion = null);

/// <summary>BG-1: something to be known about it.</summary>
public sealed record Note
{
    /// <summary>BT-21: what it is about (UNTDID 4451).</summary>
    public string? Subject { get; init; }

    /// <summary>BT-22: the note.</summary>
    public required string Text { get; init; }
}

/// <summary>BG-3: an invoice before this one.</summary>
public sealed record PrecedingInvoice
{
    /// <summary>BT-25: its number.</summary>
    public required string Number { get; init; }

    /// <summary>BT-26: the day it was issued.</summary>
    public DateOnly? IssueDate { get; init; }
}

/// <summary>BG-14 and BG-26: a period of an invoice or of a line.</summary>
public sealed record Period
{
    /// <summary>BT-73, BT-134: its first day.</summary>
    public DateOnly? Start { get; init; }

    /// <summary>BT-74, BT-135: its last day.</summary>
    public DateOnly? End { get; init; }
}

/// <summary>BG-24: a document that supports the invoice, by reference, address or attached.</summary>
public sealed record SupportingDocument
{
    /// <summary>BT-122: its reference.</summary>
    public required string Reference { get; init; }

    /// <summary>BT-123: what it is.</summary>
    public string? Description { get; init; }

    /// <summary>BT-124: where it lies.</summary>
    public string? Location { get; init; }

    /// <summary>BT-125: the document itself.</summary>
    public Attachment? Attached { get; init; }
}

/// <summary>BT-125: a file inside the invoice, with its media type (BT-125-1) and name (BT-125-2).</summary>
public sealed record Attachment(ReadOnlyMemory<byte> Content, string MimeCode, string FileName);
