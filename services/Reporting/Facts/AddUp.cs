namespace RetailInvoicing.Reporting.Facts;

/// <summary>
/// How facts are added to sums, the same for a batch and for a rebuild: from <c>changes</c> (seller_id, operation_date, invoice_id, at, sign),
/// an invoice added, or taken away again where it was cancelled, in each grain.
/// </summary>
public static class AddUp
{
    /// <summary>What was taken away again, of all that is kept.</summary>
    public const string AllCancelled = """
        changes as (
            select s.seller_id, s.operation_date, s.invoice_id, greatest(s.known_at, c.known_at) as at, -1 as sign
            from sold_cancelled c join sold s on s.seller_id = c.seller_id and s.invoice_id = c.invoice_id
            where s.invoices <> 0
        )
        """;

    /// <summary>Of a batch.</summary>
    public const string TheseChanges = """
        changes as (
            select * from unnest(@sellers, @days, @invoices, @at, @signs) as c (seller_id, operation_date, invoice_id, at, sign)
        )
        """;

    /// <summary>The statement for changes.</summary>
    public static string Into(SoldSums sums, string changes)
    {
        var apart = string.Join(", ", sums.Apart.Split(", ").Select(column => $"f.{column}"));
        return Grains(
            sums,
            $"""
            {changes}, finest as (
                select c.seller_id, c.operation_date as day, date_trunc('{sums.KnownBy}', c.at, 'UTC') as known_in, {apart}, f.currency,
                    {string.Join(", ", sums.Figures.Select(figure => $"sum(c.sign * ({figure.OfFact})) as {figure.Name}"))}
                from changes c join {sums.Facts} f
                  on f.seller_id = c.seller_id and f.operation_date = c.operation_date and f.invoice_id = c.invoice_id
                group by c.seller_id, c.operation_date, 3, {apart}, f.currency
            )
            """
        );
    }

    /// <summary>
    /// The statement for what was added up already, in the finest grain: an array for each column of the key but the grain, and for each figure,
    /// named as the column.
    /// </summary>
    public static string IntoFrom(SoldSums sums)
    {
        var columns = Columns(sums);
        return Grains(
            sums,
            $"finest as (select * from unnest({string.Join(", ", columns.Select(column => $"@{column}"))}) as f ({string.Join(", ", columns)}))"
        );
    }

    /// <summary>The columns of the finest grain.</summary>
    public static IReadOnlyList<string> Columns(SoldSums sums) =>
        ["seller_id", "day", "known_in", .. sums.Apart.Split(", "), "currency", .. sums.Figures.Select(figure => figure.Name)];

    private static string Grains(SoldSums sums, string finest)
    {
        var names = sums.Figures.Select(figure => figure.Name).ToArray();
        var apart = sums.Apart.Split(", ");
        // An hour of the day is told apart in the finest grain alone.
        var apartOfGrain = apart.Select(column => column == "hour" ? "case when g.grain = 'h' then hour else -1 end" : column);
        var key = $"seller_id, grain, day, known_in, {sums.Apart}, currency";
        var types = names.Select(name => name is "invoices" or "return_invoices" ? $"sum({name})::bigint" : $"sum({name})");
        return $"""
            with {finest}
            insert into {sums.Table} as had ({key}, {string.Join(", ", names)})
            select seller_id, g.grain::"char",
                case g.grain when 'y' then date_trunc('year', day::timestamp)::date when 'm' then date_trunc('month', day::timestamp)::date else day end,
                case when g.grain = '{sums.Finest}' then known_in else '-infinity' end, {string.Join(", ", apartOfGrain)}, currency,
                {string.Join(", ", types)}
            from finest cross join unnest(string_to_array('{string.Join(',', sums.Grains.ToCharArray())}', ',')) as g (grain)
            group by {string.Join(", ", Enumerable.Range(1, 5 + apart.Length))}
            on conflict ({key}) do update set {string.Join(", ", names.Select(name => $"{name} = had.{name} + excluded.{name}"))}
            """;
    }
}
