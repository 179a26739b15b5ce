namespace RetailInvoicing.Reporting.Facts;

/// <summary>A set of sums of what was sold, by day of the sale and by what it is told apart by.</summary>
public sealed record SoldSums
{
    /// <summary>Its table.</summary>
    public required string Table { get; init; }

    /// <summary>What it is told apart by beside day and currency.</summary>
    public required string Apart { get; init; }

    /// <summary>The grain that says what became known when.</summary>
    public required char Finest { get; init; }

    /// <summary>Its grains, finest first; every sale is in each of them.</summary>
    public required string Grains { get; init; }

    /// <summary>What the finest grain counts becoming known by.</summary>
    public required string KnownBy { get; init; }

    /// <summary>The facts it adds up.</summary>
    public required string Facts { get; init; }

    /// <summary>The figures it adds up, by what they are of a fact.</summary>
    public required IReadOnlyList<(string Name, string OfFact)> Figures { get; init; }
}

/// <summary>
/// The sums as they are now, or as they were known at an instant: what is known now, less what became known later, so that the coarsest sums
/// serve both. What became known later is had by the hour (of products by the day), and the hour of the instant itself from the facts.
/// </summary>
public static class KnownAt
{
    private static readonly (string, string)[] OfSales =
    [
        ("invoices", "f.invoices"),
        ("return_invoices", "f.return_invoices"),
        ("total_without_vat", "f.total_without_vat"),
        ("vat_total", "f.vat_total"),
        ("total_with_vat", "f.total_with_vat"),
        ("returns", "f.returns"),
    ];

    private static readonly (string, string)[] OfLines =
    [
        ("invoices", "f.invoices"),
        ("return_invoices", "f.return_invoices"),
        ("total_without_vat", "f.net_amount"),
        ("vat_total", "f.gross_amount - f.net_amount"),
        ("total_with_vat", "f.gross_amount"),
        ("returns", "case when f.line > 0 and f.gross_amount < 0 then -f.gross_amount else 0 end"),
        ("quantity", "f.quantity"),
        ("returned_quantity", "case when f.quantity < 0 then -f.quantity else 0 end"),
    ];

    /// <summary>By hour, shop, till and channel.</summary>
    public static readonly SoldSums Tills = new()
    {
        Table = "sold_by_till",
        Apart = "hour, store_id, till_id, channel",
        Finest = 'h',
        Grains = "hdmy",
        KnownBy = "hour",
        Facts = "sold",
        Figures = OfSales,
    };

    /// <summary>By VAT rate.</summary>
    public static readonly SoldSums Rates = new()
    {
        Table = "sold_by_rate",
        Apart = "rate",
        Finest = 'd',
        Grains = "dmy",
        KnownBy = "hour",
        Facts = "sold_vat",
        Figures = OfSales,
    };

    /// <summary>By customer.</summary>
    public static readonly SoldSums Customers = new()
    {
        Table = "sold_by_customer",
        Apart = "customer_id",
        Finest = 'd',
        Grains = "dm",
        KnownBy = "hour",
        Facts = "sold",
        Figures = OfSales,
    };

    /// <summary>By product, with the VAT it was sold at, and quantities.</summary>
    public static readonly SoldSums Products = new()
    {
        Table = "sold_by_product",
        Apart = "product, category, rate",
        Finest = 'd',
        Grains = "dm",
        KnownBy = "day",
        Facts = "sold_line",
        Figures = OfLines,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SoldSums> All { get; } = [Tills, Rates, Customers, Products];

    /// <summary>
    /// <c>told</c>: rows of day, what the sums are told apart by, currency and figures, which add up to what was sold between @from and @to of
    /// @seller, as it is known now or, going back, was at @asOf. Its spans are those of <see cref="SpansOf" />: @grains, @firsts, @lasts.
    /// </summary>
    public static string Told(SoldSums sums, bool back, bool byStore = false)
    {
        // Who is held to stores reads sums that are told apart by them.
        var own = byStore ? " and p.store_id = any(@stores)" : "";
        var names = string.Join(", ", sums.Figures.Select(figure => $"p.{figure.Name}"));
        var apart = Prefixed("p", sums.Apart);
        var now = $"""
            select p.day, {apart}, p.currency, {names}
            from unnest(@grains, @firsts, @lasts) as span (grain, first, last)
            join {sums.Table} p on p.seller_id = @seller and p.grain = span.grain::"char" and p.day between span.first and span.last{own}
            """;
        if (!back)
        {
            return $"told as ({now})";
        }

        var less = string.Join(", ", sums.Figures.Select(figure => $"-p.{figure.Name}"));
        var facts = string.Join(", ", sums.Figures.Select(figure => $"l.sign * ({figure.OfFact})"));
        return $"""
            later as (
                select operation_date, invoice_id, -1 as sign from sold
                where seller_id = @seller and operation_date between @from and @to
                  and known_at > @asOf and known_at < date_trunc('{sums.KnownBy}', @asOf, 'UTC') + interval '1 {sums.KnownBy}'
                union all
                select s.operation_date, s.invoice_id, 1
                from sold_cancelled c join sold s on s.seller_id = c.seller_id and s.invoice_id = c.invoice_id
                where c.seller_id = @seller and s.operation_date between @from and @to and greatest(s.known_at, c.known_at) > @asOf
                  and greatest(s.known_at, c.known_at) < date_trunc('{sums.KnownBy}', @asOf, 'UTC') + interval '1 {sums.KnownBy}'
            ), told as (
                {now}
                union all
                select p.day, {apart}, p.currency, {less}
                from {sums.Table} p
                where p.seller_id = @seller and p.grain = '{sums.Finest}' and p.known_in > date_trunc('{sums.KnownBy}', @asOf, 'UTC')
                  and p.day between @from and @to{own}
                union all
                select f.operation_date, {Prefixed("f", sums.Apart)}, f.currency, {facts}
                from later l join {sums.Facts} f
                  on f.seller_id = @seller and f.operation_date = l.operation_date and f.invoice_id = l.invoice_id{own.Replace(
                "p.",
                "f.",
                StringComparison.Ordinal
            )}
            )
            """;
    }

    /// <summary>Whole years and months of a period by their sums, the rest of it by days; hours by hours.</summary>
    public static IReadOnlyList<(char Grain, DateOnly First, DateOnly Last)> SpansOf(DateOnly from, DateOnly to, string grains)
    {
        var spans = new List<(char, DateOnly, DateOnly)>();
        Split(spans, from.DayNumber, to.DayNumber, grains.Length - 1, grains);
        return spans;
    }

    private static void Split(List<(char, DateOnly, DateOnly)> spans, int from, int to, int nth, string grains)
    {
        if (from > to)
        {
            return;
        }

        var (first, last) = (DateOnly.FromDayNumber(from), DateOnly.FromDayNumber(to));
        if (nth == 0)
        {
            spans.Add((grains[0], first, last));
            return;
        }

        var months = grains[nth] == 'y' ? 12 : 1;
        // Counted in whole units from the year 0, so that neither end of the calendar is passed.
        var begins = UnitOf(first, months) + (StartOf(UnitOf(first, months), months) == first ? 0 : 1);
        var ends = UnitOf(last, months) - (EndOf(UnitOf(last, months), months) == last ? 0 : 1);
        if (begins > ends)
        {
            Split(spans, from, to, nth - 1, grains);
            return;
        }

        Split(spans, from, StartOf(begins, months).DayNumber - 1, nth - 1, grains);
        spans.Add((grains[nth], StartOf(begins, months), StartOf(ends, months)));
        Split(spans, EndOf(ends, months).DayNumber + 1, to, nth - 1, grains);
    }

    private static int UnitOf(DateOnly day, int months) => (day.Year * 12 + day.Month - 1) / months;

    private static DateOnly StartOf(int unit, int months) => new(unit * months / 12, unit * months % 12 + 1, 1);

    private static DateOnly EndOf(int unit, int months)
    {
        var month = unit * months + months - 1;
        return new(month / 12, month % 12 + 1, DateTime.DaysInMonth(month / 12, month % 12 + 1));
    }

    private static string Prefixed(string alias, string columns) =>
        string.Join(", ", columns.Split(", ").Select(column => $"{alias}.{column}"));
}
