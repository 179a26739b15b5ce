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

    /// <summary>What a seller's mails (mail) and invoice pages (page) look like, with a sample where no invoice is named.</summary>
    public Task<Outcome<RenderedDocument>> PreviewAsync(
        string kind,
        InvoiceId? invoiceId,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    )
    {
        var wanted = new GetPreview { Template = kind };
        if (invoiceId is { } id)
        {
            wanted.InvoiceId = id.ToString();
        }

        return ask.ForAsync(Service, behalf, options => documents.PreviewAsync(wanted, options), cancellationToken);
    }

    /// <summary>Has a sign-in link mailed; the same key again mails nothing more.</summary>
    public Task<Outcome<Queued>> SendSignInLinkAsync(SignInLink link, CancellationToken cancellationToken) =>
        ask.ForAsync(
            Service,
            link.HasSellerId ? OnBehalfOf.Seller(SellerId.Of(link.SellerId)) : OnBehalfOf.System,
            options => messages.SendSignInLinkAsync(link, options),
            cancellationToken
        );
}
