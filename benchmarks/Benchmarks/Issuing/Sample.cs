using System.Globalization;
using System.Text;
using Npgsql;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// What Invoicing has written of a hundred invoices: a shop that has issued nothing else is taken as it stands, table by table, so that
/// the floor follows the product's tables whatever they become.
/// </summary>
internal sealed record Sample
{
    /// <summary>Invoicing's schema.</summary>
    public const string Schema = "invoicing";

    /// <summary>How many invoices it has; so many go into a transaction of the floor.</summary>
    public const int Invoices = 100;

    private const string InvoiceTable = "invoice";
    private const string EventTable = "event";
    private const string OutboxTable = "outbox";

    private const string Columns = """
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relnamespace = 'invoicing'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and a.attidentity <> 'a' and a.attgenerated = '' and coalesce(pg_get_expr(d.adbin, d.adrelid), '') not like 'nextval(%'
        order by c.relname, a.attnum
        """;

    /// <summary>The JSON of an invoice as it is kept, of the mean length.</summary>
    public required string InvoiceBody { get; init; }

    /// <summary>The JSON of its event, of the mean length.</summary>
    public required string EventBody { get; init; }

    /// <summary>Inserts the sample's rows with fresh keys, a hundred invoices in a transaction.</summary>
    public required string FloorScript { get; init; }

    /// <summary>Takes away what the floor has inserted.</summary>
    public required string EmptyFloor { get; init; }

    /// <summary>How many rows of each table an invoice has in the floor.</summary>
    public required IReadOnlyDictionary<string, double> RowsPerInvoice { get; init; }

    /// <summary>Takes the shop's rows over into the baselines' database and writes the floor's script for them.</summary>
    public static async Task<Sample> TakeAsync(
        NpgsqlDataSource invoicing,
        NpgsqlDataSource baseline,
        Shop shop,
        int clients,
        CancellationToken cancellation
    )
    {
        var tables = await TablesAsync(invoicing, cancellation);
        var perInvoice = new List<(Table Table, long Rows)>();
        foreach (var table in tables.Where(table => table.Has("seller_id")))
        {
            var rows = await ScalarAsync<long>(
                invoicing,
                $"select count(*) from invoicing.{table.Name} where {table.OfSeller(shop)}",
                cancellation
            );
            if (rows >= Invoices / 4)
            {
                perInvoice.Add((table, rows));
                await CopyAsync(invoicing, baseline, table, shop, cancellation);
            }
        }

        foreach (var table in tables.Where(table => !table.Has("seller_id") && table.Name != OutboxTable))
        {
            if (await ScalarAsync<long>(invoicing, $"select count(*) from invoicing.{table.Name}", cancellation) >= Invoices / 4)
            {
                throw new InvalidOperationException(
                    $"an invoice writes to the table {table.Name}, and the floor does not know whose its rows are"
                );
            }
        }

        var invoices = perInvoice.SingleOrDefault(each => each.Table.Name == InvoiceTable).Rows;
        if (invoices != Invoices)
        {
            throw new InvalidOperationException($"the sample's shop has {invoices} invoices instead of {Invoices}");
        }

        foreach (var table in tables.Where(table => table.Name == "seller"))
        {
            await CopyAsync(invoicing, baseline, table, shop, cancellation);
        }

        var hasOutbox = tables.Any(table => table.Name == OutboxTable);
        var sample = new Sample
        {
            InvoiceBody = await MeanBodyAsync(invoicing, InvoiceTable, shop, cancellation),
            EventBody = await MeanBodyAsync(invoicing, EventTable, shop, cancellation),
            FloorScript = Script(perInvoice.ConvertAll(each => each.Table), tables, hasOutbox),
            EmptyFloor = Empty(tables, clients),
            RowsPerInvoice = perInvoice
                .ToDictionary(each => each.Table.Name, each => (double)each.Rows / Invoices, StringComparer.Ordinal)
                .Concat(hasOutbox ? [new(OutboxTable, 1)] : [])
                .ToDictionary(StringComparer.Ordinal),
        };
        await using var number = baseline.CreateCommand(Numbering(perInvoice.ConvertAll(each => each.Table)));
        await number.ExecuteNonQueryAsync(cancellation);
        return sample;
    }

    private static async Task<List<Table>> TablesAsync(NpgsqlDataSource invoicing, CancellationToken cancellation)
    {
        await using var command = invoicing.CreateCommand(Columns);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<(string Table, string Column, string Type)>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return
        [
            .. rows.GroupBy(row => row.Table, StringComparer.Ordinal)
                .Select(table => new Table(table.Key, [.. table.Select(row => (row.Column, row.Type))])),
        ];
    }

    /// <summary>Row by row as binary copies, into columns that keep texts uncompressed: the floor compresses each text anew, as the import does.</summary>
    private static async Task CopyAsync(NpgsqlDataSource from, NpgsqlDataSource to, Table table, Shop shop, CancellationToken cancellation)
    {
        var columns = string.Join(", ", table.Columns.Select(column => column.Name));
        var externals = string.Join(
            ", ",
            table.Columns.Where(column => column.Type == "text").Select(column => $"alter column {column.Name} set storage external")
        );
        await using var into = await to.OpenConnectionAsync(cancellation);
        await using (
            var create = new NpgsqlCommand(
                $"create table sample_{table.Name} as select {columns} from invoicing.{table.Name} where false; alter table sample_{table.Name} {externals}",
                into
            )
        )
        {
            await create.ExecuteNonQueryAsync(cancellation);
        }

        await using var source = await from.OpenConnectionAsync(cancellation);
        await using var reading = await source.BeginRawBinaryCopyAsync(
            $"copy (select {columns} from invoicing.{table.Name} where {table.OfSeller(shop)}) to stdout (format binary)",
            cancellation
        );
        await using var writing = await into.BeginRawBinaryCopyAsync(
            $"copy sample_{table.Name} ({columns}) from stdin (format binary)",
            cancellation
        );
        await reading.CopyToAsync(writing, cancellation);
    }

    /// <summary>Gives each row the place of its invoice among the hundred, and takes the sequence off its number.</summary>
    private static string Numbering(IReadOnlyList<Table> tables)
    {
        var sql = new StringBuilder(
            "create table sample_place as select invoice_id, row_number() over (order by number) as i from sample_invoice;\n"
        );
        foreach (var table in tables)
        {
            sql.AppendLine(CultureInfo.InvariantCulture, $"alter table sample_{table.Name} add column i bigint;");
            sql.AppendLine(
                table.Has("invoice_id")
                    ? $"update sample_{table.Name} s set i = p.i from sample_place p where p.invoice_id = s.invoice_id;"
                    : $"update sample_{table.Name} s set i = p.i from (select ctid, row_number() over (order by {table.Order}) as i from sample_{table.Name}) p where p.ctid = s.ctid;"
            );
            if (table.Has("number"))
            {
                sql.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"update sample_{table.Name} set number = regexp_replace(number, '[0-9]+$', '');"
                );
            }
        }

        return sql.ToString();
    }

    private static string Script(IReadOnlyList<Table> tables, IReadOnlyList<Table> all, bool hasOutbox)
    {
        var sql = new StringBuilder(
            """
            -- (d) The floor: every row and byte that an import writes, a hundred invoices in a transaction. Each client is a seller and a
            -- taxpayer of its own, so that none waits for another.
            \set n :n + 100
            \set base (:client_id + 1) * 1000000000 + :n
            begin;

            """
        );
        foreach (
            var table in tables.OrderBy(table =>
                table.Name switch
                {
                    InvoiceTable => 0,
                    EventTable => 2,
                    _ => 1,
                }
            )
        )
        {
            var columns = string.Join(", ", table.Columns.Select(column => column.Name));
            var values = string.Join(", ", table.Columns.Select(column => Value(table.Name, column.Name)));
            var insert = $"insert into invoicing.{table.Name} ({columns}) select {values} from sample_{table.Name} s order by i";
            sql.Append(
                table.Name == EventTable && hasOutbox
                    ? $"with kept as ({insert} returning position, event_id) insert into invoicing.{OutboxTable} (position, event_id) select position, event_id from kept;\n"
                    : $"{insert};\n"
            );
        }

        // What one transaction moves for all of its invoices.
        void Move(string table, string set, string where)
        {
            if (all.Any(each => each.Name == table))
            {
                sql.Append(CultureInfo.InvariantCulture, $"update invoicing.{table} set {set} where {where};\n");
            }
        }

        Move("number_series", "last = :n::bigint", $"seller_id = {Seller}");
        Move("fiscal_chain", "last = :n::bigint", $"tax_id = {TaxId}");
        Move("event_sequence", "last = :n::bigint", $"seller_id = {Seller}");
        return sql.Append("end;\n").ToString();
    }

    private const string Seller = "'floor-' || lpad(:client_id::text, 3, '0')";
    private const string TaxId = "'F' || lpad(:client_id::text, 8, '0')";

    private static string Value(string table, string column) =>
        (table, column) switch
        {
            (_, "seller_id") => Seller,
            (_, "tax_id") => TaxId,
            // Ascending, as identifiers of version 7 are.
            (_, "invoice_id") => "(encode(int8send(:first::bigint + :base::bigint + s.i), 'hex') || '7000800000000001')::uuid",
            (_, "event_id") => "(encode(int8send(:first::bigint + :base::bigint + s.i), 'hex') || '7000800000000002')::uuid",
            (_, "sale_id") => "'FLOOR-' || lpad((:n::bigint + s.i)::text, 10, '0')",
            (_, "number") => "s.number || lpad((:n::bigint + s.i)::text, 6, '0')",
            (_, "position" or "sequence") => ":n::bigint + s.i",
            _ => $"s.{column}",
        };

    /// <summary>Takes the rows away and puts what they refer to: sellers, series and chains, one for each client.</summary>
    private static string Empty(IReadOnlyList<Table> tables, int clients)
    {
        var sql = new StringBuilder($"truncate {string.Join(", ", tables.Select(table => $"invoicing.{table.Name}"))} restart identity;\n");
        void Put(string name, Func<string, string> value)
        {
            if (tables.FirstOrDefault(table => table.Name == name) is { } table)
            {
                var columns = string.Join(", ", table.Columns.Select(column => column.Name));
                var values = string.Join(", ", table.Columns.Select(column => value(column.Name)));
                sql.Append(
                    CultureInfo.InvariantCulture,
                    $"insert into invoicing.{name} ({columns}) select {values} from generate_series(0, {clients - 1}) c"
                );
                sql.Append(name == "seller" ? ", sample_seller s;\n" : ";\n");
            }
        }

        string Key(string column, Func<string, string> other) =>
            column switch
            {
                "seller_id" => "'floor-' || lpad(c::text, 3, '0')",
                "tax_id" => "'F' || lpad(c::text, 8, '0')",
                _ => other(column),
            };

        Put("seller", column => Key(column, name => $"s.{name}"));
        Put(
            "number_series",
            column =>
                Key(
                    column,
                    name =>
                        name switch
                        {
                            "kind" => "'F'",
                            "year" or "last" or "lifted_to" => "0",
                            _ => "'floor'",
                        }
                )
        );
        Put(
            "fiscal_chain",
            column =>
                Key(
                    column,
                    name =>
                        name switch
                        {
                            "last" => "0",
                            "recorded_at" => "now()",
                            _ => "'floor'",
                        }
                )
        );
        Put("event_sequence", column => Key(column, _ => "0"));
        return sql.ToString();
    }

    private static async Task<string> MeanBodyAsync(NpgsqlDataSource invoicing, string table, Shop shop, CancellationToken cancellation)
    {
        var of = $"from invoicing.{table} where {new Table(table, []).OfSeller(shop)}";
        return await ScalarAsync<string>(
            invoicing,
            $"select body {of} order by abs(length(body) - (select avg(length(body)) {of})) limit 1",
            cancellation
        );
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private sealed record Table(string Name, IReadOnlyList<(string Name, string Type)> Columns)
    {
        public string Order => Has("sequence") ? "sequence" : Columns[0].Name;

        public bool Has(string column) => Columns.Any(each => each.Name == column);

        // A shop's registration is told too, and is no part of an invoice.
        public string OfSeller(Shop shop) =>
            $"seller_id = '{shop.SellerId}'" + (Name == EventTable ? " and name = 'invoicing.invoice-issued.v1'" : "");
    }
}
