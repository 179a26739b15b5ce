using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>The day of a promise to pay is over, and it was kept, kept in part or broken; told again where money that came in time was heard of later: the latest counts.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record PromiseJudged : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.promise-judged.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The promise.</summary>
    public required Guid PromiseId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The day promised.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much was promised.</summary>
    public required decimal Amount { get; init; }

    /// <summary>How much of it came in time.</summary>
    public required decimal KeptAmount { get; init; }

    /// <summary>kept, partial or broken.</summary>
    public required string Standing { get; init; }

    /// <summary>When it was judged.</summary>
    public required DateTimeOffset JudgedAt { get; init; }
}
