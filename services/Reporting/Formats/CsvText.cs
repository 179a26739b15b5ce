using System.Globalization;
using System.Text;

namespace RetailInvoicing.Reporting.Formats;

/// <summary>Fields and lines of RFC 4180: decimals with a point, days and instants as in JSON, lines ended by CR LF.</summary>
public static class CsvText
{
    private static readonly char[] Quoted = ['"', ',', ';', '\r', '\n'];

    /// <summary>Adds one line.</summary>
    public static void AddLine(StringBuilder text, IReadOnlyList<object?> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            text.Append(Field(cells[i]));
        }

        text.Append("\r\n");
    }

    /// <summary>One field, quoted where it has to be.</summary>
    public static string Field(object? cell) => cell is string text ? Quote(text) : Plain(cell);

    /// <summary>The value as every wire writes it.</summary>
    public static string Plain(object? cell) =>
        cell switch
        {
            null => "",
            string text => text,
            decimal number => number.ToString(CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTimeOffset instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => cell.ToString() ?? "",
        };

    private static string Quote(string text)
    {
        // A spreadsheet would run what begins like a formula (a customer's own name for itself, say): an apostrophe makes it text.
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !IsNumber(text) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(Quoted) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static bool IsNumber(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
}
