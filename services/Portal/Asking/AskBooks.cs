using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Contracts.Grpc.Reporting;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>What the office asks of Reporting and Collections.</summary>
public sealed class AskBooks(Ask ask, Reports.ReportsClient reports, Receivables.ReceivablesClient receivables)
{
    /// <summary>The sales of one day, by day, store or VAT rate.</summary>
    public Task<Outcome<SalesReport>> SalesAsync(DateOnly day, string groupBy, OnBehalfOf behalf, CancellationToken cancellationToken)
    {
        var date = day.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        return ask.ForAsync(
            "reporting",
            behalf,
            options =>
                reports.SalesAsync(
                    new GetSalesReport
                    {
                        From = date,
                        To = date,
                        GroupBy = groupBy,
                    },
                    options
                ),
            cancellationToken
        );
    }

    /// <summary>What is owed to the seller, by currency.</summary>
    public Task<Outcome<SummaryReply>> OutstandingAsync(OnBehalfOf behalf, CancellationToken cancellationToken) =>
        ask.ForAsync("collections", behalf, options => receivables.SummaryAsync(new GetSummary(), options), cancellationToken);

    /// <summary>What is overdue.</summary>
    public Task<Outcome<ReceivablePage>> OverdueAsync(OnBehalfOf behalf, CancellationToken cancellationToken) =>
        ask.ForAsync(
            "collections",
            behalf,
            options => receivables.ListAsync(new ListReceivables { Status = "overdue", Limit = 10 }, options),
            cancellationToken
        );
}
