using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What a seller asks to correct of an invoice (RD 1619/2012 art. 15, LIVA art. 80).</summary>
public sealed record CorrectionRequest
{
    /// <summary>By differences, or by substitution with the whole sale anew.</summary>
    public required CorrectionMethod Method { get; init; }

    /// <summary>R1 to R5.</summary>
    public required string Reason { get; init; }

    /// <summary>In words; with R2 and R3 the facts.</summary>
    public string? ReasonText { get; init; }

    /// <summary>Only VAT is taken back, and the debt stays: with R2 and R3.</summary>
    public bool VatOnly { get; init; }

    /// <summary>The differences, negative quantities taking away; or the whole sale anew. Prices as on the invoice, with or without VAT.</summary>
    public IReadOnlyList<SaleLine> Lines { get; init; } = [];

    /// <summary>Reductions of the whole, where it is stated anew.</summary>
    public IReadOnlyList<SaleAllowance> Allowances { get; init; } = [];

    /// <summary>Additions to the whole, where it is stated anew.</summary>
    public IReadOnlyList<SaleCharge> Charges { get; init; } = [];

    /// <summary>Money given back or taken with the correction, by differences.</summary>
    public IReadOnlyList<SalePayment> Payments { get; init; } = [];

    /// <summary>The right buyer, by substitution, where the invoice has a wrong one.</summary>
    public SaleBuyer? Buyer { get; init; }
}

/// <summary>Tickets to give one full invoice for (RD 1619/2012 art. 15.6; AEAT F3).</summary>
public sealed record ExchangeRequest
{
    /// <summary>The tickets.</summary>
    public required IReadOnlyList<InvoiceId> TicketInvoiceIds { get; init; }

    /// <summary>Who asks for the invoice.</summary>
    public required SaleBuyer Buyer { get; init; }
}

/// <summary>An invoice that should never have been.</summary>
public sealed record CancellationRequest
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
