using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.Ageing;

/// <summary>What is owed of one bucket and currency.</summary>
public sealed record AgeingRow
{
    /// <summary>How many days past due: current, 1-30, 31-60, 61-90, 90+.</summary>
    public required string Key { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What is open.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>Of how many invoices.</summary>
    public required long Receivables { get; init; }
}

/// <summary>What is owed of one due date and currency.</summary>
public sealed record OwedByDueDate
{
    /// <summary>When it is due.</summary>
    public DateOnly Due { get; init; }

    /// <summary>Currency of the amount.</summary>
    public Currency Currency { get; init; }

    /// <summary>What is open.</summary>
    public decimal Amount { get; init; }

    /// <summary>Of how many invoices.</summary>
    public long Count { get; init; }
}

/// <summary>How long past its due date something is, as accountants read it.</summary>
public static class AgeingBuckets
{
    private static readonly (string Name, int From, int To)[] Buckets =
    [
        ("current", int.MinValue, 0),
        ("1-30", 1, 30),
        ("31-60", 31, 60),
        ("61-90", 61, 90),
        ("90+", 91, int.MaxValue),
    ];

    /// <summary>Their names, youngest first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Buckets.Select(bucket => bucket.Name)];

    /// <summary>The bucket of something so many days past due.</summary>
    public static string Of(int daysOverdue) => Buckets.First(bucket => daysOverdue <= bucket.To).Name;

    /// <summary>The first and last due date of a bucket on a day; none beyond for the first and the last.</summary>
    public static (DateOnly? First, DateOnly? Last) DueDates(string name, DateOnly on)
    {
        var (_, from, to) = Buckets.First(bucket => bucket.Name == name);
        DateOnly? Before(int days) => on.DayNumber > days ? on.AddDays(-days) : DateOnly.MinValue;
        return (to == int.MaxValue ? null : Before(to), from == int.MinValue ? null : Before(from));
    }

    /// <summary>Every bucket of each currency that anything is owed in, by the end of a day.</summary>
    public static IEnumerable<AgeingRow> Rows(IEnumerable<OwedByDueDate> owed, DateOnly on) =>
        owed.ToLookup(each => each.Currency)
            .Where(currency => currency.Any(each => each.Amount != 0m || each.Count != 0))
            .OrderBy(currency => currency.Key.Code, StringComparer.Ordinal)
            .SelectMany(currency =>
            {
                var byBucket = currency.ToLookup(each => Of(on.DayNumber - each.Due.DayNumber));
                return Names.Select(name => new AgeingRow
                {
                    Key = name,
                    Currency = currency.Key,
                    AmountDue = Money.Of(byBucket[name].Sum(each => each.Amount), currency.Key).Amount,
                    Receivables = byBucket[name].Sum(each => each.Count),
                });
            });
}

/// <summary>The ageing as formats with columns write it.</summary>
public static class AgeingColumns
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<ReportColumn> Columns { get; } =
    [
        new("key", "Days past due", "Días de retraso", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("amountDue", "Amount due", "Importe pendiente", ColumnKind.Money),
        new("receivables", "Invoices", "Facturas", ColumnKind.Whole),
    ];

    /// <summary>A row's cells.</summary>
    public static object?[] Cells(AgeingRow row) => [row.Key, row.Currency.Code, row.AmountDue, row.Receivables];
}
