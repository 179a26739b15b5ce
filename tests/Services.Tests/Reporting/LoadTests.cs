using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Sales;
using RetailInvoicing.Services.Tests.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Reporting;

/// <summary>What a rebuild writes by the million: the same rows, to the last digit.</summary>
public sealed class LoadTests(Infrastructure infrastructure)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 31, 21, 30, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400_000)]
    [InlineData(10)]
    public async Task Sums_that_a_rebuild_adds_up_in_memory_are_those_that_were_added_up_as_events_came(int mostSums)
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var sales = new KeepSales { MostSums = mostSums };
        var told = Events(new Random(mostSums)).Select((each, i) => (each, Start.AddMinutes(17 * i))).ToArray();
        await using var connection = await host.Database.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        foreach (var some in told.Chunk(7))
        {
            await sales.KeepAsync(transaction, some, Token);
        }

        foreach (var table in sales.Tables)
        {
            await connection.ExecuteAsync(
                $"create temp table before_{table} on commit drop as select * from {table}",
                transaction: transaction
            );
            Assert.True(await connection.ExecuteScalarAsync<bool>($"select count(*) > 0 from {table}", transaction: transaction), table);
        }

        await connection.ExecuteAsync($"truncate {string.Join(", ", sales.Tables)}", transaction: transaction);
        // What an earlier one left when it failed is nobody's.
        sales.BeginLoad();
        await sales.LoadAsync(transaction, told[..9], Token);
        await connection.ExecuteAsync($"truncate {string.Join(", ", sales.Tables)}", transaction: transaction);
        sales.BeginLoad();
        foreach (var some in told.Chunk(13))
        {
            await sales.LoadAsync(transaction, some, Token);
        }

        await sales.MakeSumsAsync(transaction, Token);
        foreach (var table in sales.Tables)
        {
            var differing = await connection.ExecuteScalarAsync<string>(
                $"""
                select string_agg(t, '; ') from (
                    (select b::text as t from before_{table} b except all select n::text from {table} n)
                    union all (select n::text from {table} n except all select b::text from before_{table} b)) d
                """,
                transaction: transaction
            );
            Assert.True(differing is null, $"{table}: {differing}");
        }
    }

    [Fact]
    public async Task Every_value_that_is_written_in_binary_is_read_as_it_was()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var random = new Random(5);
        Row[] rows =
        [
            Row.Of(0m, "", [], 0),
            Row.Of(0.00m, null, [""], -1),
            Row.Of(decimal.MaxValue, "Ñandú 🧦", ["a", "b,c", "\"{}"], int.MaxValue),
            Row.Of(decimal.MinValue, "x", ["ñ"], int.MinValue),
            Row.Of(0.0000000000000000000000000001m, "x", [], 1),
            Row.Of(-0.0001m, "x", [], 1),
            Row.Of(10_000m, "x", [], 1),
            Row.Of(9_999.9999m, "x", [], 1),
            Row.Of(1.10000m, "x", [], 1),
            .. Enumerable
                .Range(0, 5_000)
                .Select(i =>
                    Row.Of(
                        new decimal(
                            random.Next(),
                            random.Next(3) == 0 ? random.Next() : 0,
                            random.Next(9) == 0 ? random.Next() : 0,
                            random.Next(2) == 0,
                            (byte)random.Next(29)
                        ),
                        new string('é', random.Next(300)),
                        [.. Enumerable.Range(0, random.Next(4)).Select(n => $"p{n}")],
                        i
                    )
                ),
        ];
        await using var connection = await host.Database.OpenConnectionAsync(Token);
        await connection.ExecuteAsync(
            "create temp table written (number numeric, text text, texts text[], whole int, long bigint, short smallint, id uuid, day date, at timestamptz, nth int)"
        );
        var write = new WriteRows();
        foreach (var (nth, row) in rows.Index())
        {
            write
                .Row(10)
                .Numeric(row.Number)
                .Text(row.Text)
                .Texts(row.Texts)
                .Integer(row.Whole)
                .Bigint(row.Whole * 3_000_000_000L)
                .Smallint((short)row.Whole)
                .Uuid(row.Id)
                .Date(row.Day)
                .Instant(row.At)
                .Integer(nth);
        }

        await write.HandleAsync(connection, "copy written from stdin (format binary)", Token);
        Assert.True(write.IsEmpty);
        await using var command = new NpgsqlCommand("select *, number::text from written order by nth", connection);
        await using var reader = await command.ExecuteReaderAsync(Token);
        foreach (var row in rows)
        {
            Assert.True(await reader.ReadAsync(Token));
            Assert.Equal(row.Number.ToString(CultureInfo.InvariantCulture), Plain(reader.GetString(10), row.Number));
            Assert.Equal(row.Text, await reader.IsDBNullAsync(1, Token) ? null : reader.GetString(1));
            Assert.Equal(row.Texts, await reader.GetFieldValueAsync<string[]>(2, Token));
            Assert.Equal(row.Whole, reader.GetInt32(3));
            Assert.Equal(row.Whole * 3_000_000_000L, reader.GetInt64(4));
            Assert.Equal((short)row.Whole, reader.GetInt16(5));
            Assert.Equal(row.Id, reader.GetGuid(6));
            Assert.Equal(row.Day, await reader.GetFieldValueAsync<DateOnly>(7, Token));
            Assert.Equal(row.At, await reader.GetFieldValueAsync<DateTimeOffset>(8, Token));
        }

        Assert.False(await reader.ReadAsync(Token));
    }

    // PostgreSQL knows no negative nothing.
    private static string Plain(string read, decimal written) => written == 0m && decimal.IsNegative(written) ? "-" + read : read;

    private static IEvent[] Events(Random random)
    {
        var invoices = Enumerable
            .Range(0, 60)
            .Select(i =>
            {
                var invoice = Told.Invoice($"s{i % 2}", random.Next(-9000, 20_000) / 100m, customer: $"c{random.Next(0, 3)}");
                return invoice with
                {
                    Kind =
                        random.Next(8) == 0 ? InvoiceKind.Exchange
                        : invoice.Totals.TotalWithVat < 0m ? InvoiceKind.Corrective
                        : InvoiceKind.Simplified,
                    OperationDate = new DateOnly(2026, random.Next(1, 4), random.Next(1, 29)),
                };
            })
            .ToArray();
        return [.. invoices, .. invoices.Where(_ => random.Next(4) == 0).Select(Told.Cancelled)];
    }

    private sealed record Row(decimal Number, string? Text, string[] Texts, int Whole, Guid Id, DateOnly Day, DateTimeOffset At)
    {
        public static Row Of(decimal number, string? text, string[] texts, int whole) =>
            new(
                number,
                text,
                texts,
                whole,
                Guid.CreateVersion7(),
                new DateOnly(1990, 1, 1).AddDays(Math.Abs(whole % 30_000)),
                new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(whole)
            );
    }
}
