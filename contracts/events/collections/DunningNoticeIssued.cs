using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>A reminder was handed to Delivery.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record DunningNoticeIssued : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.dunning-notice-issued.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The notice.</summary>
    public required NoticeId NoticeId { get; init; }

    /// <summary>The step of the dunning policy.</summary>
    public required string Step { get; init; }

    /// <summary>email, sms …</summary>
    public required string Channel { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset IssuedAt { get; init; }
}
