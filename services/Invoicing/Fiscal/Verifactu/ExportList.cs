using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// huellas.sha256 while it is made: a head that says whose records they are, a line for each file, and a last line with their number and
/// the SHA-256 that is chained over all lines before it.
/// </summary>
internal sealed class ExportList
{
    private readonly MemoryStream _bytes = new();
    private byte[] _chained;
    private long _count;

    /// <summary>A list with a head.</summary>
    public ExportList(string head)
    {
        var bytes = Encoding.UTF8.GetBytes(head);
        _bytes.Write(bytes);
        _chained = SHA256.HashData(bytes);
    }

    /// <summary>The chained SHA-256 so far.</summary>
    public string Total => Convert.ToHexString(_chained);

    /// <summary>The head of a chain's list.</summary>
    public static string Head(FiscalExportChain chain) =>
        $"# Registros de facturación de una cadena, en su orden; RD 1007/2023. Compruebe con: ./retail verify, o sha256sum -c {FiscalExport.ListName}\n"
        + $"# {RecordText.Free(OneLine(chain.SellerName), 120)} ({OneLine(chain.SellerNif)})\n"
        + $"# {OneLine(chain.System)}, instalación {OneLine(chain.Installation)}\n";

    /// <summary>The line of a file.</summary>
    public static string Line(string name, string sha256) => $"{sha256.ToLowerInvariant()}  {name}";

    /// <summary>Adds a file's line.</summary>
    public void Add(string line)
    {
        var bytes = Encoding.UTF8.GetBytes($"{line}\n");
        _bytes.Write(bytes);
        _chained = SHA256.HashData([.. _chained, .. bytes]);
        _count++;
    }

    /// <summary>The whole list.</summary>
    public byte[] Whole() => [.. _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length), .. Encoding.UTF8.GetBytes($"{Last(_count, Total)}\n")];

    /// <summary>The last line.</summary>
    public static string Last(long count, string total) =>
        string.Create(CultureInfo.InvariantCulture, $"# {count} registros, total {total}");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}

/// <summary>huellas.sha256 as it was found.</summary>
internal sealed class FoundList
{
    private FoundList(string head, IReadOnlyList<string> lines, string last) => (Head, Lines, Last) = (head, lines, last);

    /// <summary>The lines before the files'.</summary>
    public string Head { get; }

    /// <summary>The files' lines.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The last line.</summary>
    public string Last { get; }

    /// <summary>The file that a line names, and its SHA-256; the line itself where it has another form.</summary>
    public static (string Name, string Sha256) Parts(string line) => line.Length > 66 ? (line[66..], line[..64]) : (line, "");

    /// <summary>The list in a file.</summary>
    public static FoundList Of(byte[] content)
    {
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        var head = lines.TakeWhile(line => line.StartsWith('#')).Take(3).ToList();
        var last = lines.Length >= 2 ? lines[^2] : "";
        return new FoundList(
            string.Concat(head.Select(line => line + "\n")),
            [.. lines.Skip(head.Count).Take(Math.Max(0, lines.Length - head.Count - 2))],
            last
        );
    }

    /// <summary>Whether its last line is the total over these lines.</summary>
    public bool Totals(IEnumerable<string> lines)
    {
        var list = new ExportList(Head);
        var count = 0L;
        foreach (var line in lines)
        {
            list.Add(line);
            count++;
        }

        return Last == ExportList.Last(count, list.Total);
    }

    /// <summary>
    /// The line, from 1, in which this list is not the one of these files; none where it is. Head and total vouch for each other: where the
    /// total alone does not fit, either was changed.
    /// </summary>
    public string? Difference(byte[] content, IEnumerable<string> lines)
    {
        var list = new ExportList(Head);
        foreach (var line in lines)
        {
            list.Add(line);
        }

        var whole = list.Whole();
        var at = content.AsSpan().CommonPrefixLength(whole);
        if (at == content.Length && at == whole.Length)
        {
            return null;
        }

        var (changed, all) = (1 + content.AsSpan(0, at).Count((byte)'\n'), whole.AsSpan().Count((byte)'\n'));
        var number = changed.ToString(CultureInfo.InvariantCulture);
        return changed == all ? $"1-3, {number}" : number;
    }
}
