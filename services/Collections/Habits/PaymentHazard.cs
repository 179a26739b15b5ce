namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// The chance that an invoice which is still open is paid on a day, with nobody doing more about it than the reminders that go out anyway.
/// <para>
/// Model. A discrete hazard that is constant within a band of age (days from the due date), times a factor of the part of the month.
/// Payments within a band are binomial over the days at risk, so with a beta prior of mean h and weight w the chance is
/// (payments + w · h) / (days + w). Open invoices count with the days they have been open: without them late payers would be unknown until
/// they pay.
/// </para>
/// <para>
/// Shrinking. Each level is the prior of the next: the table below, all customers of the seller (weight
/// <see cref="SellerWeight" /> days at risk a band), its businesses or its consumers (<see cref="SegmentWeight" />), the customer
/// (<see cref="CustomerWeight" /> unless the seller's history asks for another, see <see cref="HazardWeight" />). A level that has seen
/// nothing says what the level above says; one that has seen much says what it saw.
/// </para>
/// <para>
/// Month. The factor of a part is gamma-Poisson: (payments + a · factor above) / (expected + a), where expected is what the ages alone
/// made expect on those days when they were learned. So a customer who always pays a fixed time after the due date has no habit of the
/// month, and one who pays when wages come has. The weight a is <see cref="MonthWeight" /> expected payments, and the table's factors are 1.
/// </para>
/// </summary>
public sealed class PaymentHazard
{
    /// <summary>Days at risk a band that the table counts as.</summary>
    public const double SellerWeight = 150;

    /// <summary>Days at risk a band that all of a seller's customers count as for its businesses or consumers.</summary>
    public const double SegmentWeight = 60;

    /// <summary>Days at risk a band that the segment counts as for a customer, where the seller's history is too short to say.</summary>
    public const double CustomerWeight = 8;

    /// <summary>Expected payments a part of the month that the level above counts as.</summary>
    public const double MonthWeight = 1;

    private const double Least = 1e-5;
    private const double Most = 0.95;

    // An even course of payment, no study's: a quarter before the due date, half by four days after it, four fifths within a month, and
    // what is open after half a year trickles. A seller's own first hundred invoices outweigh it.
    private static readonly double[] Table =
    [
        0.004,
        0.005,
        0.006,
        0.010,
        0.020,
        0.040,
        0.120,
        0.080,
        0.060,
        0.050,
        0.040,
        0.036,
        0.034,
        0.032,
        0.030,
        0.028,
        0.028,
        0.028,
        0.022,
        0.018,
        0.015,
        0.012,
        0.010,
        0.008,
        0.006,
        0.004,
        0.002,
    ];

    private readonly double[] _byAge;
    private readonly double[] _byMonthPart;

    private PaymentHazard(double[] byAge, double[] byMonthPart) => (_byAge, _byMonthPart) = (byAge, byMonthPart);

    /// <summary>What is said of a seller that nothing is known of.</summary>
    public static readonly PaymentHazard Prior = new(Table, [.. Enumerable.Repeat(1.0, MonthPart.Count)]);

    /// <summary>The level below: the sums of a seller, a segment or a customer, shrunk towards the level above.</summary>
    public static PaymentHazard Of(PaymentHazard above, Habit sums, double weight)
    {
        var byAge = new double[AgeBand.Count];
        for (var band = 0; band < byAge.Length; band++)
        {
            byAge[band] = Math.Clamp((sums.PaidByAge[band] + weight * above._byAge[band]) / (sums.DaysByAge[band] + weight), Least, Most);
        }

        var byPart = new double[MonthPart.Count];
        for (var part = 0; part < byPart.Length; part++)
        {
            byPart[part] =
                (sums.PaidByMonthPart[part] + MonthWeight * above._byMonthPart[part]) / (sums.ExpectedByMonthPart[part] + MonthWeight);
        }

        return new PaymentHazard(byAge, byPart);
    }

    /// <summary>The chance on a day, counted from the due date, whatever the part of the month.</summary>
    public double ByAge(int day) => _byAge[AgeBand.Of(day)];

    /// <summary>The factor of a date's part of the month.</summary>
    public double ByMonthPart(DateOnly date) => _byMonthPart[MonthPart.Of(date)];

    /// <summary>The part of the month in which most is paid, and its factor.</summary>
    public (int Part, double Factor) BestMonthPart()
    {
        var part = Array.IndexOf(_byMonthPart, _byMonthPart.Max());
        return (part, _byMonthPart[part]);
    }

    /// <summary>The chance on a date of an invoice due on another, while it is open.</summary>
    public double On(DateOnly due, DateOnly date) => Math.Clamp(ByAge(date.DayNumber - due.DayNumber) * ByMonthPart(date), Least, Most);

    /// <summary>The chance that what is open in the morning of that day is paid within so many days, that day the first.</summary>
    public double Within(DateOnly due, DateOnly today, int days)
    {
        var open = 1.0;
        for (var i = 0; i < days; i++)
        {
            open *= 1 - On(due, today.AddDays(i));
        }

        return 1 - open;
    }
}
