using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>A customer promised to pay.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record PromiseMade : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.promise-made.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The day promised.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much was promised.</summary>
    public required decimal Amount { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset MadeAt { get; init; }
}
