using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>Writes an export while the records are being read: neither is ever whole in memory.</summary>
public static class WriteFiscalExport
{
    /// <summary>The zip of a chain's records, which come in the order of their places.</summary>
    public static async Task<FiscalExportSummary> ToAsync(
        Stream destination,
        FiscalExportChain chain,
        IAsyncEnumerable<StoredRecord> records,
        CancellationToken cancellation
    )
    {
        var (list, parts, offset, last) = (new ExportList(ExportList.Head(chain)), new List<ZipPart>(), 0L, 0L);
        await foreach (var (position, text) in records.WithCancellation(cancellation))
        {
            if (position <= last || position > 9_999_999_999)
            {
                throw new ArgumentException($"the record at {position} comes after that at {last}", nameof(records));
            }

            last = position;
            var (name, content) = (FiscalExport.NameOf(position), Encoding.UTF8.GetBytes(text));
            list.Add(ExportList.Line(name, Convert.ToHexString(SHA256.HashData(content))));
            await FileAsync(name, content);
        }

        await FileAsync(FiscalExport.ListName, list.Whole());
        var begin = offset;
        foreach (var part in parts)
        {
            await BytesAsync(StoredZip.Listing(part));
        }

        await BytesAsync(StoredZip.End(parts.Count, begin, offset - begin));
        await destination.FlushAsync(cancellation);
        return new FiscalExportSummary(parts.Count - 1, offset, list.Total);

        async Task FileAsync(string name, byte[] content)
        {
            var part = new ZipPart(name, Crc32.Of(content), (uint)content.Length, offset);
            parts.Add(part);
            await BytesAsync(StoredZip.Header(part));
            await BytesAsync(content);
        }

        async Task BytesAsync(byte[] bytes)
        {
            await destination.WriteAsync(bytes, cancellation);
            offset += bytes.Length;
        }
    }
}
