using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>What can be subscribed: every event that says whose business it is.</summary>
public static class WebhookEvents
{
    /// <summary>All of them, those to come as well.</summary>
    public const string Any = "*";

    /// <summary>Their exchanges.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        ActRecorded.Exchange,
        ForecastMade.Exchange,
        DisputeRaised.Exchange,
        DunningNoticeIssued.Exchange,
        PromiseJudged.Exchange,
        PromiseMade.Exchange,
        ReceivableOverdue.Exchange,
        ReceivableSettled.Exchange,
        InvoiceTransmitted.Exchange,
        TransmissionFailed.Exchange,
        ApiKeyRevoked.Exchange,
        FiscalRecordAccepted.Exchange,
        FiscalRecordRejected.Exchange,
        InvoiceCancelled.Exchange,
        InvoiceCorrected.Exchange,
        InvoiceIssued.Exchange,
        SaleRefused.Exchange,
        SellerRegistered.Exchange,
        InvoicePaid.Exchange,
        MoneyMoved.Exchange,
        PaymentAllocated.Exchange,
        PaymentReceived.Exchange,
        PaymentRefunded.Exchange,
        PaymentReversed.Exchange,
    ];

    private static readonly HashSet<string> Names = new(All, StringComparer.Ordinal);

    /// <summary>Whether it is the name of one.</summary>
    public static bool IsOne(string name) => Names.Contains(name);

    /// <summary>Whether it may stand among a webhook's events.</summary>
    public static bool IsWanted(string? name) => name is not null && (name == Any || IsOne(name));

    /// <summary>The exchanges that a list of wishes comes to.</summary>
    public static IReadOnlySet<string> Of(IReadOnlyCollection<string> wishes) =>
        wishes.Contains(Any) ? Names : wishes.Where(IsOne).ToHashSet(StringComparer.Ordinal);
}
