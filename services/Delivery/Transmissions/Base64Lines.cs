using System.Buffers.Text;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Bytes as mails carry them: base64 in lines of 76 letters, each with its end (RFC 2045, 6.8).</summary>
public static class Base64Lines
{
    private const int BytesALine = 57;

    /// <summary>The lines; none for nothing.</summary>
    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        var lineCount = (content.Length + BytesALine - 1) / BytesALine;
        var lines = new byte[Base64.GetMaxEncodedToUtf8Length(content.Length) + 2 * lineCount];
        var at = 0;
        for (var from = 0; from < content.Length; from += BytesALine)
        {
            var line = content.Slice(from, Math.Min(BytesALine, content.Length - from));
            Base64.EncodeToUtf8(line, lines.AsSpan(at), out _, out var written);
            at += written;
            lines[at++] = (byte)'\r';
            lines[at++] = (byte)'\n';
        }

        return lines;
    }
}
