namespace RetailInvoicing.Reporting.Formats;

/// <summary>Writes a report's rows as they come: what is in memory at a time does not grow with their number.</summary>
public interface IReportWriter
{
    /// <summary>As it is asked for: csv, xlsx, parquet.</summary>
    string Name { get; }

    /// <summary>Its media type.</summary>
    string MediaType { get; }

    /// <summary>Whether it is for people, whose language its headings are in.</summary>
    bool IsForPeople { get; }

    /// <summary>Writes all of it; the stream needs neither place nor length.</summary>
    Task WriteAsync(Stream to, Sheet sheet, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken);
}
