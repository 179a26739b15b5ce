using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Contracts.Grpc.Events;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>The events that reports follow from, by the service that keeps them, and how their bodies are read.</summary>
public static class KeptEvents
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        [SellerRegistered.Exchange] = typeof(SellerRegistered),
        [InvoiceIssued.Exchange] = typeof(InvoiceIssued),
        [InvoiceCancelled.Exchange] = typeof(InvoiceCancelled),
        [PaymentReceived.Exchange] = typeof(PaymentReceived),
        [PaymentAllocated.Exchange] = typeof(PaymentAllocated),
        [PaymentRefunded.Exchange] = typeof(PaymentRefunded),
        [PaymentReversed.Exchange] = typeof(PaymentReversed),
        [MoneyMoved.Exchange] = typeof(MoneyMoved),
        [DunningNoticeIssued.Exchange] = typeof(DunningNoticeIssued),
        [PromiseMade.Exchange] = typeof(PromiseMade),
        [PromiseJudged.Exchange] = typeof(PromiseJudged),
        [ActRecorded.Exchange] = typeof(ActRecorded),
        [DisputeRaised.Exchange] = typeof(DisputeRaised),
        [ForecastMade.Exchange] = typeof(ForecastMade),
    };

    /// <summary>The services, in the order that they are read in: sellers and invoices first.</summary>
    public static IReadOnlyList<string> Sources { get; } = ["invoicing", "payments", "collections"];

    /// <summary>What is heard of a service.</summary>
    public static IReadOnlyList<string> NamesOf(string source) =>
        [.. Types.Keys.Where(name => name.StartsWith($"{source}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>What its service told.</summary>
    public static IEvent Read(KeptEvent kept) => (IEvent)JsonSerializer.Deserialize(kept.Body.Span, Types[kept.Name], Wire.Tolerant)!;
}
