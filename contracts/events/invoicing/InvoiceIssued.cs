using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>An invoice of any kind was issued, corrective ones too: numbered, recorded and final.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record InvoiceIssued : InvoiceBody, IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.invoice-issued.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }
}
