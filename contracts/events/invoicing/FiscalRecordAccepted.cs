using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>The tax agency accepted a fiscal record.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record FiscalRecordAccepted : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.fiscal-record-accepted.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The record's huella.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Código seguro de verificación.</summary>
    public string? Csv { get; init; }

    /// <summary>Accepted, with errors to be mended.</summary>
    public bool WithErrors { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }
}
