using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Invoicing.Formats;

/// <content>Who sells, who buys, and where it was delivered.</content>
public sealed partial class UblDocument
{
    private InvoiceParty FinalConsumer() =>
        new()
        {
            Name = "Consumidor final",
            Address = new Address { Country = _invoice.Seller.Address?.Country ?? "ES" },
        };

    private void Party(string role, InvoiceParty party, bool isSeller) =>
        Group(
            role,
            () =>
                Group(
                    "Party",
                    () =>
                    {
                        if (!isSeller && party.CustomerId is { } customer)
                        {
                            Group("PartyIdentification", () => Basic("ID", customer.Value));
                        }

                        if (party.TradeName is { } trade)
                        {
                            Group("PartyName", () => Basic("Name", trade));
                        }

                        PostalAddress("PostalAddress", party.Address ?? new Address { Country = party.TaxIdCountry ?? "ES" });
                        var isVat = _hasVatIds && party is { TaxId: not null, TaxIdType: TaxIdType.Nif or TaxIdType.Vat };
                        if (isVat)
                        {
                            Group(
                                "PartyTaxScheme",
                                () =>
                                {
                                    Basic("CompanyID", party.TaxIdType == TaxIdType.Nif ? $"ES{party.TaxId}" : party.TaxId);
                                    Group("TaxScheme", () => Basic("ID", "VAT"));
                                }
                            );
                        }

                        Group(
                            "PartyLegalEntity",
                            () =>
                            {
                                Basic("RegistrationName", party.Name);
                                Basic("CompanyID", isSeller || !isVat ? party.TaxId : null);
                                Basic("CompanyLegalForm", isSeller ? party.RegistryData : null);
                            }
                        );
                        if ((party.Phone ?? party.Email) is not null)
                        {
                            Group(
                                "Contact",
                                () =>
                                {
                                    Basic("Telephone", party.Phone);
                                    Basic("ElectronicMail", party.Email);
                                }
                            );
                        }
                    }
                )
        );

    private void PostalAddress(string name, Address address) =>
        Group(
            name,
            () =>
            {
                Basic("StreetName", address.Line1);
                Basic("AdditionalStreetName", address.Line2);
                Basic("CityName", address.City);
                Basic("PostalZone", address.PostalCode);
                Basic("CountrySubentity", address.Region);
                Group("Country", () => Basic("IdentificationCode", address.Country));
            }
        );

    private void Delivery()
    {
        var date = _invoice.Delivery?.Date ?? (_invoice.OperationDate != _invoice.IssueDate ? _invoice.OperationDate : (DateOnly?)null);
        if (date is null && _invoice.Delivery is null)
        {
            return;
        }

        Group(
            "Delivery",
            () =>
            {
                Basic("ActualDeliveryDate", date is { } day ? Date(day) : null);
                if (_invoice.Delivery?.Address is { } address)
                {
                    Group("DeliveryLocation", () => PostalAddress("Address", address));
                }

                if (_invoice.Delivery?.Name is { } name)
                {
                    Group("DeliveryParty", () => Group("PartyName", () => Basic("Name", name)));
                }
            }
        );
    }
}
