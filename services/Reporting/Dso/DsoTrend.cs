using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.Reporting.Income;

namespace RetailInvoicing.Reporting.Dso;

/// <summary>How many days of sales are outstanding at the end of a week or month, in one currency.</summary>
public sealed record DsoRow
{
    /// <summary>The week or month: 2026-W48, 2026-11.</summary>
    public required string Key { get; init; }

    /// <summary>Its last day, or the last day of the period where that is before.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What customers owed then.</summary>
    public required decimal Outstanding { get; init; }

    /// <summary>The part of it that was not due yet.</summary>
    public required decimal NotDue { get; init; }

    /// <summary>What invoices asked for in the window that ends then.</summary>
    public required decimal Issued { get; init; }

    /// <summary>The part of it that was not paid with the sale.</summary>
    public required decimal OnCredit { get; init; }

    /// <summary>Outstanding by what was issued in the window, times its days; absent where nothing was issued.</summary>
    public decimal? Dso { get; init; }

    /// <summary>Outstanding by what was sold on credit in the window, times its days; absent where nothing was.</summary>
    public decimal? DsoOnCredit { get; init; }

    /// <summary>What it would be if everybody had paid on the day that was due.</summary>
    public decimal? BestPossible { get; init; }

    /// <summary>How many days of it are lateness: on credit less best possible.</summary>
    public decimal? DaysLate { get; init; }
}

/// <summary>One day's sums of what is due on one date.</summary>
public sealed record DebtDay
{
    /// <summary>The seller's day.</summary>
    public DateOnly Day { get; init; }

    /// <summary>When what it is about is due.</summary>
    public DateOnly Due { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>What invoices asked for, cancelled ones off it.</summary>
    public decimal Issued { get; init; }

    /// <summary>The part of it that was not paid with the sale.</summary>
    public decimal OnCredit { get; init; }

    /// <summary>By how much more is owed.</summary>
    public decimal Owed { get; init; }
}

/// <summary>Days sales outstanding over time.</summary>
public static class DsoTrend
{
    /// <summary>Days of sales that what is outstanding is held against, unless asked otherwise.</summary>
    public const int UsualWindow = 90;

    /// <summary>One row for each week or month of the period and currency that ever owed or sold anything.</summary>
    public static IEnumerable<DsoRow> By(string grouping, DateOnly from, DateOnly to, int window, IEnumerable<DebtDay> days) =>
        days.GroupBy(day => day.Currency)
            .SelectMany(currency => Of(currency.Key, [.. currency.OrderBy(day => day.Day)], Ends(grouping, from, to), window))
            .OrderBy(row => row.Date)
            .ThenBy(row => row.Currency.Code, StringComparer.Ordinal);

    /// <summary>The last days of the weeks or months of a period.</summary>
    private static IReadOnlyList<(string Key, DateOnly End)> Ends(string grouping, DateOnly from, DateOnly to)
    {
        var ends = new List<(string, DateOnly)>();
        for (var day = from; day <= to; )
        {
            var end =
                grouping == "week"
                    ? DateOnly.FromDayNumber(Math.Min(DateOnly.MaxValue.DayNumber, day.DayNumber + (7 - (int)day.DayOfWeek) % 7))
                    : new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));
            ends.Add((IncomeRows.KeyOf(grouping, day), end > to ? to : end));
            if (end >= to)
            {
                break;
            }

            day = end.AddDays(1);
        }

        return ends;
    }

    private static IEnumerable<DsoRow> Of(Currency currency, DebtDay[] days, IReadOnlyList<(string Key, DateOnly End)> ends, int window)
    {
        var byDue = new Dictionary<DateOnly, decimal>();
        var (next, leaves) = (0, 0);
        var (issued, onCredit) = (0m, 0m);
        foreach (var (key, end) in ends)
        {
            for (; next < days.Length && days[next].Day <= end; next++)
            {
                var day = days[next];
                byDue[day.Due] = byDue.GetValueOrDefault(day.Due) + day.Owed;
                issued += day.Issued;
                onCredit += day.OnCredit;
            }

            for (; leaves < next && days[leaves].Day.DayNumber <= end.DayNumber - window; leaves++)
            {
                issued -= days[leaves].Issued;
                onCredit -= days[leaves].OnCredit;
            }

            if (next == 0)
            {
                continue;
            }

            var outstanding = byDue.Values.Sum();
            var notDue = byDue.Where(due => due.Key >= end).Sum(due => due.Value);
            var dso = Days(outstanding, issued, window);
            var (ofCredit, best) = (Days(outstanding, onCredit, window), Days(notDue, onCredit, window));
            yield return new DsoRow
            {
                Key = key,
                Date = end,
                Currency = currency,
                Outstanding = Coins(outstanding),
                NotDue = Coins(notDue),
                Issued = Coins(issued),
                OnCredit = Coins(onCredit),
                Dso = dso,
                DsoOnCredit = ofCredit,
                BestPossible = best,
                DaysLate = ofCredit - best,
            };
        }

        decimal Coins(decimal amount) => Money.Of(amount, currency).Amount;
    }

    private static decimal? Days(decimal outstanding, decimal sold, int window) =>
        sold > 0m ? decimal.Round(outstanding * window / sold, 1, MidpointRounding.AwayFromZero) + 0.0m : null;
}

/// <summary>Days sales outstanding as formats with columns write them.</summary>
public static class DsoColumns
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<ReportColumn> Columns { get; } =
    [
        new("key", "Group", "Grupo", ColumnKind.Text),
        new("date", "Date", "Fecha", ColumnKind.Date),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("outstanding", "Outstanding", "Pendiente", ColumnKind.Money),
        new("notDue", "Not due yet", "Sin vencer", ColumnKind.Money),
        new("issued", "Issued in the window", "Facturado en el plazo", ColumnKind.Money),
        new("onCredit", "Sold on credit in the window", "Vendido a crédito en el plazo", ColumnKind.Money),
        new("dso", "Days sales outstanding", "Días de ventas pendientes", ColumnKind.Decimal),
        new("dsoOnCredit", "Of sales on credit", "De ventas a crédito", ColumnKind.Decimal),
        new("bestPossible", "Best possible", "Mejor posible", ColumnKind.Decimal),
        new("daysLate", "Days late", "Días de retraso", ColumnKind.Decimal),
    ];

    /// <summary>A row's cells.</summary>
    public static object?[] Cells(DsoRow row) =>
        [
            row.Key,
            row.Date,
            row.Currency.Code,
            row.Outstanding,
            row.NotDue,
            row.Issued,
            row.OnCredit,
            row.Dso,
            row.DsoOnCredit,
            row.BestPossible,
            row.DaysLate,
        ];
}
