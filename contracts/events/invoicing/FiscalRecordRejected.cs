using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>The tax agency rejected a fiscal record.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record FiscalRecordRejected : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.fiscal-record-rejected.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The record's huella.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What the agency found wrong.</summary>
    public required IReadOnlyList<FiscalError> Errors { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RejectedAt { get; init; }
}
