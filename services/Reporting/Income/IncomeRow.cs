using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.Income;

/// <summary>What was asked for and what came, of one group and currency.</summary>
public sealed record IncomeRow
{
    /// <summary>The group: 2026-11-23, 2026-W48, 2026-11, card, stripe.</summary>
    public required string Key { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What invoices asked for, corrective and cancelled ones off it; absent by means and by provider.</summary>
    public decimal? Issued { get; init; }

    /// <summary>Money that came, and that came again after it had left.</summary>
    public decimal Received { get; init; }

    /// <summary>Money that was given back or taken back, positive.</summary>
    public decimal GivenBack { get; init; }

    /// <summary>What stayed: received less given back.</summary>
    public decimal Collected { get; init; }

    /// <summary>What providers and banks kept; absent by means.</summary>
    public decimal? Fees { get; init; }

    /// <summary>What invoices lacked and the seller does without: differences and write-offs; absent by means and by provider.</summary>
    public decimal? WrittenOff { get; init; }

    /// <summary>What customers owed at its end; absent by means and by provider.</summary>
    public decimal? Outstanding { get; init; }

    /// <summary>How many payments.</summary>
    public long Payments { get; init; }

    /// <summary>The same with its currency's decimals.</summary>
    public IncomeRow Rounded() =>
        this with
        {
            Issued = Coins(Issued),
            Received = Coins(Received)!.Value,
            GivenBack = Coins(GivenBack)!.Value,
            Collected = Coins(Received - GivenBack)!.Value,
            Fees = Coins(Fees),
            WrittenOff = Coins(WrittenOff),
            Outstanding = Coins(Outstanding),
        };

    private decimal? Coins(decimal? amount) => amount is { } known ? Money.Of(known, Currency).Amount : null;
}

/// <summary>One day's sums of one currency; those of all days before the period stand in one.</summary>
public sealed record IncomeDay
{
    /// <summary>The seller's day.</summary>
    public DateOnly Day { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>What invoices asked for, cancelled ones off it.</summary>
    public decimal Issued { get; init; }

    /// <summary>Money that came.</summary>
    public decimal Received { get; init; }

    /// <summary>Money that left again, positive.</summary>
    public decimal GivenBack { get; init; }

    /// <summary>What was kept for themselves by others.</summary>
    public decimal Fees { get; init; }

    /// <summary>Differences and write-offs.</summary>
    public decimal WrittenOff { get; init; }

    /// <summary>By how much more is owed after it.</summary>
    public decimal Owed { get; init; }

    /// <summary>How many payments.</summary>
    public long Payments { get; init; }
}

/// <summary>The rows of a period, from its days.</summary>
public static class IncomeRows
{
    /// <summary>By day, week (ISO) or month: one row for each that anything happened in, with what was owed at its end.</summary>
    public static IEnumerable<IncomeRow> By(string grouping, DateOnly from, IEnumerable<IncomeDay> days) =>
        days.GroupBy(day => day.Currency)
            .SelectMany(currency => Of(currency.Key, from, currency.OrderBy(day => day.Day), day => KeyOf(grouping, day)))
            .OrderBy(row => row.Key, StringComparer.Ordinal)
            .ThenBy(row => row.Currency.Code, StringComparer.Ordinal);

    /// <summary>The key of a day's group.</summary>
    public static string KeyOf(string grouping, DateOnly day) =>
        grouping switch
        {
            "week" => string.Create(
                CultureInfo.InvariantCulture,
                $"{ISOWeek.GetYear(day.ToDateTime(TimeOnly.MinValue))}-W{ISOWeek.GetWeekOfYear(day.ToDateTime(TimeOnly.MinValue)):00}"
            ),
            "month" => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };

    private static IEnumerable<IncomeRow> Of(Currency currency, DateOnly from, IEnumerable<IncomeDay> days, Func<DateOnly, string> keyOf)
    {
        var (outstanding, row) = (0m, default(IncomeRow));
        foreach (var day in days)
        {
            outstanding += day.Owed;
            if (day.Day < from)
            {
                continue;
            }

            var key = keyOf(day.Day);
            if (row is not null && row.Key != key)
            {
                yield return row.Rounded();
                row = null;
            }

            row ??= new IncomeRow
            {
                Key = key,
                Currency = currency,
                Issued = 0m,
                Fees = 0m,
                WrittenOff = 0m,
            };
            row = row with
            {
                Issued = row.Issued + day.Issued,
                Received = row.Received + day.Received,
                GivenBack = row.GivenBack + day.GivenBack,
                Fees = row.Fees + day.Fees,
                WrittenOff = row.WrittenOff + day.WrittenOff,
                Payments = row.Payments + day.Payments,
                Outstanding = outstanding,
            };
        }

        if (row is not null)
        {
            yield return row.Rounded();
        }
    }
}

/// <summary>The report of income as formats with columns write it.</summary>
public static class IncomeColumns
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<ReportColumn> Columns { get; } =
    [
        new("key", "Group", "Grupo", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("issued", "Issued", "Facturado", ColumnKind.Money),
        new("received", "Received", "Recibido", ColumnKind.Money),
        new("givenBack", "Given back", "Devuelto", ColumnKind.Money),
        new("collected", "Collected", "Cobrado", ColumnKind.Money),
        new("fees", "Fees", "Comisiones", ColumnKind.Money),
        new("writtenOff", "Written off", "Dado por perdido", ColumnKind.Money),
        new("outstanding", "Outstanding", "Pendiente", ColumnKind.Money),
        new("payments", "Payments", "Cobros", ColumnKind.Whole),
    ];

    /// <summary>A row's cells.</summary>
    public static object?[] Cells(IncomeRow row) =>
        [
            row.Key,
            row.Currency.Code,
            row.Issued,
            row.Received,
            row.GivenBack,
            row.Collected,
            row.Fees,
            row.WrittenOff,
            row.Outstanding,
            row.Payments,
        ];
}
