using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace RetailInvoicing.Reporting.Formats;

/// <summary>
/// A workbook of Office Open XML (ISO/IEC 29500) that is written from its first row to its last: text stands in its cells, and a sheet that
/// is full is followed by another. Numbers are numbers; what has more digits than a spreadsheet keeps is text.
/// </summary>
internal sealed class XlsxFile : IDisposable
{
    /// <summary>What a spreadsheet holds on one sheet.</summary>
    public const int MostRows = 1_048_576;

    private const int LongestText = 32_767;
    private const int MostDigits = 15;
    private const int HeadingStyle = 1;
    private const int FirstDecimalsStyle = 2;
    private const int LocalDateStyle = 7;
    private const int SpanishDateStyle = 8;

    // 0 plain, 1 heading, 2 to 6 none to four decimals, 7 a day as the reader's own machine writes it, 8 dd/mm/yyyy.
    private const string Styles = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="4"><numFmt numFmtId="164" formatCode="0.0"/><numFmt numFmtId="165" formatCode="0.000"/><numFmt numFmtId="166" formatCode="0.0000"/><numFmt numFmtId="167" formatCode="dd/mm/yyyy"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="9"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="167" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>
        """;
    private const string Relations = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>
        """;
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    // The oldest day that a ZIP file can say: the same rows make the same bytes.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly FirstDay = new(1899, 12, 30);

    private readonly ZipArchive _zip;
    private readonly string _name;
    private readonly IReadOnlyList<IReadOnlyList<string>> _headings;
    private readonly int _most;
    private readonly bool _isSpanish;
    private readonly StringBuilder _row = new();
    private readonly string[] _columns;
    private Stream? _sheet;
    private int _sheets;
    private int _rows;

    /// <summary>A workbook of one table; its heading rows stand at the top of each sheet.</summary>
    public XlsxFile(Stream to, string name, IReadOnlyList<IReadOnlyList<string>> headings, bool isSpanish = false, int mostRows = MostRows)
    {
        _zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        (_name, _headings, _isSpanish, _most) = (name, headings, isSpanish, mostRows);
        _columns = [.. Enumerable.Range(0, headings.Count == 0 ? 0 : headings.Max(row => row.Count)).Select(Letters)];
    }

    /// <summary>Adds a row; a decimal of an amount shows its decimals, any other number as many as it has.</summary>
    public void Add(IReadOnlyList<object?> cells)
    {
        if (_sheet is null || _rows >= _most)
        {
            Begin();
        }

        Write(cells, style: null);
    }

    /// <summary>Ends the last sheet and writes what says how they belong together.</summary>
    public void Dispose()
    {
        if (_sheets == 0)
        {
            Begin();
        }

        End();
        var sheets = Enumerable.Range(1, _sheets).ToArray();
        var named = sheets.Select(n => $"""<sheet name="{Escape(SheetName(n))}" sheetId="{n}" r:id="rId{n}"/>""");
        Part("xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Office}"><sheets>{string.Concat(named)}</sheets></workbook>""");
        var related = sheets.Select(n => $"""<Relationship Id="rId{n}" Type="{Office}/worksheet" Target="worksheets/sheet{n}.xml"/>""");
        Part(
            "xl/_rels/workbook.xml.rels",
            $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(related)}<Relationship Id="rId{_sheets + 1}" Type="{Office}/styles" Target="styles.xml"/></Relationships>"""
        );
        Part("xl/styles.xml", Styles);
        Part("_rels/.rels", Relations);
        const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        var typed = sheets.Select(n => $"""<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{Type}.worksheet+xml"/>""");
        Part(
            "[Content_Types].xml",
            $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Type}.styles+xml"/>{string.Concat(typed)}</Types>"""
        );
        _zip.Dispose();
    }

    /// <summary>A, B, … Z, AA: what a column is called.</summary>
    internal static string Letters(int index)
    {
        var letters = "";
        for (var rest = index + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters = (char)('A' + (rest - 1) % 26) + letters;
        }

        return letters;
    }

    private void Begin()
    {
        End();
        _sheets++;
        _rows = 0;
        _sheet = Entry($"xl/worksheets/sheet{_sheets}.xml");
        Put(
            $"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{"\n"}<worksheet xmlns="{Main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="{_headings.Count}" topLeftCell="A{_headings.Count + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="14" defaultRowHeight="15"/><sheetData>"""
        );
        foreach (var heading in _headings)
        {
            Write([.. heading.Select(text => text.Length == 0 ? null : (object?)text)], HeadingStyle);
        }
    }

    private void End()
    {
        if (_sheet is null)
        {
            return;
        }

        Put("</sheetData></worksheet>");
        _sheet.Dispose();
        _sheet = null;
    }

    private void Write(IReadOnlyList<object?> cells, int? style)
    {
        _rows++;
        _row.Clear().Append(CultureInfo.InvariantCulture, $"<row r=\"{_rows}\">");
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i] is { } cell)
            {
                Cell(i < _columns.Length ? _columns[i] : Letters(i), cell, style);
            }
        }

        _row.Append("</row>");
        Put(_row.ToString());
    }

    private void Cell(string column, object cell, int? style)
    {
        _row.Append(CultureInfo.InvariantCulture, $"<c r=\"{column}{_rows}\"");
        switch (cell)
        {
            case long or int or short:
                Number(CsvText.Plain(cell), style ?? FirstDecimalsStyle);
                break;
            case decimal amount when Digits(amount) <= MostDigits:
                Number(CsvText.Plain(amount), style ?? (amount.Scale <= 4 ? FirstDecimalsStyle + amount.Scale : 0));
                break;
            case DateOnly day when day >= new DateOnly(1900, 3, 1):
                var dateStyle = _isSpanish ? SpanishDateStyle : LocalDateStyle;
                Number((day.DayNumber - FirstDay.DayNumber).ToString(CultureInfo.InvariantCulture), style ?? dateStyle);
                break;
            default:
                Text(CsvText.Plain(cell), style ?? 0);
                break;
        }
    }

    private void Number(string value, int style)
    {
        Style(style);
        _row.Append("><v>").Append(value).Append("</v></c>");
    }

    private void Text(string value, int style)
    {
        Style(style);
        _row.Append(" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
            .Append(Escape(value.Length <= LongestText ? value : value[..LongestText]))
            .Append("</t></is></c>");
    }

    private void Style(int style)
    {
        if (style != 0)
        {
            _row.Append(CultureInfo.InvariantCulture, $" s=\"{style}\"");
        }
    }

    private static int Digits(decimal amount) =>
        decimal.Abs(amount).ToString(CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal).TrimStart('0').Length;

    private string SheetName(int n)
    {
        var name = string.Concat(_name.Where(letter => !@"[]:*?/\'".Contains(letter, StringComparison.Ordinal)));
        var suffix = n == 1 ? "" : $" {n}";
        return (name.Length + suffix.Length <= 31 ? name : name[..(31 - suffix.Length)]) + suffix;
    }

    private void Part(string name, string content)
    {
        using var stream = Entry(name);
        stream.Write(Encoding.UTF8.GetBytes(content));
    }

    private Stream Entry(string name)
    {
        var entry = _zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = NoTime;
        return entry.Open();
    }

    private void Put(string xml) => _sheet!.Write(Encoding.UTF8.GetBytes(xml));

    /// <summary>What XML cannot say at all is left out.</summary>
    private static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny(Special) && !text.Any(char.IsControl) && !text.Any(char.IsSurrogate))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\t' or '\n' => escaped.Append(rune.ToString()),
                '\r' => escaped.Append("&#13;"),
                < 0x20 or 0xFFFE or 0xFFFF => escaped,
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("&<>\"\uFFFE\uFFFF");
}
