using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Shows a customer the statement of account with the shop of an invoice: every invoice, what was paid, and what is left.</summary>
public sealed class ShowAccount(AskInvoicing invoicing, AskCollections collections)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowAccount));
        page = page with { Staff = door.HasOffice };
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        // The invoice says whose account it is; that it is this person's, Invoicing decides.
        var asked = await invoicing.InvoiceAsync(door.InvoiceId, door.Behalf, cancellationToken);
        if (asked.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var invoice = asked.Value;
        var statement = await collections.StatementAsync(door.Behalf with { SellerId = invoice.SellerId }, cancellationToken);
        if (statement.Fault is { } none)
        {
            return page.Show(none);
        }

        var seller = await invoicing.SellerAsync(invoice.SellerId, cancellationToken);
        return ListMyInvoices
            .Branded(page, seller.Fault is null ? seller.Value : null)
            .Show<AccountPage, AccountModel>(AccountModel.Of(statement.Value, invoice.Seller.TradeName ?? invoice.Seller.Name, door.Href));
    }
}
