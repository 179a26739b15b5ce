using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>What the pages ask of Payments.</summary>
public sealed class AskPayments(Ask ask, Balances.BalancesClient balances, PaymentPages.PaymentPagesClient pages)
{
    private const string Service = "payments";

    /// <summary>What of these invoices is open and paid, by invoice; unknown ones are left out.</summary>
    public async Task<Outcome<Dictionary<InvoiceId, Balance>>> BalancesAsync(
        IEnumerable<InvoiceId> invoices,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    )
    {
        var question = new GetBalances();
        question.InvoiceIds.AddRange(invoices.Select(invoice => invoice.ToString()));
        if (question.InvoiceIds.Count == 0)
        {
            return new Dictionary<InvoiceId, Balance>();
        }

        var answer = await ask.ForAsync(Service, behalf, options => balances.GetAsync(question, options), cancellationToken);
        return answer.Fault is { } fault
            ? fault
            : answer.Value.Balances.ToDictionary(balance => InvoiceId.Of(Guid.Parse(balance.InvoiceId)));
    }

    /// <summary>What a payment link opens.</summary>
    public async Task<Outcome<PaymentPage>> OpenLinkAsync(string token, CancellationToken cancellationToken)
    {
        var answer = await ask.ForAsync(
            Service,
            OnBehalfOf.System,
            options => pages.OpenLinkAsync(new LinkToken { Token = token }, options),
            cancellationToken
        );
        // Past its end is FAILED_PRECONDITION there.
        return answer.Fault?.Code == PortalFaults.NoDocument ? PortalFaults.LatePayLink.With()
            : answer.Fault?.Code == PortalFaults.NotFound || answer.Fault?.Code == PortalFaults.BadRequest
                ? PortalFaults.UnknownPayLink.With()
            : answer;
    }

    /// <summary>What a signed-in customer's payment page shows.</summary>
    public Task<Outcome<PaymentPage>> OpenAsync(InvoiceId invoiceId, OnBehalfOf behalf, CancellationToken cancellationToken) =>
        ask.ForAsync(
            Service,
            behalf,
            options => pages.OpenAsync(new OpenPage { InvoiceId = invoiceId.ToString() }, options),
            cancellationToken
        );

    /// <summary>Pays on the sandbox; the same key again pays nothing more.</summary>
    public async Task<Outcome<PaymentResult>> PayInSandboxAsync(
        SandboxPayment payment,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    )
    {
        var answer = await ask.ForAsync(Service, behalf, options => pages.PayInSandboxAsync(payment, options), cancellationToken);
        return answer.Fault is null ? answer
            : answer.Fault.Code == PortalFaults.Away ? PortalFaults.PaymentUnknown.With()
            : PortalFaults.PaymentRefused.With();
    }
}
