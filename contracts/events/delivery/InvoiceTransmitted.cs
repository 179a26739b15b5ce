using MassTransit;

namespace RetailInvoicing.Contracts.Events.Delivery;

/// <summary>A channel accepted a message about an invoice.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record InvoiceTransmitted : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "delivery.invoice-transmitted.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The transmission.</summary>
    public required TransmissionId TransmissionId { get; init; }

    /// <summary>email, webhook, sms …</summary>
    public required string Channel { get; init; }

    /// <summary>invoice, reminder …</summary>
    public required string Purpose { get; init; }

    /// <summary>Who received it.</summary>
    public required string Recipient { get; init; }

    /// <summary>When the channel accepted it.</summary>
    public required DateTimeOffset TransmittedAt { get; init; }
}
