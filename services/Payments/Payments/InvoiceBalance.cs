using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Payments;

/// <summary>What an invoice asked for, what was paid on it and what is open.</summary>
public sealed record InvoiceBalance
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Whether nothing of it is stored yet.</summary>
    public bool IsNew { get; init; }

    /// <summary>Whether the invoice itself has been heard of; a credit for it may come first.</summary>
    public bool Opened { get; init; }

    /// <summary>BT-5.</summary>
    public Currency Currency { get; init; }

    /// <summary>BT-112.</summary>
    public decimal TotalWithVat { get; init; }

    /// <summary>What it adds to the receivable.</summary>
    public decimal Asked { get; init; }

    /// <summary>Payments and credit allocated to it.</summary>
    public decimal Paid { get; init; }

    /// <summary>What of them was given back.</summary>
    public decimal Refunded { get; init; }

    /// <summary>Under way at a provider, its outcome unknown.</summary>
    public decimal InFlight { get; init; }

    /// <summary>Counts up with every change.</summary>
    public long Version { get; init; }

    /// <summary>How often nothing was open any more.</summary>
    public int Settlements { get; init; }

    /// <summary>Whether nothing is open, and that was told.</summary>
    public bool Settled { get; init; }

    /// <summary>What is open.</summary>
    public decimal AmountDue => Asked - Paid + Refunded;
}
