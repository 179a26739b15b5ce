using System.Globalization;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>What a report is asked, as the page's address says it.</summary>
public sealed record ReportQuestion
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>The report.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, or the only one.</summary>
    public required DateOnly To { get; init; }

    /// <summary>The group.</summary>
    public string? GroupBy { get; init; }

    /// <summary>What it is compared with.</summary>
    public string? Compare { get; init; }

    /// <summary>The year of a quarter.</summary>
    public int Year { get; init; }

    /// <summary>The quarter, such as 4T.</summary>
    public string Period { get; init; } = "";

    /// <summary>As the address asks; this month where it says no period, and today where it says no day.</summary>
    public static ReportQuestion Of(AskOffice office, ReportKind kind)
    {
        var today = office.Today;
        var first = DayOf(office.Asked("from")) ?? new DateOnly(today.Year, today.Month, 1).AddMonths(-kind.MonthsBack);
        var end = today.AddDays(kind.DaysAhead);
        var last = DayOf(office.Asked("to")) ?? (first > end ? first : end);
        var group = office.Asked("groupBy");
        var compare = office.Asked("compare");
        return new ReportQuestion
        {
            Kind = kind,
            From = first,
            To = last,
            GroupBy =
                kind.Groupings.Count == 0 ? null
                : group is not null && kind.Groupings.Contains(group) ? group
                : kind.Groupings[0],
            Compare = kind.Compares && compare is "previous" or "year" ? compare : null,
            Year = int.TryParse(office.Asked("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : today.Year,
            Period = office.Asked("period") is { Length: 2 } period ? period : QuarterOf(today),
        };
    }

    /// <summary>The quarter of a day, as form 303 names it.</summary>
    public static string QuarterOf(DateOnly day) => $"{(day.Month - 1) / 3 + 1}T";

    /// <summary>What the door is asked, and the page's own address too.</summary>
    public IReadOnlyList<(string Name, string? Value)> Fields =>
        Kind.Asked switch
        {
            AskedFor.Quarter => [("year", Year.ToString(CultureInfo.InvariantCulture)), ("period", Period)],
            AskedFor.Day => [("date", Text(To))],
            _ => [("from", Text(From)), ("to", Text(To)), ("groupBy", GroupBy), ("compare", Compare)],
        };

    /// <summary>The door's address.</summary>
    public string Door(string? format = null, string? language = null) =>
        $"/v1/reports/{Kind.Path}?{Query([.. Fields, ("format", format), ("language", language)])}";

    /// <summary>The page's address with other answers to some of it.</summary>
    public string Link(AskOffice office, params (string Name, string? Value)[] other) =>
        office.Link($"/reports/{Kind.Name}", [.. PageFields.Where(field => other.All(each => each.Name != field.Name)), .. other]);

    /// <summary>What the page's address says.</summary>
    public IReadOnlyList<(string Name, string? Value)> PageFields => Kind.Asked == AskedFor.Day ? [("to", Text(To))] : Fields;

    /// <summary>What is seen, in words.</summary>
    public string Said(AskOffice office) =>
        Kind.Asked switch
        {
            AskedFor.Quarter => office.Say($"{Period} de {Year}", $"{Period} of {Year}"),
            AskedFor.Day => office.Say($"Al cierre del {office.Words.ShortDate(To)}", $"At the end of {office.Words.ShortDate(To)}"),
            _ => office.Say(
                $"Del {office.Words.ShortDate(From)} al {office.Words.ShortDate(To)}",
                $"From {office.Words.ShortDate(From)} to {office.Words.ShortDate(To)}"
            ),
        };

    /// <summary>A day as addresses write it.</summary>
    public static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    private static string Query(IEnumerable<(string Name, string? Value)> fields) =>
        string.Join(
            '&',
            fields.Where(field => !string.IsNullOrEmpty(field.Value)).Select(field => $"{field.Name}={AskOffice.Escape(field.Value!)}")
        );

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
