using MassTransit;

namespace RetailInvoicing.Contracts.Events.Payments;

/// <summary>Nothing of an invoice is open any more; told once.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record InvoicePaid : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "payments.invoice-paid.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What the invoice asked for.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>When nothing was open any more.</summary>
    public required DateTimeOffset PaidAt { get; init; }
}
