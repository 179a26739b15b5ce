using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>A sale posted by the bus was refused; nothing was numbered.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record SaleRefused : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.sale-refused.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The sale, as far as it could be read.</summary>
    public SaleId? SaleId { get; init; }

    /// <summary>The stable code of the refusal.</summary>
    public required string Code { get; init; }

    /// <summary>The refusal in words.</summary>
    public required string Detail { get; init; }

    /// <summary>Each thing that is wrong.</summary>
    public IReadOnlyList<RefusalDetail> Errors { get; init; } = [];

    /// <summary>When.</summary>
    public required DateTimeOffset RefusedAt { get; init; }
}

/// <summary>One thing that is wrong with a sale.</summary>
public sealed record RefusalDetail
{
    /// <summary>Stable code.</summary>
    public required string Code { get; init; }

    /// <summary>Where in the body, as a JSON path.</summary>
    public string? Path { get; init; }

    /// <summary>In words.</summary>
    public required string Detail { get; init; }
}
