namespace RetailInvoicing.Reporting.Formats;

/// <summary>A report as a spreadsheet, its headings in the reader's language.</summary>
public sealed class WriteXlsx : IReportWriter
{
    /// <inheritdoc />
    public string Name => "xlsx";

    /// <inheritdoc />
    public string MediaType => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <inheritdoc />
    public bool IsForPeople => true;

    /// <inheritdoc />
    public Task WriteAsync(Stream to, Sheet sheet, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
        WriteAsync(
            to,
            sheet.Name,
            [
                [.. sheet.Columns.Select(sheet.Heading)],
            ],
            rows,
            isSpanish: false,
            cancellationToken
        );

    /// <summary>The same under heading rows of its own; days as dd/mm/yyyy where it is Spanish.</summary>
    public static async Task WriteAsync(
        Stream to,
        string name,
        IReadOnlyList<IReadOnlyList<string>> headings,
        IAsyncEnumerable<object?[]> rows,
        bool isSpanish,
        CancellationToken cancellationToken
    )
    {
        var outflow = new Outflow(to);
        var file = new XlsxFile(outflow, name, headings, isSpanish);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            file.Add(row);
            if (outflow.IsFull)
            {
                await outflow.LetOutAsync(cancellationToken);
            }
        }

        // Ended only when all of it is there: a stream that broke off is no workbook, and whoever opens it is told so.
        file.Dispose();
        await outflow.LetOutAsync(cancellationToken);
    }
}
