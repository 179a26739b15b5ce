namespace RetailInvoicing.Collections.Habits;

/// <summary>A habit as it lies in a table, its sums as long as the bands are now: a version that knows more of them reads old rows too.</summary>
public sealed record HabitRow
{
    /// <summary>The seller.</summary>
    public string SellerId { get; init; } = "";

    /// <summary>The customer, where it is one's.</summary>
    public string CustomerKey { get; init; } = "";

    /// <summary>Whether it is that of the businesses, where it is a segment's.</summary>
    public bool Business { get; init; }

    /// <summary>Invoices paid.</summary>
    public int Paid { get; init; }

    /// <summary>Those paid late.</summary>
    public int PaidLate { get; init; }

    /// <summary>Their days past the due date.</summary>
    public long DaysLate { get; init; }

    /// <summary>The last payment.</summary>
    public DateOnly? LastPaidOn { get; init; }

    /// <summary>Payments by age.</summary>
    public float[] PaidByAge { get; init; } = [];

    /// <summary>Days at risk by age.</summary>
    public float[] DaysByAge { get; init; } = [];

    /// <summary>Payments by part of the month.</summary>
    public float[] PaidByMonthPart { get; init; } = [];

    /// <summary>Expected payments by part of the month.</summary>
    public float[] ExpectedByMonthPart { get; init; } = [];

    /// <summary>Acts by kind.</summary>
    public float[] Acts { get; init; } = [];

    /// <summary>Acts without payment by kind.</summary>
    public float[] ActUnpaid { get; init; } = [];

    /// <summary>Acts that would have stayed without payment by kind.</summary>
    public float[] ActUnmoved { get; init; } = [];

    /// <summary>Days at risk of what was open at the last forecast.</summary>
    public float[]? OpenDaysByAge { get; init; }

    /// <summary>Expected payments of what was open at the last forecast.</summary>
    public float[]? OpenExpectedByMonthPart { get; init; }

    /// <summary>How much the segment counts for a customer.</summary>
    public float? CustomerWeight { get; init; }

    /// <summary>The habit.</summary>
    public Habit Habit() =>
        new()
        {
            Paid = Paid,
            PaidLate = PaidLate,
            DaysLate = DaysLate,
            LastPaidOn = LastPaidOn,
            PaidByAge = Fit(PaidByAge, AgeBand.Count),
            DaysByAge = Fit(DaysByAge, AgeBand.Count),
            PaidByMonthPart = Fit(PaidByMonthPart, MonthPart.Count),
            ExpectedByMonthPart = Fit(ExpectedByMonthPart, MonthPart.Count),
            Acts = Fit(Acts, ActKinds.Count),
            ActUnpaid = Fit(ActUnpaid, ActKinds.Count),
            ActUnmoved = Fit(ActUnmoved, ActKinds.Count),
        };

    /// <summary>What was open at the last forecast; none before the first.</summary>
    public Habit? Open() =>
        OpenDaysByAge is null || OpenExpectedByMonthPart is null
            ? null
            : Habits.Habit.None with
            {
                DaysByAge = Fit(OpenDaysByAge, AgeBand.Count),
                ExpectedByMonthPart = Fit(OpenExpectedByMonthPart, MonthPart.Count),
            };

    private static float[] Fit(float[] kept, int count)
    {
        if (kept.Length == count)
        {
            return kept;
        }

        var fit = new float[count];
        Array.Copy(kept, fit, Math.Min(kept.Length, count));
        return fit;
    }
}
