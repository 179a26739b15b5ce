using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Links;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>How links to everything open of a customer are made, and how links are revoked, over HTTP.</summary>
internal static class LinkDoors
{
    internal static async Task<IResult> MakeCustomerLink(
        Caller caller,
        string customerId,
        MakeCustomerLink slice,
        CancellationToken token
    ) => (await slice.HandleAsync(caller, CustomerId.Of(customerId), token)).ToResult(link => Results.Created((string?)null, link));

    internal static async Task<IResult> RevokeInvoiceLinks(
        Caller caller,
        string invoiceId,
        RevokePaymentLinks slice,
        CancellationToken token
    ) =>
        InvoiceId.TryParse(invoiceId, out var invoice)
            ? (await slice.HandleAsync(caller, invoice, token)).ToResult(revoked => Results.Ok(revoked))
            : PaymentsFaults.NoInvoice.With(invoiceId).ToResult();

    internal static async Task<IResult> RevokeCustomerLinks(
        Caller caller,
        string customerId,
        RevokePaymentLinks slice,
        CancellationToken token
    ) => (await slice.HandleAsync(caller, CustomerId.Of(customerId), token)).ToResult(revoked => Results.Ok(revoked));
}
