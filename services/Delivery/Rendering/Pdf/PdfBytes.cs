using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>Bytes of a PDF as they are written: words, numbers of two decimals, names and texts (ISO 32000-1, 7.3).</summary>
/// <param name="room">Bytes that are likely to come: there is more room where more come.</param>
internal sealed class PdfBytes(int room = 4096)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(room);

    /// <summary>Bytes so far.</summary>
    public int Length => _bytes.WrittenCount;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <summary>Writes bytes as they are.</summary>
    public PdfBytes Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Writes a word of ASCII as it is.</summary>
    public PdfBytes Add(string word)
    {
        Encoding.ASCII.GetBytes(word, _bytes);
        return this;
    }

    /// <summary>Writes a whole number.</summary>
    public PdfBytes Add(int number)
    {
        Utf8Formatter.TryFormat(number, _bytes.GetSpan(11), out var written);
        _bytes.Advance(written);
        return this;
    }

    /// <summary>Writes a number of at most two decimals, half away from zero: a hundredth of a point is less than any printer's dot.</summary>
    public PdfBytes Add(double number)
    {
        var hundredths = (long)Math.Round(number * 100, MidpointRounding.AwayFromZero);
        var span = _bytes.GetSpan(24);
        var at = 0;
        if (hundredths < 0)
        {
            span[at++] = (byte)'-';
            hundredths = -hundredths;
        }

        Utf8Formatter.TryFormat(hundredths / 100, span[at..], out var written);
        at += written;
        var (tenth, hundredth) = (hundredths / 10 % 10, hundredths % 10);
        if (tenth != 0 || hundredth != 0)
        {
            span[at++] = (byte)'.';
            span[at++] = (byte)('0' + tenth);
            if (hundredth != 0)
            {
                span[at++] = (byte)('0' + hundredth);
            }
        }

        _bytes.Advance(at);
        return this;
    }

    /// <summary>Writes numbers, each with a space behind it.</summary>
    public PdfBytes Add(params ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
        {
            Add(number).Add(" "u8);
        }

        return this;
    }

    /// <summary>Writes a reference to an object.</summary>
    public PdfBytes Refer(int id) => Add(id).Add(" 0 R"u8);

    /// <summary>Writes a text that people read: plain where it is ASCII, else UTF-16 with its mark.</summary>
    public PdfBytes Text(string text)
    {
        if (text.All(static each => each is >= ' ' and <= '~'))
        {
            Add("("u8);
            foreach (var each in text)
            {
                if (each is '(' or ')' or '\\')
                {
                    Add("\\"u8);
                }

                _bytes.GetSpan(1)[0] = (byte)each;
                _bytes.Advance(1);
            }

            return Add(")"u8);
        }

        Add("<FEFF"u8);
        foreach (var each in text)
        {
            Hex(each);
        }

        return Add(">"u8);
    }

    /// <summary>Writes four digits of base sixteen.</summary>
    public PdfBytes Hex(ushort value)
    {
        var span = _bytes.GetSpan(4);
        for (var i = 0; i < 4; i++)
        {
            var digit = (value >> (12 - 4 * i)) & 15;
            span[i] = (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
        }

        _bytes.Advance(4);
        return this;
    }
}
