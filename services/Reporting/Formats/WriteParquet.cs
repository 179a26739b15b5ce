namespace RetailInvoicing.Reporting.Formats;

/// <summary>A report as a Parquet file, for tools that read columns; asOf and lagMs stand in its metadata.</summary>
public sealed class WriteParquet : IReportWriter
{
    // Some ten columns of so many rows are a few megabytes, all that is kept at a time.
    private const int RowsTogether = 20_000;

    /// <inheritdoc />
    public string Name => "parquet";

    /// <inheritdoc />
    public string MediaType => "application/vnd.apache.parquet";

    /// <inheritdoc />
    public bool IsForPeople => false;

    /// <inheritdoc />
    public async Task WriteAsync(Stream to, Sheet sheet, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var outflow = new Outflow(to);
        var file = new ParquetFile(outflow, sheet);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            file.Add(row);
            if (file.Waiting >= RowsTogether)
            {
                file.EndGroup();
                await outflow.LetOutAsync(cancellationToken);
            }
        }

        file.End();
        await outflow.LetOutAsync(cancellationToken);
    }
}
