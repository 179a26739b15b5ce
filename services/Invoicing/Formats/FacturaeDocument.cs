using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>Euros for one unit of the invoice's currency, as published on a day (RD 1619/2012 art. 12, LIVA art. 79.Once).</summary>
public sealed record EuroRate(decimal Euros, DateOnly PublishedOn);

/// <summary>An issued invoice as Facturae 3.2.2, not signed yet.</summary>
public static class FacturaeDocument
{
    /// <summary>Writes the document; refused where Facturae has no place for what the invoice holds, or wants what it lacks.</summary>
    public static Outcome<byte[]> Of(InvoiceBody invoice, PayeeAccount? account, EuroRate? rate = null)
    {
        rate ??= invoice.ExchangeRate is { } euros ? new EuroRate(euros, invoice.OperationDate) : null;
        if (invoice.Buyer is null)
        {
            return FacturaeFaults.NoBuyer.At("buyer");
        }

        var seller = FacturaeParty.Of(invoice.Seller, "seller");
        if (seller.Refused(out var noSeller))
        {
            return noSeller;
        }

        var buyer = FacturaeParty.Of(invoice.Buyer, "buyer");
        if (buyer.Refused(out var noBuyer))
        {
            return noBuyer;
        }

        if (FacturaeNumber.Of(invoice.Number) is not { } number)
        {
            return FacturaeFaults.TooLong.At("number", invoice.Number, 40);
        }

        if (!FacturaeCodes.HasCurrency(invoice.Currency.Code))
        {
            return FacturaeFaults.NotListed.At("currency", invoice.Currency.Code);
        }

        if (invoice.Currency != Currency.Eur && rate is null)
        {
            return FacturaeFaults.NoRate.At("currency", invoice.Currency.Code);
        }

        FacturaeNumber? corrected = null;
        if (invoice.Correction is not null)
        {
            if (invoice.Corrects is not [{ IssueDate: not null } original, ..])
            {
                return FacturaeFaults.NoOriginal.At("corrects");
            }

            corrected = FacturaeNumber.Of(original.Number, original.InvoiceId is not null);
            if (corrected is null)
            {
                return FacturaeFaults.TooLong.At("corrects[0].number", original.Number, 40);
            }
        }

        return FacturaeWriter.Write(
            new FacturaeContent
            {
                Invoice = invoice,
                Number = number,
                Corrected = corrected,
                Seller = seller.Value,
                Buyer = buyer.Value,
                Account = account,
                Rate = invoice.Currency == Currency.Eur ? null : rate,
            }
        );
    }
}

/// <summary>An invoice of which everything that Facturae wants is there.</summary>
internal sealed record FacturaeContent
{
    public required InvoiceBody Invoice { get; init; }

    public required FacturaeNumber Number { get; init; }

    public FacturaeNumber? Corrected { get; init; }

    public required FacturaeParty Seller { get; init; }

    public required FacturaeParty Buyer { get; init; }

    public PayeeAccount? Account { get; init; }

    public EuroRate? Rate { get; init; }
}
