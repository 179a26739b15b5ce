using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>Debits that went into one file, and what became of each.</summary>
public sealed record DebitBatch
{
    /// <summary>Its id; without dashes it is the file's message id.</summary>
    public Guid BatchId { get; init; }

    /// <summary>The shop's own key of it.</summary>
    public string? Reference { get; init; }

    /// <summary>The day of the collection.</summary>
    public DateOnly CollectOn { get; init; }

    /// <summary>The version of the file.</summary>
    public string Format { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>EUR: SEPA has no other.</summary>
    public Currency Currency { get; init; } = Currency.Eur;

    /// <summary>What the debits sum to.</summary>
    public decimal Amount { get; init; }

    /// <summary>How many there are.</summary>
    public int Count { get; init; }

    /// <summary>The debits, where one batch is asked for.</summary>
    public IReadOnlyList<Debit>? Debits { get; init; }

    /// <summary>How many are on their way.</summary>
    public int Submitted { get; init; }

    /// <summary>How many no line of the bank has answered in time: somebody has to say what became of them.</summary>
    public int Unanswered { get; init; }

    /// <summary>How many were collected.</summary>
    public int Collected { get; init; }

    /// <summary>How many were returned.</summary>
    public int Returned { get; init; }

    /// <summary>How many were cancelled before the file was sent.</summary>
    public int Cancelled { get; init; }
}

/// <summary>What is collected for one invoice, and what became of it.</summary>
public sealed record Debit
{
    /// <summary>It is in the file, and nobody knows yet what comes of it.</summary>
    public const string IsSubmitted = "submitted";

    /// <summary>The time in which banks settle and return is over, and no line of the bank says what came of it.</summary>
    public const string IsUnanswered = "unanswered";

    /// <summary>The money came.</summary>
    public const string IsCollected = "collected";

    /// <summary>The money went back, or never came.</summary>
    public const string IsReturned = "returned";

    /// <summary>The file was not sent.</summary>
    public const string IsCancelled = "cancelled";

    /// <summary>What the bank's statement and a return name.</summary>
    public string EndToEndId { get; init; } = "";

    /// <summary>The group of the file that it is in: one line of the bank's statement.</summary>
    public string PaymentInformationId { get; init; } = "";

    /// <summary>The invoice.</summary>
    public InvoiceId InvoiceId { get; init; }

    /// <summary>The mandate.</summary>
    public string MandateId { get; init; } = "";

    /// <summary>first, recurring or one-off.</summary>
    public string Sequence { get; init; } = "";

    /// <summary>How much.</summary>
    public decimal Amount { get; init; }

    /// <summary>submitted, unanswered, collected, returned or cancelled.</summary>
    public string State { get; init; } = IsSubmitted;

    /// <summary>collection-day, bank-line, decision or decision-overdue; absent once its outcome is known.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>The day on which it is looked at next; absent once its outcome is known.</summary>
    public DateOnly? NextCheckOn { get; init; }

    /// <summary>The money in the books, once there was some.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>When it was collected.</summary>
    public DateOnly? CollectedOn { get; init; }

    /// <summary>When it was returned.</summary>
    public DateOnly? ReturnedOn { get; init; }

    /// <summary>Why it was returned.</summary>
    public ReturnReason? Reason { get; init; }
}
