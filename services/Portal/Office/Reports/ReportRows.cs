using System.Text.Json;
using System.Text.Json.Nodes;

namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>
/// The first rows of a report, with what stands before them. A report has as many rows as a seller has invoices: what is shown is read from
/// its beginning, and the rest of the answer is not waited for.
/// </summary>
public sealed record ReportRows(JsonObject Head, IReadOnlyList<JsonNode> Rows, bool IsCut)
{
    private const string RowsName = "rows";

    /// <summary>What of an answer that begins so can be told; cut where the beginning ends before the rows do.</summary>
    public static ReportRows Of(ReadOnlySpan<byte> beginning, bool isWhole, int most)
    {
        var reader = new Utf8JsonReader(beginning, isWhole, default);
        var (head, rows) = (new JsonObject(), new List<JsonNode>());
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new ReportRows(head, rows, false);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name != RowsName)
            {
                if (!JsonDocument.TryParseValue(ref reader, out var value))
                {
                    return new ReportRows(head, rows, true);
                }

                using (value)
                {
                    head[name] = JsonSerializer.SerializeToNode(value.RootElement);
                }

                continue;
            }

            if (!reader.Read())
            {
                return new ReportRows(head, rows, true);
            }

            if (ReadRows(ref reader, rows, most))
            {
                return new ReportRows(head, rows, true);
            }
        }

        return new ReportRows(head, rows, false);
    }

    /// <summary>Reads the rows; whether there are more.</summary>
    private static bool ReadRows(ref Utf8JsonReader reader, List<JsonNode> rows, int most)
    {
        while (true)
        {
            if (!reader.Read())
            {
                return true;
            }

            if (reader.TokenType == JsonTokenType.EndArray)
            {
                return false;
            }

            // The reader stands at the row's beginning: what is parsed is the row.
            if (rows.Count == most || !JsonDocument.TryParseValue(ref reader, out var row))
            {
                return true;
            }

            using (row)
            {
                rows.Add(JsonSerializer.SerializeToNode(row.RootElement)!);
            }
        }
    }
}
