namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// The days on which an invoice could have been paid and whether it was on the last of them. Days after a person's act, the act's own
/// included, are left out: what happens then says what acts do, not what the customer does by itself.
/// </summary>
public sealed record Exposure
{
    // Nobody's habit shows before or after; it also bounds the work for a date of another century.
    private const int FirstDay = -60;
    private const int LastDay = 540;

    /// <summary>The first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day: that of the payment, or the last that has passed without one.</summary>
    public required DateOnly To { get; init; }

    /// <summary>When it was due.</summary>
    public required DateOnly Due { get; init; }

    /// <summary>Whether it was paid on the last day.</summary>
    public required bool Paid { get; init; }

    /// <summary>The days of acts on the customer.</summary>
    public IReadOnlyList<DateOnly> Acts { get; init; } = [];

    /// <summary>Each quiet day, counted from the due date, whether it was paid on it.</summary>
    public IEnumerable<(int Day, DateOnly Date, bool Paid)> Days()
    {
        var first = Math.Max(From.DayNumber, Due.DayNumber + FirstDay);
        var last = Math.Min(To.DayNumber, Due.DayNumber + LastDay);
        for (var number = first; number <= last; number++)
        {
            var date = DateOnly.FromDayNumber(number);
            if (!IsAfterAct(date))
            {
                yield return (number - Due.DayNumber, date, Paid && number == To.DayNumber);
            }
        }
    }

    private bool IsAfterAct(DateOnly date)
    {
        foreach (var act in Acts)
        {
            var since = date.DayNumber - act.DayNumber;
            if (since is >= 0 and < ActKinds.Window)
            {
                return true;
            }
        }

        return false;
    }
}
