using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Customers;

/// <summary>The spans that sums are read in, as the query takes them; days before the calendar are its first, those after it its last.</summary>
public sealed record Spans(string[] Grains, DateOnly[] Firsts, DateOnly[] Lasts)
{
    private static readonly DateOnly First = new(1900, 1, 1);
    private static readonly DateOnly Last = new(2199, 12, 31);

    /// <summary>The spans of a period in these grains.</summary>
    public static Spans Of(DateOnly from, DateOnly to, string grains)
    {
        var spans = KnownAt.SpansOf(from, to, grains);
        return new Spans(
            [.. spans.Select(span => span.Grain.ToString())],
            [.. spans.Select(span => span.First)],
            [.. spans.Select(span => span.Last)]
        );
    }

    /// <summary>A day within the years that invoices are of, so that one may count from it.</summary>
    public static DateOnly Within(DateOnly day) =>
        day < First ? First
        : day > Last ? Last
        : day;
}
