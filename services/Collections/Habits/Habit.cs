namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// What a customer, or all customers of a seller together, have done so far: sums, to which each settled invoice adds. They are all that
/// the chances need: a discrete hazard's likelihood depends on nothing but payments and days at risk.
/// </summary>
public sealed record Habit
{
    /// <summary>Nothing known.</summary>
    public static Habit None =>
        new()
        {
            PaidByAge = new float[AgeBand.Count],
            DaysByAge = new float[AgeBand.Count],
            PaidByMonthPart = new float[MonthPart.Count],
            ExpectedByMonthPart = new float[MonthPart.Count],
            ActUnpaid = new float[ActKinds.Count],
            ActUnmoved = new float[ActKinds.Count],
            Acts = new float[ActKinds.Count],
        };

    /// <summary>Invoices paid.</summary>
    public int Paid { get; init; }

    /// <summary>Those of them that were paid after their due date.</summary>
    public int PaidLate { get; init; }

    /// <summary>Days past the due date of all of them together, early ones counting against late ones.</summary>
    public long DaysLate { get; init; }

    /// <summary>When the last one was paid.</summary>
    public DateOnly? LastPaidOn { get; init; }

    /// <summary>Payments on quiet days, by band of age.</summary>
    public required float[] PaidByAge { get; init; }

    /// <summary>Quiet days at risk, by band of age.</summary>
    public required float[] DaysByAge { get; init; }

    /// <summary>Payments on quiet days, by part of the month.</summary>
    public required float[] PaidByMonthPart { get; init; }

    /// <summary>How many payments the age alone would have made expect there.</summary>
    public required float[] ExpectedByMonthPart { get; init; }

    /// <summary>Acts judged, by kind: one for each invoice that an act was about.</summary>
    public required float[] Acts { get; init; }

    /// <summary>Those after which the invoice was not paid within the window.</summary>
    public required float[] ActUnpaid { get; init; }

    /// <summary>How many of them would have stayed unpaid anyway, by the chances without an act.</summary>
    public required float[] ActUnmoved { get; init; }

    /// <summary>The share of invoices paid late; half where nothing is known.</summary>
    public double LateShare => (PaidLate + 1.0) / (Paid + 2.0);

    /// <summary>Days past the due date on average; none where nothing was paid.</summary>
    public double? UsualDaysLate => Paid == 0 ? null : (double)DaysLate / Paid;

    /// <summary>
    /// The habit with an invoice's days more, or with those of several that were issued and due on the same days; what would have been
    /// expected of each day is the hazard's word before it.
    /// </summary>
    public Habit With(Exposure exposure, PaymentHazard before, int invoices = 1)
    {
        var (paidByAge, daysByAge) = ((float[])PaidByAge.Clone(), (float[])DaysByAge.Clone());
        var (paidByPart, expectedByPart) = ((float[])PaidByMonthPart.Clone(), (float[])ExpectedByMonthPart.Clone());
        foreach (var (day, date, paid) in exposure.Days())
        {
            var (band, part) = (AgeBand.Of(day), MonthPart.Of(date));
            daysByAge[band] += invoices;
            expectedByPart[part] += (float)(invoices * before.ByAge(day));
            if (paid)
            {
                paidByAge[band] += invoices;
                paidByPart[part] += invoices;
            }
        }

        var late = exposure.To.DayNumber - exposure.Due.DayNumber;
        return this with
        {
            PaidByAge = paidByAge,
            DaysByAge = daysByAge,
            PaidByMonthPart = paidByPart,
            ExpectedByMonthPart = expectedByPart,
            Paid = Paid + (exposure.Paid ? invoices : 0),
            PaidLate = PaidLate + (exposure.Paid && late > 0 ? invoices : 0),
            DaysLate = DaysLate + (exposure.Paid ? (long)late * invoices : 0),
            LastPaidOn = exposure.Paid && (LastPaidOn is null || exposure.To > LastPaidOn) ? exposure.To : LastPaidOn,
        };
    }

    /// <summary>The habit with an act judged more: whether the invoice was paid within the window, and the chance that it would not have been anyway.</summary>
    public Habit With(ActKind kind, bool paid, double unmoved)
    {
        var (acts, actUnpaid, actUnmoved) = ((float[])Acts.Clone(), (float[])ActUnpaid.Clone(), (float[])ActUnmoved.Clone());
        acts[(int)kind]++;
        actUnpaid[(int)kind] += paid ? 0 : 1;
        actUnmoved[(int)kind] += (float)unmoved;
        return this with { Acts = acts, ActUnpaid = actUnpaid, ActUnmoved = actUnmoved };
    }

    /// <summary>Both together.</summary>
    public Habit Plus(Habit other) =>
        this with
        {
            Paid = Paid + other.Paid,
            PaidLate = PaidLate + other.PaidLate,
            DaysLate = DaysLate + other.DaysLate,
            LastPaidOn = LastPaidOn is null || other.LastPaidOn > LastPaidOn ? other.LastPaidOn : LastPaidOn,
            PaidByAge = Sum(PaidByAge, other.PaidByAge),
            DaysByAge = Sum(DaysByAge, other.DaysByAge),
            PaidByMonthPart = Sum(PaidByMonthPart, other.PaidByMonthPart),
            ExpectedByMonthPart = Sum(ExpectedByMonthPart, other.ExpectedByMonthPart),
            Acts = Sum(Acts, other.Acts),
            ActUnpaid = Sum(ActUnpaid, other.ActUnpaid),
            ActUnmoved = Sum(ActUnmoved, other.ActUnmoved),
        };

    private static float[] Sum(float[] one, float[] other) => [.. one.Zip(other, static (a, b) => a + b)];
}
