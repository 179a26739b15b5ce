using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>What the customer's pages ask of Collections, which knows a customer by the address that was proved.</summary>
public sealed class AskCollections(Ask ask, Receivables.ReceivablesClient receivables)
{
    private const string Service = "collections";

    /// <summary>The customer's account with a seller, for a year until today.</summary>
    public Task<Outcome<StatementReply>> StatementAsync(OnBehalfOf customer, CancellationToken cancellationToken) =>
        ask.ForAsync(Service, customer, options => receivables.StatementAsync(new GetStatement(), options), cancellationToken);

    /// <summary>The same as a file.</summary>
    public Task<Outcome<StatementDocument>> StatementPdfAsync(OnBehalfOf customer, CancellationToken cancellationToken) =>
        ask.ForAsync(Service, customer, options => receivables.StatementPdfAsync(new GetStatement(), options), cancellationToken);

    /// <summary>Gives the customer's word to pay all that is open of an invoice on a day.</summary>
    public Task<Outcome<Promise>> PromiseAsync(InvoiceId invoice, DateOnly day, OnBehalfOf customer, CancellationToken cancellationToken)
    {
        var request = new PromiseRequest
        {
            InvoiceId = invoice.ToString(),
            Date = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        };
        return ask.ForAsync(Service, customer, options => receivables.MakePromiseAsync(request, options), cancellationToken);
    }

    /// <summary>Tells that something is wrong with an invoice, or with one line of it.</summary>
    public Task<Outcome<Dispute>> DisputeAsync(
        InvoiceId invoice,
        string? line,
        string reason,
        OnBehalfOf customer,
        CancellationToken cancellationToken
    )
    {
        var request = new DisputeRequest { InvoiceId = invoice.ToString(), Reason = reason };
        if (line is not null)
        {
            request.LineId = line;
        }

        return ask.ForAsync(Service, customer, options => receivables.RaiseDisputeAsync(request, options), cancellationToken);
    }
}
