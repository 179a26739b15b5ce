using System.Globalization;

namespace RetailInvoicing.Collections.Interest;

/// <summary>The rate of one half-year.</summary>
public sealed record HalfYearRate
{
    /// <summary>1 January or 1 July.</summary>
    public required DateOnly HalfYear { get; init; }

    /// <summary>The European Central Bank's main refinancing rate in force on that day, percent.</summary>
    public required decimal MainRefinancingRate { get; init; }

    /// <summary>Eight points more: what a late business owes a year, percent.</summary>
    public decimal LateRate => MainRefinancingRate + InterestRates.Points;

    /// <summary>Who published it.</summary>
    public required string Source { get; init; }

    /// <summary>Who of the operator kept it last; absent for what this version knows by itself.</summary>
    public string? KeptBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? KeptAt { get; init; }

    /// <summary>Why, where that was said.</summary>
    public string? Why { get; init; }
}

/// <summary>
/// The statutory interest for late payment between businesses: the European Central Bank's main refinancing rate in force on the first day
/// of the half-year, for all of that half-year, and eight points (Directive 2011/7/EU art. 2(6), 2(7) and 3(3); in Spain Ley 3/2004 art. 7).
/// What is not known is not guessed.
/// </summary>
public sealed class InterestRates
{
    /// <summary>What is added to the reference rate.</summary>
    public const decimal Points = 8m;

    /// <summary>From this day on it is eight points; seven before (Real Decreto-ley 4/2013).</summary>
    public static readonly DateOnly Begins = new(2013, 2, 24);

    private readonly SortedDictionary<DateOnly, HalfYearRate> _halves;
    private readonly DateOnly _begins;

    private InterestRates(IEnumerable<HalfYearRate> halves, DateOnly begins)
    {
        _halves = new SortedDictionary<DateOnly, HalfYearRate>(halves.ToDictionary(half => half.HalfYear));
        _begins = begins;
    }

    /// <summary>Those that this version knows, from data/interest-rates.csv.</summary>
    public static InterestRates Known { get; } = Read();

    /// <summary>Rates of another table, from its first half-year on.</summary>
    public static InterestRates Of(IReadOnlyList<HalfYearRate> halves) => new(halves, halves.Min(half => half.HalfYear));

    /// <summary>All half-years, the earliest first.</summary>
    public IReadOnlyCollection<HalfYearRate> Halves => _halves.Values;

    /// <summary>The rates with those that the operator has kept since; where both know a half-year, this version's stands.</summary>
    public InterestRates With(IEnumerable<HalfYearRate> kept) =>
        new(_halves.Values.Concat(kept.Where(half => !_halves.ContainsKey(half.HalfYear))), _begins);

    /// <summary>The first day of the half-year of a day.</summary>
    public static DateOnly HalfYearOf(DateOnly day) => new(day.Year, day.Month <= 6 ? 1 : 7, 1);

    /// <summary>Percent a year on that day; none where it is not known.</summary>
    public decimal? RateOn(DateOnly day) => day >= _begins && _halves.TryGetValue(HalfYearOf(day), out var half) ? half.LateRate : null;

    private static InterestRates Read()
    {
        using var file = new StreamReader(
            typeof(InterestRates).Assembly.GetManifestResourceStream("RetailInvoicing.Collections.data.interest-rates.csv")
                ?? throw new InvalidOperationException("data/interest-rates.csv is not embedded")
        );
        var periods = new List<(DateOnly From, DateOnly To, decimal Rate, string Source)>();
        _ = file.ReadLine();
        while (file.ReadLine() is { } line)
        {
            var cells = line.Split(',', 4);
            periods.Add((Day(cells[0]), Day(cells[1]), decimal.Parse(cells[2], CultureInfo.InvariantCulture), cells[3]));
        }

        return new InterestRates(
            HalfYears(periods[0].From, periods[^1].To)
                .Select(half =>
                {
                    var period = periods.Single(each => each.From <= half && half <= each.To);
                    return new HalfYearRate
                    {
                        HalfYear = half,
                        MainRefinancingRate = period.Rate,
                        Source = period.Source,
                    };
                }),
            Begins
        );
    }

    private static IEnumerable<DateOnly> HalfYears(DateOnly from, DateOnly to)
    {
        for (var half = HalfYearOf(from); half <= to; half = half.AddMonths(6))
        {
            if (half >= from)
            {
                yield return half;
            }
        }
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
