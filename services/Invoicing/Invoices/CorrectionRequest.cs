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
    /// <summary>The tickets that were issued here.</summary>
    public IReadOnlyList<InvoiceId> TicketInvoiceIds { get; init; } = [];

    /// <summary>The tickets that a former system issued.</summary>
    public IReadOnlyList<FormerTicket> FormerTickets { get; init; } = [];

    /// <summary>Who asks for the invoice.</summary>
    public required SaleBuyer Buyer { get; init; }
}

/// <summary>A ticket that a former system issued, in EUR, as the customer holds it: nothing of it is known here but what this states.</summary>
public sealed record FormerTicket
{
    /// <summary>Its number (BT-25).</summary>
    public required string Number { get; init; }

    /// <summary>Its issue date (BT-26), whose VAT rates hold.</summary>
    public required DateOnly IssueDate { get; init; }

    /// <summary>The shop that sold.</summary>
    public required StoreId StoreId { get; init; }

    /// <summary>Whether unit prices, allowances and charges include VAT.</summary>
    public bool PricesIncludeVat { get; init; } = true;

    /// <summary>What was sold (BG-25).</summary>
    public required IReadOnlyList<SaleLine> Lines { get; init; }

    /// <summary>Reductions of the whole sale (BG-20).</summary>
    public IReadOnlyList<SaleAllowance> Allowances { get; init; } = [];

    /// <summary>Additions to the whole sale (BG-21).</summary>
    public IReadOnlyList<SaleCharge> Charges { get; init; } = [];

    /// <summary>What was paid; all of it where the ticket does not say how.</summary>
    public IReadOnlyList<SalePayment>? Payments { get; init; }
}

/// <summary>An invoice that should never have been.</summary>
public sealed record CancellationRequest
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
