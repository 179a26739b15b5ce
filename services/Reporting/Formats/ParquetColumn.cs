using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RetailInvoicing.Reporting.Formats;

/// <summary>The values of one column until their row group is written: which of them there are, and those one after the other.</summary>
internal sealed class ParquetColumn(ReportColumn column)
{
    /// <summary>Decimals of amounts: more than any currency has.</summary>
    public const int MoneyScale = 4;

    /// <summary>Decimals of quantities and ratios, as many as a sale's.</summary>
    public const int DecimalScale = 9;

    /// <summary>Digits of a decimal of ours.</summary>
    public const int Precision = 28;

    /// <summary>Bytes of a decimal.</summary>
    public const int DecimalBytes = 16;

    private static readonly int FirstDay = new DateOnly(1970, 1, 1).DayNumber;

    private readonly ArrayBufferWriter<byte> _values = new();
    private readonly List<bool> _isThere = [];

    /// <summary>The column.</summary>
    public ReportColumn Column => column;

    /// <summary>How many rows.</summary>
    public int Count => _isThere.Count;

    /// <summary>Adds a row's value.</summary>
    public void Add(object? cell)
    {
        _isThere.Add(cell is not null);
        if (cell is null)
        {
            return;
        }

        switch (column.Kind)
        {
            case ColumnKind.Whole:
                BinaryPrimitives.WriteInt64LittleEndian(Take(8), Convert.ToInt64(cell, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case ColumnKind.Money or ColumnKind.Percent:
                AddDecimal((decimal)cell, MoneyScale);
                break;
            case ColumnKind.Decimal:
                AddDecimal((decimal)cell, DecimalScale);
                break;
            case ColumnKind.Date:
                BinaryPrimitives.WriteInt32LittleEndian(Take(4), ((DateOnly)cell).DayNumber - FirstDay);
                break;
            case ColumnKind.Instant:
                var micros = (((DateTimeOffset)cell).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
                BinaryPrimitives.WriteInt64LittleEndian(Take(8), micros);
                break;
            default:
                var text = CsvText.Plain(cell);
                var length = Encoding.UTF8.GetByteCount(text);
                var span = Take(4 + length);
                BinaryPrimitives.WriteInt32LittleEndian(span, length);
                Encoding.UTF8.GetBytes(text, span[4..]);
                break;
        }
    }

    /// <summary>The page of what was added (definition levels, then the values that are there), and a fresh start.</summary>
    public byte[] Page()
    {
        var levels = Levels();
        var page = new byte[4 + levels.Length + _values.WrittenCount];
        BinaryPrimitives.WriteInt32LittleEndian(page, levels.Length);
        levels.CopyTo(page.AsSpan(4));
        _values.WrittenSpan.CopyTo(page.AsSpan(4 + levels.Length));
        _values.ResetWrittenCount();
        _isThere.Clear();
        return page;
    }

    /// <summary>One bit a row, lowest first, as one packed run: its head counts groups of eight.</summary>
    private byte[] Levels()
    {
        var groups = (_isThere.Count + 7) / 8;
        var head = new List<byte>(5);
        for (var rest = (uint)(groups << 1) | 1; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                head.Add((byte)rest);
                break;
            }

            head.Add((byte)(rest | 0x80));
        }

        var levels = new byte[head.Count + groups];
        head.CopyTo(levels);
        for (var i = 0; i < _isThere.Count; i++)
        {
            if (_isThere[i])
            {
                levels[head.Count + i / 8] |= (byte)(1 << (i % 8));
            }
        }

        return levels;
    }

    private void AddDecimal(decimal value, int scale)
    {
        var rounded = decimal.Round(value, scale, MidpointRounding.AwayFromZero);
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(rounded, parts);
        var unscaled = ((UInt128)(uint)parts[2] << 64) | ((UInt128)(uint)parts[1] << 32) | (uint)parts[0];
        for (var missing = scale - rounded.Scale; missing > 0; missing--)
        {
            unscaled *= 10;
        }

        BinaryPrimitives.WriteInt128BigEndian(Take(DecimalBytes), rounded < 0m ? -(Int128)unscaled : (Int128)unscaled);
    }

    private Span<byte> Take(int length)
    {
        var span = _values.GetSpan(length)[..length];
        _values.Advance(length);
        return span;
    }
}
