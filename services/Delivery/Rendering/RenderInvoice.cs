using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A rendered invoice, ready to be given out.</summary>
public sealed record RenderedInvoice(byte[] Content, string ContentType, string FileName);

/// <summary>Which document is wanted.</summary>
public enum DocumentKind
{
    /// <summary>PDF/A-3.</summary>
    Pdf,

    /// <summary>A page.</summary>
    Html,
}

/// <summary>Whoever may see an invoice gets it as PDF or page, from the moment its sale was answered.</summary>
public sealed partial class RenderInvoice(Neighbours neighbours, FindLook looks, ILogger<RenderInvoice> log)
{
    /// <summary>Asks Invoicing for the invoice on behalf of whoever asks, and sets it.</summary>
    public async Task<Outcome<RenderedInvoice>> RunAsync(
        InvoiceId id,
        OnBehalfOf behalf,
        DocumentKind kind,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("RenderInvoice");
        var found = await neighbours.InvoiceAsync(id, behalf, cancellationToken);
        if (found.Refused(out var fault))
        {
            return fault;
        }

        var invoice = found.Value;
        var seller = await neighbours.SellerAsync(invoice.SellerId, cancellationToken);
        var looking = looks.RunAsync(invoice.SellerId, cancellationToken);
        var paying = InstructionsAsync(invoice, seller, cancellationToken);
        var cii =
            kind == DocumentKind.Pdf ? neighbours.DocumentAsync(id, "cii", behalf, cancellationToken) : Task.FromResult<byte[]?>(null);
        await Task.WhenAll(looking, paying, cii);
        var look = await looking;
        var sheet = InvoiceSheet.Of(invoice, seller, await paying, WordsOf(invoice, seller)) with { Logo = look.Logo };
        return kind == DocumentKind.Pdf
            ? new RenderedInvoice(PdfFlow.Of(sheet, await cii), "application/pdf", FileName(invoice.Number, "pdf"))
            : new RenderedInvoice(
                Encoding.UTF8.GetBytes(await looks.HtmlAsync(invoice.SellerId, look, PageSheet.Of(sheet), cancellationToken)),
                "text/html; charset=utf-8",
                FileName(invoice.Number, "html")
            );
    }

    /// <summary>The reader's language: the contact's, the buyer's, the seller's.</summary>
    internal static Words WordsOf(InvoiceBody invoice, SellerBody? seller) =>
        Words.For(FirstOf(invoice.Contact?.Language, invoice.Buyer?.Language, seller?.Language, invoice.Seller.Language));

    /// <summary>A number as a file's name, whatever characters the series has.</summary>
    internal static string FileName(string number, string extension) =>
        string.Concat(number.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')) + "." + extension;

    private async Task<PaymentInstructions?> InstructionsAsync(InvoiceBody invoice, SellerBody? seller, CancellationToken cancellationToken)
    {
        if (invoice.Totals.AmountDue <= 0 || invoice.Status == InvoiceStatus.Cancelled)
        {
            return null;
        }

        try
        {
            return await neighbours.InstructionsAsync(
                invoice.SellerId,
                invoice.InvoiceId,
                new Money(invoice.Totals.AmountDue, invoice.Currency),
                invoice.PaymentReference,
                cancellationToken
            );
        }
        catch (Exception away) when (Resilience.IsPassing(away) && !cancellationToken.IsCancellationRequested)
        {
            // Someone waits for the document, and the account to pay to is known here too; only the QR and the link are Payments'.
            LogWithoutPayments(invoice.InvoiceId);
            return new PaymentInstructions { Iban = seller?.Iban, Bic = seller?.Bic };
        }
    }

    private static string? FirstOf(params string?[] languages) => Array.Find(languages, language => !string.IsNullOrWhiteSpace(language));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payments is away: invoice {InvoiceId} was rendered without QR and link to pay")]
    private partial void LogWithoutPayments(InvoiceId invoiceId);
}
