using System.Globalization;
using System.Text;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>A table of an office page as a file: what is seen, row by row, with figures and days as programs read them (RFC 4180).</summary>
public static class SheetCsv
{
    private static readonly char[] Quoted = ['"', ',', ';', '\r', '\n'];

    /// <summary>The table at a place of the page; nothing where none stands there.</summary>
    public static byte[]? Of(Sheet sheet, string place) =>
        int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at < sheet.Parts.Count
        && sheet.Parts[at] is TablePart table
            ? Of(table)
            : null;

    /// <summary>The table, with the mark by which spreadsheets know UTF-8.</summary>
    public static byte[] Of(TablePart table)
    {
        var text = new StringBuilder();
        Add(text, table.Columns.Select(column => column.Name));
        foreach (var row in table.Rows)
        {
            Add(text, row.Cells.Select(Said));
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static string Said(SheetCell cell) => cell.Raw ?? (cell.Small is { } small ? $"{cell.Text} ({small})" : cell.Text);

    private static void Add(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Field)).Append("\r\n");

    private static string Field(string field)
    {
        // What begins like a formula would be run by a spreadsheet (a customer's own name for itself, say): an apostrophe makes it text.
        var isNumber = decimal.TryParse(
            field,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out _
        );
        var safe = field.Length > 0 && field[0] is ('=' or '+' or '-' or '@' or '\t' or '\r') && !isNumber ? "'" + field : field;
        return safe.AsSpan().IndexOfAny(Quoted) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
