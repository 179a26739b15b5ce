using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>What the pages ask of Delivery.</summary>
public sealed class AskDelivery(Ask ask, Documents.DocumentsClient documents, Messages.MessagesClient messages)
{
    private const string Service = "delivery";

    /// <summary>The invoice as PDF.</summary>
    public Task<Outcome<RenderedDocument>> PdfAsync(InvoiceId invoiceId, OnBehalfOf behalf, CancellationToken cancellationToken) =>
        ask.ForAsync(
            Service,
            behalf,
            options => documents.PdfAsync(new GetPdf { InvoiceId = invoiceId.ToString() }, options),
            cancellationToken
        );

    /// <summary>Has a sign-in link mailed; the same key again mails nothing more.</summary>
    public Task<Outcome<Queued>> SendSignInLinkAsync(SignInLink link, CancellationToken cancellationToken) =>
        ask.ForAsync(
            Service,
            link.HasSellerId ? OnBehalfOf.Seller(SellerId.Of(link.SellerId)) : OnBehalfOf.System,
            options => messages.SendSignInLinkAsync(link, options),
            cancellationToken
        );
}
