using System.Text;

namespace RetailInvoicing.Reporting.Formats;

/// <summary>A report as comma-separated values, its headings the names on wires.</summary>
public sealed class WriteCsv : IReportWriter
{
    /// <inheritdoc />
    public string Name => "csv";

    /// <inheritdoc />
    public string MediaType => "text/csv; charset=utf-8";

    /// <inheritdoc />
    public bool IsForPeople => false;

    /// <inheritdoc />
    public async Task WriteAsync(Stream to, Sheet sheet, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var outflow = new Outflow(to);
        var line = new StringBuilder();
        Line([.. sheet.Columns.Select(column => (object?)column.Name)]);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            Line(row);
            if (outflow.IsFull)
            {
                await outflow.LetOutAsync(cancellationToken);
            }
        }

        await outflow.LetOutAsync(cancellationToken);

        void Line(object?[] cells)
        {
            line.Clear();
            CsvText.AddLine(line, cells);
            outflow.Write(Encoding.UTF8.GetBytes(line.ToString()));
        }
    }
}
