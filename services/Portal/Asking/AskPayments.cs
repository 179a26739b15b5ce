using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>What the pages ask of Payments.</summary>
public sealed class AskPayments(
    Ask ask,
    Balances.BalancesClient balances,
    PaymentPages.PaymentPagesClient pages,
    ServiceCredentials credentials,
    PortalOptions options,
    ILogger<Ask> log
)
{
    private const string Service = "payments";
    private const string RevokedLink = "PAY-LINK-04";

    /// <summary>
    /// A provider is asked while the payer waits, and where it does not answer the next one is: that takes longer than a page waits else,
    /// and no longer than an rpc may.
    /// </summary>
    private static readonly TimeSpan PayersPatience = TimeSpan.FromSeconds(14);

    private readonly Ask _patiently = new(credentials, options with { Patience = PayersPatience }, log);

    /// <summary>What of these invoices is open and paid, by invoice; unknown ones are left out.</summary>
    public async Task<Outcome<Dictionary<InvoiceId, Balance>>> BalancesAsync(
        IEnumerable<InvoiceId> invoices,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    )
    {
        var question = new GetBalances();
        question.InvoiceIds.AddRange(invoices.Distinct().Select(invoice => invoice.ToString()));
        if (question.InvoiceIds.Count == 0)
        {
            return new Dictionary<InvoiceId, Balance>();
        }

        var answer = await ask.ForAsync(Service, behalf, call => balances.GetAsync(question, call), cancellationToken);
        return answer.Fault is { } fault
            ? fault
            : answer.Value.Balances.ToDictionary(balance => InvoiceId.Of(Guid.Parse(balance.InvoiceId)));
    }

    /// <summary>What a payment link opens.</summary>
    public async Task<Outcome<PaymentPage>> OpenLinkAsync(string token, CancellationToken cancellationToken)
    {
        var isRevoked = false;
        var answer = await ask.ForAsync(
            Service,
            OnBehalfOf.System,
            call => Heard(pages.OpenLinkAsync(new LinkToken { Token = token }, call), code => isRevoked = code == RevokedLink),
            cancellationToken
        );
        // Past its end, and revoked, is FAILED_PRECONDITION there.
        return isRevoked ? PayFaults.RevokedPayLink.With()
            : answer.Fault?.Code == PortalFaults.NoDocument ? PortalFaults.LatePayLink.With()
            : answer.Fault?.Code == PortalFaults.NotFound || answer.Fault?.Code == PortalFaults.BadRequest
                ? PortalFaults.UnknownPayLink.With()
            : answer;
    }

    /// <summary>What a signed-in customer's payment page shows.</summary>
    public Task<Outcome<PaymentPage>> OpenAsync(InvoiceId invoiceId, OnBehalfOf behalf, CancellationToken cancellationToken) =>
        ask.ForAsync(Service, behalf, call => pages.OpenAsync(new OpenPage { InvoiceId = invoiceId.ToString() }, call), cancellationToken);

    /// <summary>Pays on the sandbox; the same key again pays nothing more.</summary>
    public async Task<Outcome<PaymentResult>> PayInSandboxAsync(
        SandboxPayment payment,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    )
    {
        var answer = await ask.ForAsync(Service, behalf, call => pages.PayInSandboxAsync(payment, call), cancellationToken);
        return answer.Fault is null ? answer
            : answer.Fault.Code == PortalFaults.Away ? PortalFaults.PaymentUnknown.With()
            : PortalFaults.PaymentRefused.With();
    }

    /// <summary>Begins a checkout at a provider; the same key for the same amounts finds the same one, and no money moves by it.</summary>
    public Task<Outcome<CheckoutReply>> StartCheckoutAsync(
        CheckoutRequest checkout,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    ) => _patiently.ForAsync(Service, behalf, call => pages.StartCheckoutAsync(checkout, call), cancellationToken);

    /// <summary>What became of a checkout; the provider is asked where nobody knows yet, and where that takes long nobody knows yet.</summary>
    public Task<Outcome<CheckoutStanding>> SeeCheckoutAsync(
        CheckoutLook checkout,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    ) => ask.ForAsync(Service, behalf, call => pages.SeeCheckoutAsync(checkout, call), cancellationToken);

    /// <summary>The same call, which also tells the code that it is refused with.</summary>
    internal static AsyncUnaryCall<T> Heard<T>(AsyncUnaryCall<T> call, Action<string?> refused) =>
        new(ListenAsync(call.ResponseAsync, refused), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);

    private static async Task<T> ListenAsync<T>(Task<T> response, Action<string?> refused)
    {
        try
        {
            return await response;
        }
        catch (RpcException refusal)
        {
            refused(refusal.Trailers.GetValue("fault-code"));
            throw;
        }
    }
}
