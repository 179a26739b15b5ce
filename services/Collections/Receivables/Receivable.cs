using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>How a receivable stands on a day.</summary>
public enum ReceivableStatus
{
    /// <summary>Something is open, and its due date has not passed.</summary>
    Open,

    /// <summary>Something is open, and its due date has passed in the seller's zone.</summary>
    Overdue,

    /// <summary>Nothing is open any more.</summary>
    Settled,
}

/// <summary>
/// What a customer owes for one invoice. It is the sum of the facts told of the invoice, in whatever order and however often they come.
/// </summary>
public sealed record Receivable
{
    /// <summary>Whom it is owed to.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>What for.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The invoice's number (BT-1); absent until Invoicing has told of it.</summary>
    public string? Number { get; init; }

    /// <summary>The seller's own name for the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>The customer's name.</summary>
    public string? CustomerName { get; init; }

    /// <summary>Where the customer is reminded.</summary>
    public string? Email { get; init; }

    /// <summary>Where short messages reach the customer.</summary>
    public string? Phone { get; init; }

    /// <summary>The customer's language.</summary>
    public string? Language { get; init; }

    /// <summary>Whether the customer buys as a business; absent where nothing was said.</summary>
    public bool? Business { get; init; }

    /// <summary>The shop.</summary>
    public StoreId? StoreId { get; init; }

    /// <summary>Where the customer is, such as ES-28 or US-NY.</summary>
    public string? Place { get; init; }

    /// <summary>Currency of every amount here.</summary>
    public Currency Currency { get; init; }

    /// <summary>What the invoice came to (BT-112).</summary>
    public decimal TotalWithVat { get; init; }

    /// <summary>What was due when it was issued (BT-115).</summary>
    public decimal IssuedDue { get; init; }

    /// <summary>When it is due (BT-9).</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>When it was issued (BT-2); absent for what was issued before that was kept.</summary>
    public DateOnly? IssueDate { get; init; }

    /// <summary>The instant of issue.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The reference that a transfer cites (BT-83).</summary>
    public string? PaymentReference { get; init; }

    /// <summary>When the invoice was cancelled, if it was.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Version of the balance below; 0 where Payments has told of none.</summary>
    public long BalanceVersion { get; init; }

    /// <summary>What is open by the latest allocation.</summary>
    public decimal BalanceDue { get; init; }

    /// <summary>When that allocation was made.</summary>
    public DateTimeOffset? BalanceAt { get; init; }

    /// <summary>Why that balance came to be; absent where money or credit came in the usual way.</summary>
    public string? BalanceCause { get; init; }

    /// <summary>When the money of that allocation was received; absent where it was no money, or nobody said.</summary>
    public DateTimeOffset? BalanceReceivedAt { get; init; }

    /// <summary>The corrective invoice of this invoice that gave that allocation's credit; absent where none did, or nobody said.</summary>
    public InvoiceId? BalanceCorrectiveInvoiceId { get; init; }

    /// <summary>When Payments last found nothing open.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When it became a receivable; absent for an invoice that nothing was ever due of.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>When nothing was open any more.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>When it was found overdue.</summary>
    public DateTimeOffset? OverdueAt { get; init; }

    /// <summary>What is open now: Payments' word where it has spoken, otherwise the invoice's; never less than nothing.</summary>
    public decimal AmountDue =>
        Number is null || CancelledAt is not null || PaidSinceBalance ? 0m
        : BalanceVersion > 0 ? Math.Max(0m, BalanceDue)
        : Math.Max(0m, IssuedDue);

    /// <summary>Whose it is: the seller's own name for the customer, else the address, else nobody's but this invoice's.</summary>
    public string CustomerKey =>
        CustomerId?.Value
        ?? (string.IsNullOrWhiteSpace(Email) ? null : $"mail:{Email.Trim().ToLowerInvariant()}")
        ?? $"invoice:{InvoiceId}";

    /// <summary>The balance that stands in the receivable itself, as a change among the others; none where Payments has told of none.</summary>
    public ReceivableChange? LatestChange =>
        BalanceVersion > 0 && BalanceAt is { } at
            ? new ReceivableChange
            {
                Version = BalanceVersion,
                At = at,
                AmountDue = BalanceDue,
                Cause = BalanceCause,
                ReceivedAt = BalanceReceivedAt,
                CorrectiveInvoiceId = BalanceCorrectiveInvoiceId,
            }
            : null;

    /// <summary>A payment reversed after the invoice was paid is a later balance, and opens it again.</summary>
    private bool PaidSinceBalance => PaidAt is { } paid && (BalanceAt is not { } balance || paid >= balance);

    /// <summary>The invoice was issued. An exchange for tickets asks for nothing that the tickets did not.</summary>
    public Receivable With(InvoiceIssued issued) =>
        Number is not null
            ? this
            : this with
            {
                Number = issued.Number,
                CustomerId = issued.Contact?.CustomerId ?? issued.Buyer?.CustomerId,
                CustomerName = issued.Contact?.Name ?? issued.Buyer?.Name,
                Email = issued.Contact?.Email ?? issued.Buyer?.Email,
                Phone = issued.Contact?.Phone ?? issued.Buyer?.Phone,
                Business = issued.Buyer?.Business,
                StoreId = issued.StoreId,
                Place = PlaceCode.Of(issued.Buyer?.Address ?? issued.Delivery?.Address),
                IssueDate = issued.IssueDate,
                IssuedAt = issued.IssuedAt,
                Language = issued.Contact?.Language ?? issued.Buyer?.Language,
                Currency = issued.Currency,
                TotalWithVat = issued.Totals.TotalWithVat,
                IssuedDue = issued.Kind == InvoiceKind.Exchange ? 0m : issued.Totals.AmountDue,
                DueDate = issued.DueDate ?? issued.IssueDate,
                PaymentReference = issued.PaymentReference,
            };

    /// <summary>The invoice was cancelled: nothing is owed for it.</summary>
    public Receivable With(InvoiceCancelled cancelled) => this with { CancelledAt = CancelledAt ?? cancelled.CancelledAt };

    /// <summary>Money or credit was allocated to the invoice; an older balance than the one known changes nothing.</summary>
    public Receivable With(PaymentAllocated allocated) =>
        allocated.BalanceVersion <= BalanceVersion
            ? this
            : this with
            {
                BalanceVersion = allocated.BalanceVersion,
                BalanceDue = allocated.AmountDue,
                BalanceAt = allocated.AllocatedAt,
                BalanceCause = allocated.Cause,
                BalanceReceivedAt = allocated.ReceivedAt,
                BalanceCorrectiveInvoiceId = allocated.CorrectiveInvoiceId,
            };

    /// <summary>Payments found nothing open.</summary>
    public Receivable With(InvoicePaid paid) => PaidAt >= paid.PaidAt ? this : this with { PaidAt = paid.PaidAt };

    /// <summary>What follows from the facts at this instant: it opens once something was due, is settled when nothing is, and may open again.</summary>
    public Receivable Following(DateTimeOffset now) =>
        Number is null || (IssuedDue <= 0m && AmountDue == 0m && OpenedAt is null) ? this
        : AmountDue > 0m ? this with { OpenedAt = OpenedAt ?? now, SettledAt = null }
        : this with { OpenedAt = OpenedAt ?? now, SettledAt = SettledAt ?? now };

    /// <summary>Days that the due date has passed by on that day; none or negative while it has not.</summary>
    public int DaysOverdueOn(DateOnly today) => DueDate is { } due ? today.DayNumber - due.DayNumber : 0;

    /// <summary>How it stands on that day of the seller.</summary>
    public ReceivableStatus StatusOn(DateOnly today) =>
        SettledAt is not null ? ReceivableStatus.Settled
        : DaysOverdueOn(today) > 0 ? ReceivableStatus.Overdue
        : ReceivableStatus.Open;
}
