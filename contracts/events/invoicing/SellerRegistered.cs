using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>A seller was registered or changed; the whole of it, so that the other services know zone, IBAN, branding and staff.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record SellerRegistered : SellerBody, IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.seller-registered.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>Counts up with every change, so that an old copy does not overwrite a new one.</summary>
    public required long Version { get; init; }

    /// <summary>Who works there, with their roles.</summary>
    public IReadOnlyList<StaffMember> Staff { get; init; } = [];

    /// <summary>When it was registered or changed.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }
}
