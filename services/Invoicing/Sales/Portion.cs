using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>What a portion of a sale is.</summary>
internal enum PortionKind
{
    /// <summary>A line (BG-25).</summary>
    Line,

    /// <summary>An allowance of the document, or its share under one rate (BG-20).</summary>
    Allowance,

    /// <summary>A charge of the document, or its share under one rate (BG-21).</summary>
    Charge,
}

/// <summary>An amount of a sale under one treatment: as the till said it, and without and with VAT once its rate is settled.</summary>
internal sealed class Portion(PortionKind kind, int index, decimal amount, InvoiceVatBody vat)
{
    /// <summary>Line, allowance or charge.</summary>
    public PortionKind Kind { get; } = kind;

    /// <summary>Which one of the sale's.</summary>
    public int Index { get; } = index;

    /// <summary>As the till said it; negative for what comes back.</summary>
    public decimal Amount { get; } = amount;

    /// <summary>How it is taxed.</summary>
    public InvoiceVatBody Vat { get; } = vat;

    /// <summary>Without VAT.</summary>
    public decimal Net { get; set; }

    /// <summary>With VAT.</summary>
    public decimal Gross { get; set; }

    /// <summary>What a value of it adds to the sale: an allowance takes away.</summary>
    public decimal Adding(decimal value) => Kind == PortionKind.Allowance ? -value : value;

    /// <summary>Whether it is of that category and rate.</summary>
    public bool IsUnder(InvoiceVatBody other) =>
        ReferenceEquals(Vat, other) || (Vat.Rate == other.Rate && string.Equals(Vat.Category, other.Category, StringComparison.Ordinal));
}
