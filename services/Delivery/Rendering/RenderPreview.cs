using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A seller sees what its mails and pages look like before anyone gets one: with a sample, or with an invoice of its own.</summary>
public sealed class RenderPreview(Neighbours neighbours, FindLook looks, PublicAddress publicAddress)
{
    /// <summary>The HTML, by a template that is not saved yet, by the seller's own, or by ours.</summary>
    public async Task<Outcome<string>> RunAsync(
        SellerId seller,
        OnBehalfOf behalf,
        string name,
        PreviewRequest wanted,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("RenderPreview");
        if (name is not (Templates.Mail or Templates.Page))
        {
            return DeliveryFaults.NoTemplate.With(name);
        }

        SellerTemplate? given = null;
        if (wanted.Source is { } source)
        {
            var read = SellerTemplate.Of(name, source);
            if (read.Refused(out var unread))
            {
                return unread;
            }

            given = read.Value;
        }

        var known = await neighbours.SellerAsync(seller, cancellationToken);
        var look = await looks.RunAsync(seller, cancellationToken);
        var sample = TemplateSample.Full(known);
        if (wanted.InvoiceId is { } text)
        {
            if (!InvoiceId.TryParse(text, out var id))
            {
                return DeliveryFaults.NoInvoice.With(text);
            }

            var found = await neighbours.InvoiceAsync(id, behalf, cancellationToken);
            if (found.Refused(out var fault))
            {
                return fault;
            }

            sample = sample with { Invoice = found.Value, Offers = null };
        }

        var invoice = sample.Invoice;
        var sheet = InvoiceSheet.Of(invoice, known, sample.Instructions, RenderInvoice.WordsOf(invoice, known)) with { Logo = look.Logo };
        if (name == Templates.Page)
        {
            var page = PageSheet.Of(sheet);
            return (given ?? look.Page) is { } own ? own.Html(page) : Templates.Html(page);
        }

        var portal = invoice.Links?.Portal ?? $"{publicAddress.Portal}/invoices/{invoice.InvoiceId}";
        var mail = TemplateSample.Held(MailSheet.OfInvoice(sheet, invoice, portal, withUbl: true, sample.Offers));
        return (given ?? look.Mail) is { } template ? template.Html(mail) : Templates.Html(mail);
    }
}
