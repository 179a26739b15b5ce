using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Whoever holds a link sees its one invoice, as page or PDF, until the link runs out.</summary>
public sealed class ShowLinkedInvoice(
    NpgsqlDataSource database,
    RenderInvoice render,
    FindLook looks,
    Neighbours neighbours,
    TimeProvider clock
)
{
    private const string Find = "select seller_id, invoice_id, kind from invoice_link where name = @name and expires_at > @now";

    /// <summary>The document; nothing where there is no such link, or none any more.</summary>
    public async Task<RenderedInvoice?> RunAsync(string name, DocumentKind kind, CancellationToken cancellationToken)
    {
        if (name.Length != GiveInvoiceLink.NameLength || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return null;
        }

        Link? link;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            link = await connection.QuerySingleOrDefaultAsync<Link>(
                new CommandDefinition(Find, new { name, now = clock.GetUtcNow() }, cancellationToken: cancellationToken)
            );
        }

        if (link is null)
        {
            return null;
        }

        if (link.Kind == InvoiceLinkKind.Ticket)
        {
            return kind == DocumentKind.Pdf ? await TicketAsync(link, cancellationToken) : null;
        }

        var rendered = await render.RunAsync(link.InvoiceId, OnBehalfOf.Seller(link.SellerId), kind, cancellationToken);
        if (rendered.Refused(out _))
        {
            return null;
        }

        return kind == DocumentKind.Html ? WithPdf(rendered.Value, name) : rendered.Value;
    }

    /// <summary>Any invoice on a roll: a full one, too, may be wanted on paper at the counter.</summary>
    private async Task<RenderedInvoice?> TicketAsync(Link link, CancellationToken cancellationToken)
    {
        var found = await neighbours.InvoiceAsync(link.InvoiceId, OnBehalfOf.Seller(link.SellerId), cancellationToken);
        if (found.Refused(out _))
        {
            return null;
        }

        var invoice = found.Value;
        var seller = await neighbours.SellerAsync(link.SellerId, cancellationToken);
        // Who stands at the counter pays there: the account is enough.
        var instructions =
            invoice.Totals.AmountDue > 0
                ? new PaymentInstructions
                {
                    Iban = seller?.Iban,
                    Bic = seller?.Bic,
                    Beneficiary = seller?.Name,
                }
                : null;
        var look = await looks.RunAsync(link.SellerId, cancellationToken);
        var sheet = InvoiceSheet.Of(invoice, seller, instructions, RenderInvoice.WordsOf(invoice, seller)) with { Logo = look.Logo };
        return new RenderedInvoice(TicketPdf.Of(sheet), "application/pdf", RenderInvoice.FileName(invoice.Number, "pdf"));
    }

    /// <summary>The page with a way to its PDF at the end.</summary>
    private static RenderedInvoice WithPdf(RenderedInvoice page, string name)
    {
        var html = Encoding.UTF8.GetString(page.Content);
        var end = html.LastIndexOf("</main>", StringComparison.OrdinalIgnoreCase);
        end = end >= 0 ? end : html.LastIndexOf("</body>", StringComparison.OrdinalIgnoreCase);
        var way = $"<p style=\"margin-top:24px\"><a style=\"color:inherit\" href=\"{name}/pdf\">PDF</a></p>";
        return page with { Content = Encoding.UTF8.GetBytes(html.Insert(end >= 0 ? end : html.Length, way)) };
    }

    private sealed record Link
    {
        public SellerId SellerId { get; init; }
        public InvoiceId InvoiceId { get; init; }
        public string Kind { get; init; } = "";
    }
}
