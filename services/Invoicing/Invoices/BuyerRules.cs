using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sellers;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Who the buyer is to the law, and who it is to the mail.</summary>
public static class BuyerRules
{
    /// <summary>The buyer where it is identified: a name and a tax identifier.</summary>
    public static InvoiceParty? Of(SaleBuyer? buyer)
    {
        if (buyer is null || string.IsNullOrWhiteSpace(buyer.Name) || string.IsNullOrWhiteSpace(buyer.TaxId))
        {
            return null;
        }

        var type = buyer.TaxIdType ?? (buyer.TaxIdCountry is null or "ES" ? TaxIdType.Nif : TaxIdType.Vat);
        return new InvoiceParty
        {
            Name = buyer.Name.Trim(),
            TaxId = type switch
            {
                TaxIdType.Nif => Nif.Normal(buyer.TaxId),
                TaxIdType.Vat => VatIdentifier.Normal(buyer.TaxId, buyer.TaxIdCountry),
                _ => buyer.TaxId.Trim(),
            },
            TaxIdType = type,
            TaxIdCountry =
                buyer.TaxIdCountry
                ?? (
                    type == TaxIdType.Nif ? "ES"
                    : type == TaxIdType.Vat ? VatIdentifier.CountryOf(VatIdentifier.Normal(buyer.TaxId, null))
                    : null
                ),
            Business = buyer.Business,
            EquivalenceSurcharge = buyer.EquivalenceSurcharge,
            Address = buyer.Address,
            CustomerId = buyer.CustomerId,
            Email = buyer.Email,
            Phone = buyer.Phone,
            Language = buyer.Language,
        };
    }

    /// <summary>Whether an address is one that an invoice can print.</summary>
    public static bool HasAddress(InvoiceParty party) =>
        party.Address is { } address
        && !string.IsNullOrWhiteSpace(address.Line1)
        && !string.IsNullOrWhiteSpace(address.City)
        && !string.IsNullOrWhiteSpace(address.PostalCode);

    /// <summary>Where to reach whoever bought; null where nothing is known.</summary>
    public static InvoiceContact? ContactOf(SaleBuyer? buyer)
    {
        if (buyer is null)
        {
            return null;
        }

        var contact = new InvoiceContact
        {
            CustomerId = buyer.CustomerId,
            Name = string.IsNullOrWhiteSpace(buyer.Name) ? null : buyer.Name.Trim(),
            Email = buyer.Email,
            Phone = string.IsNullOrWhiteSpace(buyer.Phone) ? null : buyer.Phone,
            Language = buyer.Language,
        };
        return contact == new InvoiceContact() ? null : contact;
    }

    /// <summary>The fiscal buyer without what may be erased.</summary>
    public static InvoiceParty? Fiscal(InvoiceParty? buyer) =>
        buyer is null ? null : buyer with { CustomerId = null, Email = null, Phone = null, Language = null };

    /// <summary>The buyer with the contact data that is still kept.</summary>
    public static InvoiceParty? WithContact(InvoiceParty? buyer, InvoiceContact? contact) =>
        buyer is null || contact is null
            ? buyer
            : buyer with
            {
                CustomerId = contact.CustomerId,
                Email = contact.Email,
                Phone = contact.Phone,
                Language = contact.Language,
            };
}
