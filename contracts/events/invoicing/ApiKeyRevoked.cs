using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>An API key was revoked; every service refuses it within seconds.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record ApiKeyRevoked : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.api-key-revoked.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The key that no longer opens anything.</summary>
    public required KeyId KeyId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RevokedAt { get; init; }
}
