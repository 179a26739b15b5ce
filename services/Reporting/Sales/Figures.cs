namespace RetailInvoicing.Reporting.Sales;

/// <summary>What invoices come to: how many, their totals net of returns, and what came back with VAT, positive.</summary>
public readonly record struct Figures
{
    /// <summary>How many invoices.</summary>
    public long Invoices { get; init; }

    /// <summary>How many of them are corrective.</summary>
    public long ReturnInvoices { get; init; }

    /// <summary>BT-109, net of returns.</summary>
    public decimal TotalWithoutVat { get; init; }

    /// <summary>BT-110, net of returns.</summary>
    public decimal VatTotal { get; init; }

    /// <summary>BT-112, net of returns.</summary>
    public decimal TotalWithVat { get; init; }

    /// <summary>What corrective invoices took back, with VAT.</summary>
    public decimal Returns { get; init; }

    /// <summary>Both together.</summary>
    public static Figures operator +(Figures left, Figures right) =>
        new()
        {
            Invoices = left.Invoices + right.Invoices,
            ReturnInvoices = left.ReturnInvoices + right.ReturnInvoices,
            TotalWithoutVat = left.TotalWithoutVat + right.TotalWithoutVat,
            VatTotal = left.VatTotal + right.VatTotal,
            TotalWithVat = left.TotalWithVat + right.TotalWithVat,
            Returns = left.Returns + right.Returns,
        };
}
