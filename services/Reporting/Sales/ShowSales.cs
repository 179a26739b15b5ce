using System.Globalization;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>A sales report in the format that was asked for; both formats hold the same figures.</summary>
public sealed class ShowSales(QuerySales sales)
{
    /// <summary>The answer.</summary>
    public async Task<IResult> RunAsync(SellerId seller, SalesQuestion question, CancellationToken cancellationToken)
    {
        if (question.Format is not (null or "json" or "csv"))
        {
            return ReportingFaults.UnknownFormat.At("format", question.Format, "json, csv").ToResult();
        }

        return (await sales.RunAsync(seller, question, cancellationToken)).ToResult(report =>
            question.Format == "csv" ? Results.Text(Csv(report), "text/csv; charset=utf-8") : Results.Ok(report)
        );
    }

    private static string Csv(SalesReport report)
    {
        var csv = new StringBuilder("key,currency,invoices,totalWithoutVat,vatTotal,totalWithVat,returns\r\n");
        foreach (var row in report.Rows)
        {
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{Field(row.Key)},{row.Currency},{row.Invoices},{row.TotalWithoutVat},{row.VatTotal},{row.TotalWithVat},{row.Returns}\r\n"
            );
        }

        return csv.ToString();
    }

    /// <summary>RFC 4180.</summary>
    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
