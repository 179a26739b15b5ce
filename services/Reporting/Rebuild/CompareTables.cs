using Dapper;
using Npgsql;

namespace RetailInvoicing.Reporting.Rebuild;

/// <summary>Whether two sets of tables hold the same rows: how many there are, and the sum of a hash of each.</summary>
public static class CompareTables
{
    /// <summary>The tables that differ, as one snapshot sees both sets.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(
        NpgsqlTransaction snapshot,
        IReadOnlyList<string> tables,
        string? seller,
        CancellationToken cancellationToken
    )
    {
        var differs = new List<string>();
        foreach (var table in tables)
        {
            var columns = (
                await snapshot.Connection!.QueryAsync<string>(
                    "select column_name from information_schema.columns where table_schema = @schema and table_name = @table",
                    new { schema = BuildTables.Now, table },
                    snapshot
                )
            ).ToHashSet(StringComparer.Ordinal);
            var now = await SumAsync(snapshot, BuildTables.Now, table, columns, seller, cancellationToken);
            var next = await SumAsync(snapshot, BuildTables.Next, table, columns, seller, cancellationToken);
            if (now != next)
            {
                differs.Add($"{table}: {now} before, {next} rebuilt");
            }
        }

        return differs;
    }

    private static async Task<string> SumAsync(
        NpgsqlTransaction snapshot,
        string schema,
        string table,
        HashSet<string> columns,
        string? seller,
        CancellationToken cancellationToken
    )
    {
        // An id that is drawn anew says nothing; and that something was once open is no more than a place to look.
        var row = columns.Contains("change_id") ? "(to_jsonb(t) - 'change_id')::text" : "t::text";
        var what = table == "debt" ? "amount_due <> 0" : "true";
        return await snapshot.Connection!.QuerySingleAsync<string>(
            new CommandDefinition(
                $"""
                select count(*) || ' rows, ' || coalesce(sum(hashtextextended({row}, 0)::numeric), 0)
                from {schema}.{table} t where {what} and (@seller::text is null or t.seller_id = @seller)
                """,
                new { seller },
                snapshot,
                commandTimeout: 0,
                cancellationToken: cancellationToken
            )
        );
    }
}
