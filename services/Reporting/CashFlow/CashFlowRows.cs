using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.Reporting.Income;

namespace RetailInvoicing.Reporting.CashFlow;

/// <summary>What was expected to come for open invoices, and what came, of one group and currency.</summary>
public sealed record CashFlowRow
{
    /// <summary>The group: 2026-11-23, 2026-W48, 2026-11.</summary>
    public required string Key { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The day that the forecast was made; absent where there is none.</summary>
    public DateOnly? ForecastOf { get; init; }

    /// <summary>How much was expected; absent where no forecast says.</summary>
    public decimal? Expected { get; init; }

    /// <summary>What comes is at least this in nine cases of ten; absent where the forecast tells no interval.</summary>
    public decimal? Low { get; init; }

    /// <summary>What comes is at most this in nine cases of ten.</summary>
    public decimal? High { get; init; }

    /// <summary>What came for invoices after their sale, less what was lost again.</summary>
    public required decimal Came { get; init; }

    /// <summary>How many payments.</summary>
    public required long Payments { get; init; }
}

/// <summary>What a forecast expects on a day.</summary>
public sealed record ForecastPoint
{
    /// <summary>The day.</summary>
    public DateOnly Date { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>The day that the forecast was made.</summary>
    public DateOnly AsOf { get; init; }

    /// <summary>How much is expected.</summary>
    public decimal Amount { get; init; }

    /// <summary>At least this in nine cases of ten.</summary>
    public decimal? Low { get; init; }

    /// <summary>At most this in nine cases of ten.</summary>
    public decimal? High { get; init; }
}

/// <summary>What came on a day.</summary>
public sealed record CameOnDay
{
    /// <summary>The seller's day.</summary>
    public DateOnly Date { get; init; }

    /// <summary>Currency of the amount.</summary>
    public Currency Currency { get; init; }

    /// <summary>How much.</summary>
    public decimal Amount { get; init; }

    /// <summary>How many payments.</summary>
    public long Count { get; init; }
}

/// <summary>
/// Forecast and fact beside each other. Days of a forecast are about different money, so the distances of their bounds add up as the root
/// of their squares: the interval of a month is narrower than that of its days together.
/// </summary>
public static class CashFlowRows
{
    /// <summary>By day, week or month.</summary>
    public static IEnumerable<CashFlowRow> By(string grouping, IReadOnlyList<ForecastPoint> expected, IReadOnlyList<CameOnDay> came)
    {
        var forecasts = expected.ToLookup(point => (IncomeRows.KeyOf(grouping, point.Date), point.Currency));
        var facts = came.ToLookup(day => (IncomeRows.KeyOf(grouping, day.Date), day.Currency));
        return forecasts
            .Select(group => group.Key)
            .Union(facts.Select(group => group.Key))
            .OrderBy(key => key.Item1, StringComparer.Ordinal)
            .ThenBy(key => key.Currency.Code, StringComparer.Ordinal)
            .Select(key => Row(key.Item1, key.Currency, [.. forecasts[key]], [.. facts[key]]));
    }

    private static CashFlowRow Row(string key, Currency currency, ForecastPoint[] points, CameOnDay[] came)
    {
        var sum = points.Sum(point => point.Amount);
        var isToldWhole = points.Length > 0 && points.All(point => point is { Low: not null, High: not null });
        return new CashFlowRow
        {
            Key = key,
            Currency = currency,
            ForecastOf = points.Length > 0 ? points[0].AsOf : null,
            Expected = points.Length > 0 ? Coins(sum) : null,
            Low = isToldWhole ? Coins(Math.Max(0m, sum - Together(points.Select(point => point.Amount - point.Low!.Value)))) : null,
            High = isToldWhole ? Coins(sum + Together(points.Select(point => point.High!.Value - point.Amount))) : null,
            Came = Coins(came.Sum(day => day.Amount)),
            Payments = came.Sum(day => day.Count),
        };

        decimal Coins(decimal amount) => Money.Of(amount, currency).Amount;
    }

    /// <summary>A distance of one day stays what it is.</summary>
    private static decimal Together(IEnumerable<decimal> distances)
    {
        var each = distances.ToArray();
        return each.Length == 1 ? each[0] : (decimal)Math.Sqrt(each.Sum(distance => (double)distance * (double)distance));
    }
}

/// <summary>The cash flow as formats with columns write it.</summary>
public static class CashFlowColumns
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<ReportColumn> Columns { get; } =
    [
        new("key", "Group", "Grupo", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("forecastOf", "Forecast of", "Previsión del", ColumnKind.Date),
        new("expected", "Expected", "Previsto", ColumnKind.Money),
        new("low", "At least", "Como mínimo", ColumnKind.Money),
        new("high", "At most", "Como máximo", ColumnKind.Money),
        new("came", "Came", "Cobrado", ColumnKind.Money),
        new("payments", "Payments", "Cobros", ColumnKind.Whole),
    ];

    /// <summary>A row's cells.</summary>
    public static object?[] Cells(CashFlowRow row) =>
        [row.Key, row.Currency.Code, row.ForecastOf, row.Expected, row.Low, row.High, row.Came, row.Payments];
}
