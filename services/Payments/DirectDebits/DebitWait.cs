namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// What a debit waits for and until when, by the SEPA rulebooks: it settles on the day of its collection; the debtor's bank returns it within
/// five TARGET2 days (Core) or three (B2B); by Core a debtor asks for an authorised one back for eight weeks.
/// </summary>
public readonly record struct DebitWait(string State, string WaitsFor, DateOnly NextCheckOn)
{
    /// <summary>The bank is to collect it on its day.</summary>
    public const string CollectionDay = "collection-day";

    /// <summary>It should be settled; the bank's statement is to show it, or that it was returned.</summary>
    public const string BankLine = "bank-line";

    /// <summary>The time for a line is over: somebody says that it was collected, or cancels it. It may still be asked back.</summary>
    public const string Decision = "decision";

    /// <summary>Nobody can ask it back any more either.</summary>
    public const string DecisionOverdue = "decision-overdue";

    private const int ReturnDaysCore = 5;
    private const int ReturnDaysB2B = 3;
    private const int RefundDays = 8 * 7;
    private const int RemindDays = 28;

    /// <summary>What a debit that nobody has answered waits for on that day.</summary>
    public static DebitWait Of(DateOnly collectOn, string scheme, DateOnly today)
    {
        if (today < collectOn)
        {
            return new(Debit.IsSubmitted, CollectionDay, collectOn);
        }

        var isB2B = scheme == "b2b";
        // The last day for a return is to be over.
        var limit = TargetDays.After(collectOn, isB2B ? ReturnDaysB2B : ReturnDaysCore).AddDays(1);
        if (today < limit)
        {
            return new(Debit.IsSubmitted, BankLine, limit);
        }

        var refundsEnd = isB2B ? limit : collectOn.AddDays(RefundDays + 1);
        return today < refundsEnd
            ? new(Debit.IsUnanswered, Decision, refundsEnd)
            : new(Debit.IsUnanswered, DecisionOverdue, today.AddDays(RemindDays));
    }
}
