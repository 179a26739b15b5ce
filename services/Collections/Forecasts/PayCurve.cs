namespace RetailInvoicing.Collections.Forecasts;

/// <summary>
/// By when an invoice is paid with which chance, as the days by which fortieths of the chance have passed. It is kept in that form, and
/// the interval that is told and the look back at it both use the kept form, so that what is checked is what was told.
/// </summary>
public sealed class PayCurve
{
    /// <summary>How far it looks, in days.</summary>
    public const int Horizon = 365;

    /// <summary>A day beyond it.</summary>
    public const short Beyond = short.MaxValue;

    private const int Parts = 40;

    private readonly short[] _days;

    private PayCurve(short[] days) => _days = days;

    /// <summary>The days by which 1/40, 2/40 … 39/40 have passed.</summary>
    public IReadOnlyList<short> Days => _days;

    /// <summary>The curve of the chances that it is paid by each day, the first day being day 0.</summary>
    public static PayCurve Of(ReadOnlySpan<double> paidBy)
    {
        var days = new short[Parts - 1];
        var day = 0;
        for (var part = 1; part < Parts; part++)
        {
            while (day < paidBy.Length && paidBy[day] < (double)part / Parts)
            {
                day++;
            }

            days[part - 1] = day < paidBy.Length ? (short)day : Beyond;
        }

        return new PayCurve(days);
    }

    /// <summary>The curve as it was kept; none where what was kept is none.</summary>
    public static PayCurve? Kept(short[] days) => days.Length == Parts - 1 ? new PayCurve(days) : null;

    /// <summary>The chance that it is paid by that day; straight between two days that are known.</summary>
    public double By(int day)
    {
        if (day < 0)
        {
            return 0;
        }

        var passed = 0;
        while (passed < _days.Length && _days[passed] <= day)
        {
            passed++;
        }

        var (from, at) = passed == 0 ? (-1, 0.0) : (_days[passed - 1], (double)passed / Parts);
        if (passed == _days.Length || _days[passed] == Beyond)
        {
            // The next fortieth is past what is looked at: it comes ever more slowly, half of it in as long as what passed took from its half.
            var after = day - from;
            var half = passed == 0 ? Horizon : Math.Max(1, from - _days[passed / 2]);
            return at + (double)after / (after + half) / Parts;
        }

        return at + (double)(day - from) / (_days[passed] - from) / Parts;
    }

    /// <summary>The first day by which the chance is at least so much; none within the horizon.</summary>
    public int? FirstAtLeast(double level) => First(chance => chance >= level);

    /// <summary>The first day by which the chance is more; none within the horizon.</summary>
    public int? FirstAbove(double level) => First(chance => chance > level);

    private int? First(Func<double, bool> holds)
    {
        if (!holds(By(Horizon)))
        {
            return null;
        }

        var (low, high) = (0, Horizon);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(By(middle)))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
