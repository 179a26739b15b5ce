using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// Who wants to pay, and what of this seller's that gives a right to: the holder of a link to one invoice, of a link to everything open of
/// a customer or to what a reminder asked for, or who proved the e-mail address that invoices were sent to.
/// </summary>
public sealed record Payer(SellerId SellerId)
{
    /// <summary>The invoice that the link is for.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The customer that the link is for.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>What a reminder asked for, where the link is for that: those invoices alone.</summary>
    public Guid? AskedId { get; init; }

    /// <summary>The proved address, in small letters.</summary>
    public string? Email { get; init; }

    /// <summary>An address as invoices' contacts are kept.</summary>
    public static string AsKept(string email) => email.Trim().ToLowerInvariant();
}
