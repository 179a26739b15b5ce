using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>An invoice of ours was corrected by another.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record InvoiceCorrected : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.invoice-corrected.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The corrective invoice.</summary>
    public required InvoiceId CorrectiveInvoiceId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public required string CorrectiveNumber { get; init; }

    /// <summary>By differences or by substitution.</summary>
    public required CorrectionMethod Method { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What the corrective invoice states (BT-112), negative where it reduces.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>Its amount due (BT-115), negative where it is a credit to the customer.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CorrectedAt { get; init; }
}
