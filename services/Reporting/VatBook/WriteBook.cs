using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Net.Http.Headers;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>The book as the tax agency's layout has it (CSV, spreadsheet), and as printed (PDF); line by line, whatever its length.</summary>
public static class WriteBook
{
    /// <summary>The layout's text file: two rows of headings, then a line for each line of the book.</summary>
    public static async Task AsCsvAsync(
        HttpContext http,
        Asked asked,
        Report<BookEntry> report,
        BookSeller seller,
        BookActivity? activity,
        CancellationToken cancellationToken
    )
    {
        Begin(http, asked, "text/csv; charset=utf-8", FileName(asked, seller, "csv"));
        var outflow = new Outflow(http.Response.Body);
        var line = new StringBuilder();
        Line(outflow, line, [.. BookLayout.Groups]);
        Line(outflow, line, [.. BookLayout.Columns]);
        await foreach (var entry in report.Rows.WithCancellation(cancellationToken))
        {
            Line(outflow, line, BookLayout.Cells(entry, activity));
            if (outflow.IsFull)
            {
                await outflow.LetOutAsync(cancellationToken);
            }
        }

        await outflow.LetOutAsync(cancellationToken);
    }

    /// <summary>The layout's spreadsheet: sheet EXPEDIDAS with two rows of headings.</summary>
    public static Task AsXlsxAsync(
        HttpContext http,
        Asked asked,
        Report<BookEntry> report,
        BookSeller seller,
        BookActivity? activity,
        CancellationToken cancellationToken
    )
    {
        Begin(http, asked, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FileName(asked, seller, "xlsx"));
        return WriteXlsx.WriteAsync(
            http.Response.Body,
            BookLayout.SheetName,
            [BookLayout.Groups, BookLayout.Columns],
            CellsAsync(report, activity, cancellationToken),
            isSpanish: true,
            cancellationToken
        );
    }

    /// <summary>The printed book.</summary>
    public static async Task AsPdfAsync(
        HttpContext http,
        Asked asked,
        Report<BookEntry> report,
        BookSeller seller,
        CancellationToken cancellationToken
    )
    {
        Begin(http, asked, "application/pdf", FileName(asked, seller, "pdf"));
        var outflow = new Outflow(http.Response.Body);
        var pdf = new BookPdf(outflow, new BookHead(seller.Name, seller.TaxId, asked.From, asked.To, asked.AsOf, seller.IsTest));
        await foreach (var entry in report.Rows.WithCancellation(cancellationToken))
        {
            pdf.Add(entry);
            if (outflow.IsFull)
            {
                await outflow.LetOutAsync(cancellationToken);
            }
        }

        pdf.End();
        await outflow.LetOutAsync(cancellationToken);
    }

    private static void Begin(HttpContext http, Asked asked, string mediaType, string fileName)
    {
        http.Response.ContentType = mediaType;
        http.Response.Headers["X-As-Of"] = asked.AsOf.ToString("O", CultureInfo.InvariantCulture);
        http.Response.Headers["X-Layout"] = BookLayout.Version;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        http.Response.Headers.ContentDisposition = disposition.ToString();
    }

    private static string FileName(Asked asked, BookSeller seller, string extension) =>
        BookLayout.FileName(asked.From.Year, seller.TaxId, seller.Name, extension);

    private static void Line(Outflow outflow, StringBuilder line, IReadOnlyList<object?> cells)
    {
        line.Clear();
        BookLayout.AddCsvLine(line, cells);
        outflow.Write(Encoding.UTF8.GetBytes(line.ToString()));
    }

    private static async IAsyncEnumerable<object?[]> CellsAsync(
        Report<BookEntry> report,
        BookActivity? activity,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var entry in report.Rows.WithCancellation(cancellationToken))
        {
            yield return BookLayout.Cells(entry, activity);
        }
    }
}
