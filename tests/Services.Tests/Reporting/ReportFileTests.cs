using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Parquet;
using Parquet.Schema;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Services.Tests.Reporting;

[Collection(nameof(Alone))]
public sealed class ReportFileTests
{
    private static readonly ReportColumn[] Columns =
    [
        new("key", "Group", "Grupo", ColumnKind.Text),
        new("invoices", "Invoices", "Facturas", ColumnKind.Whole),
        new("total", "Total", "Total", ColumnKind.Money),
        new("quantity", "Quantity", "Cantidad", ColumnKind.Decimal),
        new("rate", "Rate", "Tipo", ColumnKind.Percent),
        new("day", "Day", "Día", ColumnKind.Date),
        new("at", "At", "Momento", ColumnKind.Instant),
    ];

    private static readonly DateTimeOffset At = new(2026, 11, 23, 10, 15, 30, 123, TimeSpan.FromHours(1));

    private static readonly object?[][] Rows =
    [
        ["Té, \"verde\"", 3L, 12.10m, 0.000000001m, 21m, new DateOnly(2026, 11, 23), At],
        [null, null, null, null, null, null, null],
        ["=1+1", -4L, -1398.60m, -2.5m, 0m, new DateOnly(2026, 2, 28), At.AddDays(1)],
        ["𝒳 & <b>\u0001", 0L, 0.00m, 999_999_999_999.123456789m, 5.2m, new DateOnly(2028, 2, 29), At],
    ];

    private static readonly Sheet Sheet = new("sales", Columns);

    [Fact]
    public async Task A_csv_is_RFC_4180_under_the_names_of_the_wire_and_runs_no_formula()
    {
        var text = Encoding.UTF8.GetString(await WrittenAsync(new WriteCsv(), Sheet));

        Assert.Equal(
            [
                "key,invoices,total,quantity,rate,day,at",
                "\"Té, \"\"verde\"\"\",3,12.10,0.000000001,21,2026-11-23,2026-11-23T10:15:30.123+01:00",
                ",,,,,,",
                "'=1+1,-4,-1398.60,-2.5,0,2026-02-28,2026-11-24T10:15:30.123+01:00",
                "𝒳 & <b>\u0001,0,0.00,999999999999.123456789,5.2,2028-02-29,2026-11-23T10:15:30.123+01:00",
                "",
            ],
            text.Split("\r\n")
        );
    }

    [Fact]
    public async Task A_spreadsheet_has_numbers_and_days_as_such_and_headings_in_the_readers_language()
    {
        var bytes = await WrittenAsync(new WriteXlsx(), Sheet with { Language = "es-ES" });

        var rows = RowsOf(bytes, "xl/worksheets/sheet1.xml");
        Assert.Equal(["Grupo", "Facturas", "Total", "Cantidad", "Tipo", "Día", "Momento"], rows[0].Values);
        Assert.Equal(["Té, \"verde\"", "3", "12.10", "0.000000001", "21", "46349", "2026-11-23T10:15:30.123+01:00"], rows[1].Values);
        Assert.Empty(rows[2].Values);
        Assert.Equal("=1+1", rows[3]["A4"]);
        Assert.Equal("-1398.60", rows[3]["C4"]);
        // Twenty-one digits are more than a spreadsheet keeps: text, to the last of them.
        Assert.Equal("999999999999.123456789", rows[4]["D5"]);
        Assert.Equal("𝒳 & <b>", rows[4]["A5"]);
        await using var zip = new ZipArchive(new MemoryStream(bytes));
        foreach (var entry in zip.Entries)
        {
            await using var stream = await entry.OpenAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(XDocument.Load(stream).Root);
        }

        // The same rows make the same bytes.
        Assert.Equal(bytes, await WrittenAsync(new WriteXlsx(), Sheet with { Language = "es-ES" }));
    }

    [Fact]
    public async Task A_sheet_that_is_full_is_followed_by_another_with_the_same_headings()
    {
        using var bytes = new MemoryStream();
        var outflow = new Outflow(bytes);
        using (
            var file = new XlsxFile(
                outflow,
                "a/b",
                [
                    ["n"],
                ],
                mostRows: 3
            )
        )
        {
            for (var n = 1L; n <= 5; n++)
            {
                file.Add([n]);
            }
        }

        await outflow.LetOutAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["n", "1", "2"], RowsOf(bytes.ToArray(), "xl/worksheets/sheet1.xml").Select(row => row.Values.Single()));
        Assert.Equal(["n", "5"], RowsOf(bytes.ToArray(), "xl/worksheets/sheet3.xml").Select(row => row.Values.Single()));
        Assert.Equal("AA", XlsxFile.Letters(26));
        Assert.Equal("XFD", XlsxFile.Letters(16_383));
    }

    [Fact]
    public async Task A_parquet_file_reads_back_as_it_was_written()
    {
        var bytes = await WrittenAsync(
            new WriteParquet(),
            Sheet with
            {
                About = new Dictionary<string, string> { ["asOf"] = "2026-11-23T10:15:30Z", ["lagMs"] = "0" },
            }
        );

        var cancellation = TestContext.Current.CancellationToken;
        await using var reader = await ParquetReader.CreateAsync(
            new MemoryStream(bytes),
            new ParquetOptions { UseDateOnlyTypeForDates = true },
            false,
            cancellation
        );
        Assert.Equal(Columns.Select(column => column.Name), reader.Schema.DataFields.Select(field => field.Name));
        Assert.Equal("2026-11-23T10:15:30Z", reader.CustomMetadata["asOf"]);
        Assert.Equal(1, reader.RowGroupCount);
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(Rows.Length, group.RowCount);
        var texts = new string?[Rows.Length];
        await group.ReadAsync(Field(0), texts!, null, cancellation);
        Assert.Equal(Rows.Select(row => (string?)row[0]), texts);
        Assert.Equal(Rows.Select(row => (long?)row[1]), await ReadAsync<long>(1));
        Assert.Equal(Rows.Select(row => (decimal?)row[2]), await ReadAsync<decimal>(2));
        Assert.Equal(Rows.Select(row => (decimal?)row[3]), await ReadAsync<decimal>(3));
        Assert.Equal(Rows.Select(row => (decimal?)row[4]), await ReadAsync<decimal>(4));
        Assert.Equal(Rows.Select(row => (DateOnly?)row[5]), await ReadAsync<DateOnly>(5));
        Assert.Equal(Rows.Select(row => ((DateTimeOffset?)row[6])?.UtcDateTime), await ReadAsync<DateTime>(6));

        DataField Field(int column) => reader.Schema.DataFields[column];

        async Task<T?[]> ReadAsync<T>(int column)
            where T : struct
        {
            var values = new T?[Rows.Length];
            await group.ReadAsync<T>(Field(column), new Memory<T?>(values), null, cancellation);
            return values;
        }
    }

    [Fact]
    public async Task Many_row_groups_hold_every_row_in_order()
    {
        var bytes = new MemoryStream();
        await new WriteParquet().WriteAsync(bytes, Sheet, Many(45_000), TestContext.Current.CancellationToken);

        var cancellation = TestContext.Current.CancellationToken;
        await using var reader = await ParquetReader.CreateAsync(bytes, null, false, cancellation);
        Assert.Equal(3, reader.RowGroupCount);
        var next = 0L;
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var values = new long?[group.RowCount];
            await group.ReadAsync<long>(reader.Schema.DataFields[1], new Memory<long?>(values), null, cancellation);
            Assert.All(values, value => Assert.Equal(next++, value));
        }

        Assert.Equal(45_000, next);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("xlsx")]
    [InlineData("parquet")]
    public async Task A_million_rows_are_written_in_bounded_memory(string format)
    {
        IReportWriter writer = format switch
        {
            "csv" => new WriteCsv(),
            "xlsx" => new WriteXlsx(),
            _ => new WriteParquet(),
        };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var measured = new Measured();

        await writer.WriteAsync(measured, Sheet, Many(1_000_000), TestContext.Current.CancellationToken);

        Assert.True(measured.Written > 1_000_000, $"{measured.Written} bytes");
        Assert.True(measured.Most - before < 100_000_000, $"{(measured.Most - before) / 1_000_000} MB were held");
    }

    private static async Task<byte[]> WrittenAsync(IReportWriter writer, Sheet sheet)
    {
        using var bytes = new MemoryStream();
        await writer.WriteAsync(bytes, sheet, Rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    private static async IAsyncEnumerable<object?[]> Many(int rows)
    {
        for (var n = 0; n < rows; n++)
        {
            if (n % 10_000 == 0)
            {
                await Task.Yield();
            }

            yield return [$"P{n % 4000}", (long)n, n / 100m, n / 3m, 21m, new DateOnly(2026, 1, 1).AddDays(n % 365), At.AddSeconds(n)];
        }
    }

    /// <summary>The cells of a sheet's rows by their places.</summary>
    private static List<Dictionary<string, string>> RowsOf(byte[] workbook, string part)
    {
        using var zip = new ZipArchive(new MemoryStream(workbook));
        using var stream = zip.GetEntry(part)!.Open();
        XNamespace main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        return
        [
            .. XDocument
                .Load(stream)
                .Descendants(main + "row")
                .Select(row =>
                    row.Elements(main + "c")
                        .ToDictionary(
                            cell => (string)cell.Attribute("r")!,
                            cell => (string?)cell.Element(main + "v") ?? cell.Descendants(main + "t").Single().Value
                        )
                ),
        ];
    }

    /// <summary>Throws away what is written, and looks now and then how much is held.</summary>
    private sealed class Measured : Stream
    {
        private long _looked;

        public long Written { get; private set; }

        public long Most { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            if (Written - _looked > 5_000_000)
            {
                _looked = Written;
                Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true));
            }

            return ValueTask.CompletedTask;
        }

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new InvalidOperationException("whoever writes waits for nobody: a response refuses that");

        public override void Flush() => throw new InvalidOperationException("whoever flushes waits for nobody: a response refuses that");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
