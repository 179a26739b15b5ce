using MassTransit;

namespace RetailInvoicing.Contracts.Events.Delivery;

/// <summary>A message was given up after all its attempts.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record TransmissionFailed : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "delivery.transmission-failed.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice it was about.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The transmission.</summary>
    public required TransmissionId TransmissionId { get; init; }

    /// <summary>email, webhook, sms …</summary>
    public required string Channel { get; init; }

    /// <summary>invoice, reminder …</summary>
    public required string Purpose { get; init; }

    /// <summary>Who should have received it.</summary>
    public required string Recipient { get; init; }

    /// <summary>Why it failed for good.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset FailedAt { get; init; }
}
