using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>A receivable has nothing open any more.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record ReceivableSettled : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.receivable-settled.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset SettledAt { get; init; }
}
