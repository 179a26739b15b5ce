namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>The days on which banks settle in euros, those of TARGET2: no weekends, and six holidays the same everywhere.</summary>
public static class TargetDays
{
    /// <summary>Whether banks settle on that day.</summary>
    public static bool IsOpen(DateOnly day)
    {
        var easter = EasterSunday(day.Year);
        return day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
            && (day.Month, day.Day) is not ((1, 1) or (5, 1) or (12, 25) or (12, 26))
            && day != easter.AddDays(-2)
            && day != easter.AddDays(1);
    }

    /// <summary>That day, or the next on which banks settle.</summary>
    public static DateOnly OnOrAfter(DateOnly day)
    {
        while (!IsOpen(day))
        {
            day = day.AddDays(1);
        }

        return day;
    }

    /// <summary>The day on which banks have settled so many days since, that day itself not counted.</summary>
    public static DateOnly After(DateOnly day, int days)
    {
        for (var left = days; left > 0; left--)
        {
            day = OnOrAfter(day.AddDays(1));
        }

        return day;
    }

    /// <summary>Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).</summary>
    public static DateOnly EasterSunday(int year)
    {
        var (golden, century, rest) = (year % 19, year / 100, year % 100);
        var moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
        var weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
        var late = (golden + 11 * moon + 22 * weekday) / 451;
        var place = moon + weekday - 7 * late + 114;
        return new DateOnly(year, place / 31, place % 31 + 1);
    }
}
