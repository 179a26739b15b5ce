using System.Globalization;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>A period of form 303: a quarter (1T to 4T) or, of large sellers, a month (01 to 12).</summary>
public sealed record FormPeriod(int Year, string Period, DateOnly From, DateOnly To)
{
    /// <summary>Reads one; none where there is no such period.</summary>
    public static FormPeriod? Read(int year, string period)
    {
        if (year is < 1993 or > 2199)
        {
            return null;
        }

        if (period is ['1' or '2' or '3' or '4', 'T'])
        {
            var from = new DateOnly(year, (period[0] - '1') * 3 + 1, 1);
            return new FormPeriod(year, period, from, from.AddMonths(3).AddDays(-1));
        }

        return
            period.Length == 2
            && int.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            && month is >= 1 and <= 12
            ? new FormPeriod(year, period, new DateOnly(year, month, 1), new DateOnly(year, month, 1).AddMonths(1).AddDays(-1))
            : null;
    }
}
