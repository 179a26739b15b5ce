namespace RetailInvoicing.Collections.Forecasts;

/// <summary>
/// A forecast held against what happened: the chances that it had given to a payment before the day on which the invoice was paid, and up
/// to that day. Of one that is still open, or was settled without money, the same of the last day that passed without: it could have been
/// paid on that day, and nothing is known of the next.
/// </summary>
public sealed record ForecastOutcome(double Before, double UpTo, bool Paid)
{
    /// <summary>The outcome of a forecast whose invoice was paid on that day, counted from the forecast's.</summary>
    public static ForecastOutcome PaidOn(PayCurve curve, int day) => new(curve.By(day - 1), curve.By(day), true);

    /// <summary>The outcome of a forecast whose invoice was open to the end of that day.</summary>
    public static ForecastOutcome OpenThrough(PayCurve curve, int day) => new(curve.By(day - 1), curve.By(day), false);
}
