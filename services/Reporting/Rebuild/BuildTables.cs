using Dapper;
using Npgsql;

namespace RetailInvoicing.Reporting.Rebuild;

/// <summary>
/// The next set of tables: the same columns, parts, keys and rights in a schema beside, so that it can be filled while the old one serves,
/// and put in its place at once.
/// </summary>
public static class BuildTables
{
    /// <summary>The schema that reports are read from.</summary>
    public const string Now = "reporting";

    /// <summary>The schema that is filled.</summary>
    public const string Next = "reporting_next";

    private const string Old = "reporting_old";
    private const string App = "reporting_app";

    private const string Tables = """
        select c.relname as name, pg_get_partkeydef(c.oid) as parted_by, array_to_string(c.reloptions, ', ') as options,
            has_table_privilege(@app, c.oid, 'update') as may_update, has_table_privilege(@app, c.oid, 'delete') as may_delete
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = @schema and c.relname = any(@tables)
        """;
    private const string Parts = """
        select part.relname as name, whole.relname as whole, pg_get_expr(part.relpartbound, part.oid) as bound,
            array_to_string(part.reloptions, ', ') as options
        from pg_inherits i
        join pg_class part on part.oid = i.inhrelid
        join pg_class whole on whole.oid = i.inhparent
        join pg_namespace n on n.oid = whole.relnamespace
        where n.nspname = @schema and whole.relname = any(@tables) and whole.relkind = 'p'
        order by part.relname
        """;
    private const string Keys = """
        select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as text
        from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = @schema and c.relname = any(@tables) and k.contype in ('p', 'u')
        """;
    private const string Indexes = """
        select c.relname as table, x.relname as name, pg_get_indexdef(i.indexrelid) as text
        from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = @schema and c.relname = any(@tables)
          and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
        """;

    /// <summary>Makes the tables, empty and without keys; what an earlier rebuild left behind is dropped.</summary>
    public static async Task MakeAsync(NpgsqlConnection owner, IReadOnlyList<string> tables)
    {
        var asked = new
        {
            schema = Now,
            tables = tables.ToArray(),
            app = App,
        };
        await owner.ExecuteAsync($"drop schema if exists {Next} cascade; create schema {Next}; grant usage on schema {Next} to {App}");
        var made = (await owner.QueryAsync<Table>(Tables, asked)).ToDictionary(table => table.Name);
        var parts = (await owner.QueryAsync<Part>(Parts, asked)).ToLookup(part => part.Whole);
        foreach (var table in tables.Select(name => made[name]))
        {
            await owner.ExecuteAsync(
                $"create table {Next}.{table.Name} (like {Now}.{table.Name} including all excluding indexes excluding statistics)"
                    + (table.PartedBy is null ? With(table.Options) : $" partition by {table.PartedBy}")
            );
            foreach (var part in parts[table.Name])
            {
                await owner.ExecuteAsync(
                    $"create table {Next}.{part.Name} partition of {Next}.{table.Name} {part.Bound}{With(part.Options)}"
                );
            }

            foreach (var name in parts[table.Name].Select(part => part.Name).Append(table.Name))
            {
                await owner.ExecuteAsync(
                    $"grant select, insert{(table.MayUpdate ? ", update" : "")}{(table.MayDelete ? ", delete" : "")} on {Next}.{name} to {App}"
                );
            }
        }
    }

    /// <summary>Their keys.</summary>
    public static async Task MakeKeysAsync(NpgsqlConnection owner, IReadOnlyList<string> tables)
    {
        foreach (var key in await owner.QueryAsync<Definition>(Keys, new { schema = Now, tables = tables.ToArray() }))
        {
            await owner.ExecuteAsync(
                new CommandDefinition($"alter table {Next}.{key.Table} add constraint {key.Name} {key.Text}", commandTimeout: 0)
            );
        }
    }

    /// <summary>The indexes that no key is, once the rows are there.</summary>
    public static async Task MakeIndexesAsync(NpgsqlConnection owner, IReadOnlyList<string> tables)
    {
        var indexes = await owner.QueryAsync<Definition>(Indexes, new { schema = Now, tables = tables.ToArray() });
        foreach (var index in indexes)
        {
            await owner.ExecuteAsync(
                new CommandDefinition(
                    index
                        .Text.Replace($" ON ONLY {Now}.{index.Table} ", $" ON {Next}.{index.Table} ", StringComparison.Ordinal)
                        .Replace($" ON {Now}.{index.Table} ", $" ON {Next}.{index.Table} ", StringComparison.Ordinal),
                    commandTimeout: 0
                )
            );
        }

        foreach (var table in tables)
        {
            await owner.ExecuteAsync(new CommandDefinition($"analyze {Next}.{table}", commandTimeout: 0));
        }
    }

    /// <summary>Puts the next set in the place of the old, within the transaction; nobody sees the one without the other.</summary>
    public static async Task SwapAsync(NpgsqlTransaction transaction, IReadOnlyList<string> tables)
    {
        var owner = transaction.Connection!;
        await owner.ExecuteAsync($"drop schema if exists {Old} cascade; create schema {Old}", transaction: transaction);
        // All at once and in one order, so that it waits for readers once.
        await owner.ExecuteAsync(
            $"lock table {string.Join(", ", tables.Select(table => $"{Now}.{table}"))} in access exclusive mode",
            transaction: transaction
        );
        foreach (var (from, to) in new[] { (Now, Old), (Next, Now) })
        {
            var parts = await owner.QueryAsync<Part>(Parts, new { schema = from, tables = tables.ToArray() }, transaction);
            foreach (var name in parts.Select(part => part.Name).Concat(tables))
            {
                await owner.ExecuteAsync($"alter table {from}.{name} set schema {to}", transaction: transaction);
            }
        }

        // The views that sellers' own tools read are of the tables by what they are and not by their names.
        if (await owner.ExecuteScalarAsync<bool>("select to_regrole('reporting_bi_views') is not null", transaction: transaction))
        {
            await owner.ExecuteAsync($"select bi.keep_views('{Now}')", transaction: transaction);
        }
    }

    /// <summary>Drops the set that was replaced; refused where something still reads it, which is a mistake to be told of.</summary>
    public static async Task DropOldAsync(NpgsqlConnection owner, IReadOnlyList<string> tables)
    {
        foreach (var table in tables)
        {
            await owner.ExecuteAsync($"drop table if exists {Old}.{table}");
        }

        await owner.ExecuteAsync($"drop schema if exists {Old}; drop schema if exists {Next}");
    }

    /// <summary>Puts one seller's rows in the place of those there were, within the transaction.</summary>
    public static async Task ReplaceAsync(NpgsqlTransaction transaction, IReadOnlyList<string> tables, string seller)
    {
        foreach (var table in tables)
        {
            await transaction.Connection!.ExecuteAsync(
                new CommandDefinition(
                    $"""
                    delete from {Now}.{table} where seller_id = @seller;
                    insert into {Now}.{table} select * from {Next}.{table} where seller_id = @seller;
                    """,
                    new { seller },
                    transaction,
                    commandTimeout: 0
                )
            );
        }
    }

    private static string With(string? options) => string.IsNullOrEmpty(options) ? "" : $" with ({options})";

    private sealed record Table
    {
        public string Name { get; init; } = "";

        public string? PartedBy { get; init; }

        public string? Options { get; init; }

        public bool MayUpdate { get; init; }

        public bool MayDelete { get; init; }
    }

    private sealed record Part
    {
        public string Name { get; init; } = "";

        public string Whole { get; init; } = "";

        public string Bound { get; init; } = "";

        public string? Options { get; init; }
    }

    private sealed record Definition
    {
        public string Table { get; init; } = "";

        public string Name { get; init; } = "";

        public string Text { get; init; } = "";
    }
}
