using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>What was due of an invoice after one allocation, and why.</summary>
public sealed record ReceivableChange
{
    /// <summary>Counts up with every change of the invoice's balance; not every number is told.</summary>
    public required long Version { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was due after it.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>Why; absent where money came in the usual way.</summary>
    public string? Cause { get; init; }

    /// <summary>When its money was received; absent where it was no money, or nobody said.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The corrective invoice of this invoice that gave its credit; absent where none did, or nobody said.</summary>
    public InvoiceId? CorrectiveInvoiceId { get; init; }

    /// <summary>When it counts for promises and interest: a transfer that is booked the day after it came was there the day before.</summary>
    public DateTimeOffset CountsAt => ReceivedAt < At ? ReceivedAt.Value : At;

    /// <summary>The change that an allocation made.</summary>
    public static ReceivableChange Of(PaymentAllocated allocated) =>
        new()
        {
            Version = allocated.BalanceVersion,
            At = allocated.AllocatedAt,
            AmountDue = allocated.AmountDue,
            Cause = allocated.Cause,
            ReceivedAt = allocated.ReceivedAt,
            CorrectiveInvoiceId = allocated.CorrectiveInvoiceId,
        };
}

/// <summary>
/// What was due of an invoice at any instant, whatever order its facts came in: of the changes that had been made by then the one of the
/// highest version, before the first what the invoice asked for, before the invoice nothing.
/// </summary>
public sealed record ReceivableHistory
{
    /// <summary>The receivable as it is now; its own balance is the latest change.</summary>
    public required Receivable Receivable { get; init; }

    /// <summary>All changes that are known, in order of their versions.</summary>
    public required IReadOnlyList<ReceivableChange> Changes { get; init; }

    /// <summary>The history of a receivable and of the changes that were kept beside it.</summary>
    public static ReceivableHistory Of(Receivable receivable, IEnumerable<ReceivableChange> kept) =>
        new()
        {
            Receivable = receivable,
            Changes =
            [
                .. kept.Concat(receivable.LatestChange is { } latest ? [latest] : [])
                    .GroupBy(change => change.Version)
                    .OrderBy(version => version.Key)
                    .Select(version => version.Last()),
            ],
        };

    /// <summary>From when on it was asked for.</summary>
    public DateTimeOffset Begins => Receivable.IssuedAt ?? Receivable.OpenedAt ?? DateTimeOffset.MinValue;

    /// <summary>What was due at that instant, by what is known now.</summary>
    public decimal DueAt(DateTimeOffset instant)
    {
        if (Receivable.Number is null || instant < Begins || Receivable.CancelledAt <= instant)
        {
            return 0m;
        }

        var last = Changes.LastOrDefault(change => change.At <= instant);
        // Told as paid after the last allocation that is known: one of them is still on its way.
        return Receivable.PaidAt is { } paid && paid <= instant && (last is null || paid >= last.At)
            ? 0m
            : Math.Max(0m, last?.AmountDue ?? Receivable.IssuedDue);
    }

    /// <summary>
    /// What changed and when, each with what it changed by; the sum from the beginning to an instant is what was due then. What changes
    /// nothing is none, and a change that a later version overtook before it was made is none either.
    /// </summary>
    public IReadOnlyList<ReceivableMovement> Movements()
    {
        if (Receivable.Number is null)
        {
            return [];
        }

        var walk = new Walk();
        var cancelled = Receivable.CancelledAt;
        walk.To(Begins, ReceivableMovement.Invoice, cancelled <= Begins ? 0m : Math.Max(0m, Receivable.IssuedDue));
        var steps = Changes
            .Select(change => (At: Later(change.At, Begins), Order: change.Version, Change: (ReceivableChange?)change))
            .Concat(Receivable.PaidAt is { } paid ? [(Later(paid, Begins), long.MaxValue, null)] : [])
            .OrderBy(step => step.At)
            .ThenBy(step => step.Order);
        var last = default(ReceivableChange);
        foreach (var (at, _, change) in steps)
        {
            if (cancelled <= at)
            {
                break;
            }

            if (change is null)
            {
                walk.To(at, null, last is null || Receivable.PaidAt >= last.At ? 0m : walk.Due);
            }
            else if (last is null || change.Version > last.Version)
            {
                last = change;
                walk.To(at, change.Cause, Math.Max(0m, change.AmountDue), Later(change.CountsAt, Begins), change.CorrectiveInvoiceId);
            }
        }

        if (cancelled is { } end)
        {
            walk.To(Later(end, Begins), ReceivableMovement.Cancellation, 0m);
        }

        return walk.Movements;
    }

    /// <summary>
    /// The same in the order in which they count for promises and interest; the sum from the beginning to an instant is what was owed then
    /// by what had been received. Where an allocation was undone later, it may be less than nothing.
    /// </summary>
    public IReadOnlyList<ReceivableMovement> Counting() => [.. Movements().OrderBy(movement => movement.CountsAt)];

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>Movements as they are found.</summary>
    private sealed class Walk
    {
        private DateTimeOffset _takenBack = DateTimeOffset.MinValue;

        public List<ReceivableMovement> Movements { get; } = [];

        public decimal Due { get; private set; }

        public void To(DateTimeOffset at, string? cause, decimal due, DateTimeOffset? counts = null, InvoiceId? corrective = null)
        {
            if (due == Due)
            {
                return;
            }

            if (cause is "refund" or "reversal")
            {
                _takenBack = at;
            }

            // What comes again after it was taken back came then: the day it came first is taken already.
            Movements.Add(
                new(at, ReceivableMovement.Named(cause, due - Due), due - Due, due)
                {
                    CountsAt = due < Due && counts < at ? Later(counts.Value, _takenBack) : at,
                    CorrectiveInvoiceId = corrective,
                }
            );
            Due = due;
        }
    }
}

/// <summary>One change of what is due of an invoice: when, what it is called, by how much, and what was due after it.</summary>
public sealed record ReceivableMovement(DateTimeOffset At, string Kind, decimal Amount, decimal DueAfter)
{
    /// <summary>When it counts for promises and interest: where it was received earlier than it was put on the invoice, then.</summary>
    public DateTimeOffset CountsAt { get; init; } = At;

    /// <summary>The corrective invoice of this invoice that gave it; absent where none did, or nobody said.</summary>
    public InvoiceId? CorrectiveInvoiceId { get; init; }

    /// <summary>The invoice asked for it.</summary>
    public const string Invoice = "invoice";

    /// <summary>The invoice should never have been.</summary>
    public const string Cancellation = "cancellation";

    /// <summary>What a change is called in a statement: payment, correction, refund, reversal, write-off, undone, cancellation.</summary>
    public static string Named(string? cause, decimal amount) =>
        cause switch
        {
            Invoice or Cancellation or "refund" or "reversal" => cause,
            "credit" => "correction",
            "difference" or "write-off" or "write-off-undone" => "write-off",
            _ => amount < 0m ? "payment" : "undone",
        };
}
