using System.IO.Compression;

namespace RetailInvoicing.Reporting.Formats;

/// <summary>
/// A file of Apache Parquet (format 2, pages of version 1) that is written from its first row group to its footer. Every column may be
/// empty in a row; values stand plainly and each page is packed by gzip.
/// </summary>
internal sealed class ParquetFile
{
    // The format's own numbers (parquet.thrift).
    private const int Int32 = 1;
    private const int Int64 = 2;
    private const int ByteArray = 6;
    private const int FixedLengthByteArray = 7;
    private const int Optional = 1;
    private const int Utf8 = 0;
    private const int DecimalNumber = 5;
    private const int Day = 6;
    private const int TimestampMicros = 10;
    private const int Plain = 0;
    private const int RunLength = 3;
    private const int Gzip = 2;
    private const int DataPage = 0;
    private const int FormatVersion = 2;

    private readonly Outflow _to;
    private readonly Sheet _sheet;
    private readonly ParquetColumn[] _columns;
    private readonly List<Group> _groups = [];

    /// <summary>A file of a sheet's columns, named as on wires.</summary>
    public ParquetFile(Outflow to, Sheet sheet)
    {
        (_to, _sheet) = (to, sheet);
        _columns = [.. sheet.Columns.Select(column => new ParquetColumn(column))];
        to.Write("PAR1"u8);
    }

    private sealed record Chunk(long At, long Unpacked, long Packed);

    private sealed record Group(int Rows, IReadOnlyList<Chunk> Chunks);

    /// <summary>Rows that are not written yet.</summary>
    public int Waiting => _columns.Length == 0 ? 0 : _columns[0].Count;

    /// <summary>Adds a row.</summary>
    public void Add(IReadOnlyList<object?> cells)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Add(cells[i]);
        }
    }

    /// <summary>Writes the rows that wait as a row group.</summary>
    public void EndGroup()
    {
        var rows = Waiting;
        if (rows == 0)
        {
            return;
        }

        var chunks = new List<Chunk>(_columns.Length);
        foreach (var column in _columns)
        {
            var page = column.Page();
            var packed = Pack(page);
            var head = new ThriftBytes()
                .BeginElement()
                .Field(1, DataPage)
                .Field(2, page.Length)
                .Field(3, packed.Length)
                .Begin(5)
                .Field(1, rows)
                .Field(2, Plain)
                .Field(3, RunLength)
                .Field(4, RunLength)
                .End()
                .End();
            chunks.Add(new Chunk(_to.Position, head.Written.Length + page.Length, head.Written.Length + packed.Length));
            _to.Write(head.Written);
            _to.Write(packed);
        }

        _groups.Add(new Group(rows, chunks));
    }

    /// <summary>Writes the footer.</summary>
    public void End()
    {
        EndGroup();
        var footer = new ThriftBytes().BeginElement().Field(1, FormatVersion).Structs(2, 1 + _columns.Length);
        footer.BeginElement().Field(4, "report").Field(5, _columns.Length).End();
        foreach (var column in _columns)
        {
            Describe(footer, column.Column);
        }

        footer.Field(3, _groups.Sum(group => (long)group.Rows)).Structs(4, _groups.Count);
        foreach (var group in _groups)
        {
            Describe(footer, group);
        }

        if (_sheet.About.Count > 0)
        {
            footer.Structs(5, _sheet.About.Count);
            foreach (var (key, value) in _sheet.About.OrderBy(each => each.Key, StringComparer.Ordinal))
            {
                footer.BeginElement().Field(1, key).Field(2, value).End();
            }
        }

        footer.Field(6, "RetailInvoicing").End();
        _to.Write(footer.Written);
        Span<byte> length = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, footer.Written.Length);
        _to.Write(length);
        _to.Write("PAR1"u8);
    }

    private static void Describe(ThriftBytes footer, ReportColumn column)
    {
        footer.BeginElement().Field(1, TypeOf(column.Kind));
        if (IsDecimal(column.Kind))
        {
            footer.Field(2, ParquetColumn.DecimalBytes);
        }

        footer.Field(3, Optional).Field(4, column.Name);
        if (ConvertedOf(column.Kind) is { } converted)
        {
            footer.Field(6, converted);
        }

        if (IsDecimal(column.Kind))
        {
            footer.Field(7, column.Kind == ColumnKind.Decimal ? ParquetColumn.DecimalScale : ParquetColumn.MoneyScale);
            footer.Field(8, ParquetColumn.Precision);
        }

        footer.End();
    }

    private void Describe(ThriftBytes footer, Group group)
    {
        footer.BeginElement().Structs(1, group.Chunks.Count);
        for (var i = 0; i < group.Chunks.Count; i++)
        {
            var (chunk, column) = (group.Chunks[i], _columns[i].Column);
            footer
                .BeginElement()
                .Field(2, chunk.At)
                .Begin(3)
                .Field(1, TypeOf(column.Kind))
                .Numbers(2, Plain, RunLength)
                .Texts(3, column.Name)
                .Field(4, Gzip)
                .Field(5, (long)group.Rows)
                .Field(6, chunk.Unpacked)
                .Field(7, chunk.Packed)
                .Field(9, chunk.At)
                .End()
                .End();
        }

        footer.Field(2, group.Chunks.Sum(chunk => chunk.Unpacked)).Field(3, (long)group.Rows).End();
    }

    private static bool IsDecimal(ColumnKind kind) => kind is ColumnKind.Money or ColumnKind.Percent or ColumnKind.Decimal;

    private static int TypeOf(ColumnKind kind) =>
        kind switch
        {
            ColumnKind.Whole or ColumnKind.Instant => Int64,
            ColumnKind.Date => Int32,
            ColumnKind.Text => ByteArray,
            _ => FixedLengthByteArray,
        };

    private static int? ConvertedOf(ColumnKind kind) =>
        kind switch
        {
            ColumnKind.Whole => null,
            ColumnKind.Instant => TimestampMicros,
            ColumnKind.Date => Day,
            ColumnKind.Text => Utf8,
            _ => DecimalNumber,
        };

    private static byte[] Pack(byte[] page)
    {
        using var packed = new MemoryStream(page.Length / 2 + 64);
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(page);
        }

        return packed.ToArray();
    }
}
