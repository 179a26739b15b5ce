using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Formats;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A seller as registered, with its name for itself.</summary>
public sealed record RegisteredSeller(SellerId SellerId, SellerBody Body)
{
    /// <summary>Which state of the registration this is; where it is known, an invoice is issued under this one or not at all.</summary>
    public long? Version { get; init; }

    /// <summary>The zone of a store: its own, or the seller's.</summary>
    public TimeZoneInfo ZoneOf(StoreId store)
    {
        var own = Body.Stores.FirstOrDefault(each => each.StoreId == store)?.TimeZone;
        return TimeZoneInfo.FindSystemTimeZoneById(own ?? Body.TimeZone);
    }

    /// <summary>Where transfers go; none without an IBAN.</summary>
    public PayeeAccount? Account => Body.Iban is { } iban ? new PayeeAccount(iban, Body.Bic, Body.Name) : null;

    /// <summary>The seller as its invoices print it (BG-4).</summary>
    public InvoiceParty Party =>
        new()
        {
            Name = Body.Name,
            TradeName = Body.TradeName,
            TaxId = Body.TaxId,
            TaxIdType = TaxIdType.Nif,
            TaxIdCountry = "ES",
            Address = Body.Address,
            Email = Body.Email,
            Phone = Body.Phone,
            RegistryData = Body.RegistryData,
        };
}
