using Microsoft.Extensions.Options;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Fiscal.Plain;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Invoices;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Drafts made invoices without a database: the first of a chain.</summary>
internal static class Regimes
{
    public static readonly VerifactuRegime Verifactu = new(Options.Create(new VerifactuOptions()));

    public static InvoiceIssued Issue(InvoiceDraft draft, Numbered numbered, DateTimeOffset now, InvoiceLinks? links)
    {
        IFiscalRegime regime = draft.Seller.Body.Regime == FiscalRegime.Verifactu ? Verifactu : new PlainRegime();
        return IssuedInvoice.Recorded(draft, numbered, regime, First(draft.Seller.Body), now, links).Value.Invoice;
    }

    public static NextPlace First(SellerBody seller) =>
        new()
        {
            TaxId = seller.TaxId,
            Environment = seller.Environment.ToString(),
            Installation = "01",
            Position = 1,
        };
}
