using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>Somebody of the seller's did something about a receivable outside of this system, such as a call; what was said is not told.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record ActRecorded : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.act-recorded.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>call, email, sms, letter, visit or note.</summary>
    public required string Kind { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
