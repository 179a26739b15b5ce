using RetailInvoicing.Collections.Habits;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>What bears on when an open invoice is paid.</summary>
public sealed record PayOutlook
{
    /// <summary>When it is due.</summary>
    public required DateOnly DueDate { get; init; }

    /// <summary>The day that the customer promised, if it did.</summary>
    public DateOnly? PromisedOn { get; init; }

    /// <summary>The chance that the customer keeps its word.</summary>
    public double KeepsPromises { get; init; } = 0.5;

    /// <summary>The share of it that the customer disputes.</summary>
    public double DisputedShare { get; init; }
}

/// <summary>
/// When an open invoice is expected to be paid, and between which days in four cases of five.
/// <para>
/// The course without more is the hazard's. A promise puts the chance that it is kept on the promised day and leaves the rest to the
/// course after it. What is disputed is paid <see cref="WhileDisputed" /> times as readily while it is.
/// </para>
/// </summary>
public sealed record PayForecast
{
    /// <summary>How readily a wholly disputed invoice is paid, against one that is not.</summary>
    public const double WhileDisputed = 0.35;

    /// <summary>By when with which chance.</summary>
    public required PayCurve Curve { get; init; }

    /// <summary>The chance of each day, today the first.</summary>
    public required double[] Days { get; init; }

    /// <summary>The day by which it is as likely paid as not; absent where that is beyond the horizon.</summary>
    public DateOnly? ExpectedOn { get; init; }

    /// <summary>The interval's first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its last day; absent where it has none within the horizon.</summary>
    public DateOnly? To { get; init; }

    /// <summary>The forecast on a day's morning of what is open then.</summary>
    public static PayForecast Of(PayOutlook outlook, PaymentHazard hazard, Calibration calibration, DateOnly today)
    {
        var days = new double[PayCurve.Horizon + 1];
        var paidBy = new double[PayCurve.Horizon + 1];
        var slowed = 1 - Math.Clamp(outlook.DisputedShare, 0, 1) * (1 - WhileDisputed);
        // A day that has passed without payment is a word broken already.
        var promisedIn = outlook.PromisedOn is { } day && day >= today ? day.DayNumber - today.DayNumber : -1;
        var (open, sum) = (1.0, 0.0);
        for (var i = 0; i < days.Length; i++)
        {
            var chance =
                i < promisedIn ? 0
                : i == promisedIn ? Math.Clamp(outlook.KeepsPromises, 0, 1)
                : hazard.On(outlook.DueDate, today.AddDays(i)) * slowed;
            days[i] = open * chance;
            open *= 1 - chance;
            sum += days[i];
            paidBy[i] = sum;
        }

        var curve = PayCurve.Of(paidBy);
        var (from, to) = calibration.Interval(curve);
        return new PayForecast
        {
            Curve = curve,
            Days = days,
            ExpectedOn = curve.FirstAtLeast(0.5) is { } middle ? today.AddDays(middle) : null,
            From = today.AddDays(from),
            To = to is { } last ? today.AddDays(last) : null,
        };
    }
}
