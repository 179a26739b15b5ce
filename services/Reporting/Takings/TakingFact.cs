using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>What kind of thing was told of an invoice, a payment or the seller's money.</summary>
public static class FactKind
{
    /// <summary>An invoice was issued: what it asks for.</summary>
    public const string Issued = "issued";

    /// <summary>It was cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Money, credit or a write-off went to it, or was undone.</summary>
    public const string Allocated = "allocated";

    /// <summary>Its customer was reminded.</summary>
    public const string Noticed = "noticed";

    /// <summary>Somebody of the seller's called, wrote or went there.</summary>
    public const string Acted = "acted";

    /// <summary>Its customer promised to pay.</summary>
    public const string Promised = "promised";

    /// <summary>The day of a promise is over.</summary>
    public const string Judged = "judged";

    /// <summary>Its customer disputes it.</summary>
    public const string Disputed = "disputed";

    /// <summary>A payment was received.</summary>
    public const string Received = "received";

    /// <summary>What a corrective invoice gave is a payment that nobody made.</summary>
    public const string Credited = "credited";

    /// <summary>Money was given back.</summary>
    public const string Refunded = "refunded";

    /// <summary>Money was taken back from us.</summary>
    public const string Reversed = "reversed";

    /// <summary>Money that had left a payment is there again.</summary>
    public const string Regained = "regained";

    /// <summary>A payout, or a bank's charge.</summary>
    public const string Moved = "moved";
}

/// <summary>One thing that was told of an invoice, a payment or the seller's money; kept once, never changed.</summary>
public sealed record TakingFact
{
    /// <summary>Whose.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>Of which invoice or payment; of a movement of money, its event.</summary>
    public required Guid Subject { get; init; }

    /// <summary>The event that told it.</summary>
    public required EventId EventId { get; init; }

    /// <summary>What kind of thing, one of <see cref="FactKind" />.</summary>
    public required string Kind { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The day of it: of an invoice its issue date, of all else by the seller's zone as it was known when it was heard.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>How much was asked for, allocated, received, given back, promised, or moved.</summary>
    public decimal Amount { get; init; }

    /// <summary>What was paid with the sale; how much of a promise was kept; what was kept of a payout.</summary>
    public decimal Part { get; init; }

    /// <summary>The due date, or the day promised.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>
    /// How it was paid; why it was allocated; the channel of a notice; the kind of an act; how a promise stands; the number of an invoice.
    /// </summary>
    public string Means { get; init; } = "";

    /// <summary>Who took it; the step of a notice; the seller's own name for the customer of an invoice.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The payment that an allocation was taken from, or the promise that was judged.</summary>
    public Guid? Payment { get; init; }

    /// <summary>Which change of the invoice's balance an allocation was.</summary>
    public long Version { get; init; }

    /// <summary>Whether it is told of an invoice.</summary>
    public bool IsOfInvoice =>
        Kind
            is FactKind.Issued
                or FactKind.Cancelled
                or FactKind.Allocated
                or FactKind.Noticed
                or FactKind.Acted
                or FactKind.Promised
                or FactKind.Judged
                or FactKind.Disputed;

    /// <summary>What an event says, as facts, to a seller in that zone; nothing where it says nothing of money.</summary>
    public static IReadOnlyList<TakingFact> Of(IEvent told, string zone) =>
        [.. Of(told).Select(fact => fact.Kind == FactKind.Issued ? fact : fact with { Day = SellerClock.DayOf(fact.At, zone) })];

    private static IReadOnlyList<TakingFact> Of(IEvent told) =>
        told switch
        {
            InvoiceIssued issued =>
            [
                Of(issued, issued.InvoiceId, FactKind.Issued, issued.IssuedAt) with
                {
                    Day = issued.IssueDate,
                    Currency = issued.Currency,
                    Amount = Debt.Asked(issued),
                    Part = Debt.PaidWithSale(issued),
                    Date = issued.DueDate ?? issued.IssueDate,
                    Means = issued.Number,
                    Provider = (issued.Contact?.CustomerId ?? issued.Buyer?.CustomerId)?.Value ?? "",
                },
            ],
            InvoiceCancelled cancelled => [Of(cancelled, cancelled.InvoiceId, FactKind.Cancelled, cancelled.CancelledAt)],
            PaymentAllocated allocated => Of(allocated),
            PaymentReceived received =>
            [
                Of(received, received.PaymentId.Value, FactKind.Received, received.ReceivedAt) with
                {
                    Currency = received.Currency,
                    Amount = received.Amount,
                    Means = JsonNamingPolicy.KebabCaseLower.ConvertName(received.Means.ToString()),
                    Provider = received.Provider ?? "",
                },
            ],
            PaymentRefunded refunded =>
            [
                Of(refunded, refunded.PaymentId.Value, FactKind.Refunded, refunded.RefundedAt) with
                {
                    Currency = refunded.Currency,
                    Amount = refunded.Amount,
                },
            ],
            PaymentReversed reversed =>
            [
                Of(reversed, reversed.PaymentId.Value, FactKind.Reversed, reversed.ReversedAt) with
                {
                    Currency = reversed.Currency,
                    Amount = reversed.Amount,
                },
            ],
            MoneyMoved moved =>
            [
                Of(
                    moved,
                    moved.PaymentId?.Value ?? moved.EventId.Value,
                    moved.PaymentId is null ? FactKind.Moved : FactKind.Regained,
                    moved.MovedAt
                ) with
                {
                    Currency = moved.Currency,
                    Amount = moved.Amount,
                    Part = moved.Fees,
                    Means = moved.Movement,
                    Provider = moved.Provider ?? "bank",
                },
            ],
            DunningNoticeIssued notice =>
            [
                Of(notice, notice.InvoiceId, FactKind.Noticed, notice.IssuedAt) with
                {
                    Means = notice.Channel,
                    Provider = notice.Step,
                },
            ],
            ActRecorded act => [Of(act, act.InvoiceId, FactKind.Acted, act.RecordedAt) with { Means = act.Kind }],
            PromiseMade promise =>
            [
                Of(promise, promise.InvoiceId, FactKind.Promised, promise.MadeAt) with
                {
                    Currency = promise.Currency,
                    Amount = promise.Amount,
                    Date = promise.Date,
                },
            ],
            PromiseJudged judged =>
            [
                Of(judged, judged.InvoiceId, FactKind.Judged, judged.JudgedAt) with
                {
                    Currency = judged.Currency,
                    Amount = judged.Amount,
                    Part = judged.KeptAmount,
                    Date = judged.Date,
                    Means = judged.Standing,
                    Payment = judged.PromiseId,
                },
            ],
            DisputeRaised dispute => [Of(dispute, dispute.InvoiceId, FactKind.Disputed, dispute.RaisedAt)],
            _ => [],
        };

    /// <summary>What a corrective invoice gave is told by its allocations only: whose money is given back of it is known by them.</summary>
    private static TakingFact[] Of(PaymentAllocated allocated)
    {
        var fact = Of(allocated, allocated.InvoiceId, FactKind.Allocated, allocated.AllocatedAt) with
        {
            Currency = allocated.Currency,
            Amount = allocated.Amount,
            Means = allocated.Cause ?? "",
            Payment = allocated.PaymentId.Value,
            Version = allocated.BalanceVersion,
        };
        return allocated.Cause == Debt.Credit
            ?
            [
                fact,
                fact with
                {
                    Subject = allocated.PaymentId.Value,
                    Kind = FactKind.Credited,
                    Amount = 0m,
                    Means = Debt.Credit,
                    Provider = Debt.Credit,
                    Payment = null,
                    Version = 0,
                },
            ]
            : [fact];
    }

    private static TakingFact Of(IEvent told, InvoiceId invoice, string kind, DateTimeOffset at) => Of(told, invoice.Value, kind, at);

    private static TakingFact Of(IEvent told, Guid subject, string kind, DateTimeOffset at) =>
        new()
        {
            SellerId = told.SellerId,
            Subject = subject,
            EventId = told.EventId,
            Kind = kind,
            At = Kept(at),
            Day = default,
        };

    /// <summary>To the microsecond, as tables keep it.</summary>
    private static DateTimeOffset Kept(DateTimeOffset at)
    {
        var utc = at.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
