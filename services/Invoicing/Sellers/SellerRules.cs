using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>What a seller must be before it can issue: a sound NIF, an address, zones that exist, an account that exists.</summary>
public static class SellerRules
{
    /// <summary>The seller in normal form, or each thing that is wrong with it.</summary>
    public static Outcome<SellerBody> Of(SellerBody given)
    {
        if (given.Stores.Any(store => store is null))
        {
            return InvoicingFaults.NullItem.At("stores");
        }

        var faults = new List<Fault>();
        var body = given with
        {
            Name = given.Name.Trim(),
            TaxId = Nif.Normal(given.TaxId),
            Iban = string.IsNullOrWhiteSpace(given.Iban) ? null : Iban.Normal(given.Iban),
            Bic = string.IsNullOrWhiteSpace(given.Bic) ? null : given.Bic.Trim().ToUpperInvariant(),
        };
        Text(body.Name, 1, 200, "name", faults);
        Text(body.TradeName, 0, 200, "tradeName", faults);
        Text(body.Phone, 0, 50, "phone", faults);
        Text(body.RegistryData, 0, 1000, "registryData", faults);
        if (!Nif.IsSound(body.TaxId))
        {
            faults.Add(InvoicingFaults.SellerNif.At("taxId", given.TaxId));
        }

        Address(body.Address, "address", faults);
        Text(body.Address.Line1, 1, 200, "address.line1", faults, needed: true);
        Text(body.Address.City, 1, 100, "address.city", faults, needed: true);
        Text(body.Address.PostalCode, 1, 20, "address.postalCode", faults, needed: true);
        if (body.Email is { } email && !SaleRules.IsEmail(email))
        {
            faults.Add(InvoicingFaults.SellerField.At("email", "email", email));
        }

        if (body.Iban is { } iban && !Iban.IsSound(iban))
        {
            faults.Add(InvoicingFaults.SellerIban.At("iban", given.Iban));
        }

        if (body.Bic is { } bic && !(bic.Length is 8 or 11 && bic.All(char.IsAsciiLetterOrDigit)))
        {
            faults.Add(InvoicingFaults.SellerField.At("bic", "bic", bic));
        }

        Zone(body.TimeZone, "timeZone", faults);
        if (!(body.Language.Length == 2 && body.Language.All(char.IsAsciiLetterLower)))
        {
            faults.Add(InvoicingFaults.SellerField.At("language", "language", body.Language));
        }

        if (body is { Territory: Territory.Foral, Regime: FiscalRegime.Verifactu })
        {
            faults.Add(InvoicingFaults.ForalVerifactu.At("regime"));
        }

        if (body.DefaultTermsDays is < 0 or > 365)
        {
            faults.Add(InvoicingFaults.SellerField.At("defaultTermsDays", "defaultTermsDays", "0–365"));
        }

        Stores(body, faults);
        Branding(body.Branding, faults);
        return faults.Count > 0 ? Fault.Of(faults) : body;
    }

    private static void Stores(SellerBody body, List<Fault> faults)
    {
        var seen = new HashSet<StoreId>();
        for (var i = 0; i < body.Stores.Count; i++)
        {
            var store = body.Stores[i];
            if (!SaleRules.IsStore(store.StoreId.Value))
            {
                faults.Add(InvoicingFaults.BadStore.At($"stores[{i}].storeId"));
            }
            else if (!seen.Add(store.StoreId))
            {
                faults.Add(InvoicingFaults.StoreTwice.At($"stores[{i}].storeId", store.StoreId));
            }

            if (store.TimeZone is { } zone)
            {
                Zone(zone, $"stores[{i}].timeZone", faults);
            }

            if (store.Address is { } address)
            {
                Address(address, $"stores[{i}].address", faults);
            }
        }
    }

    private static void Branding(Branding? branding, List<Fault> faults)
    {
        if (branding?.Colour is { } colour && !(colour.Length == 7 && colour[0] == '#' && colour[1..].All(char.IsAsciiHexDigit)))
        {
            faults.Add(InvoicingFaults.SellerField.At("branding.colour", "branding.colour", "#rrggbb"));
        }

        if (
            branding?.LogoUrl is { } logo
            && !(
                logo.Length <= 500
                && Uri.TryCreate(logo, UriKind.Absolute, out var address)
                && address.Scheme is "http" or "https"
                && Sale.IsSound(logo)
            )
        )
        {
            faults.Add(InvoicingFaults.SellerField.At("branding.logoUrl", "branding.logoUrl", "https://…"));
        }
    }

    private static void Address(Address address, string path, List<Fault> faults)
    {
        Text(address.Line1, 0, 200, $"{path}.line1", faults);
        Text(address.Line2, 0, 200, $"{path}.line2", faults);
        Text(address.PostalCode, 0, 20, $"{path}.postalCode", faults);
        Text(address.City, 0, 100, $"{path}.city", faults);
        Text(address.Region, 0, 100, $"{path}.region", faults);
        if (!SaleRules.IsCountry(address.Country))
        {
            faults.Add(InvoicingFaults.SellerField.At($"{path}.country", "country", "ISO 3166-1 alpha-2"));
        }
    }

    private static void Zone(string zone, string path, List<Fault> faults)
    {
        if (!(zone.Contains('/', StringComparison.Ordinal) || zone == "UTC") || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            faults.Add(InvoicingFaults.SellerZone.At(path, zone));
        }
    }

    private static void Text(string? text, int least, int most, string path, List<Fault> faults, bool needed = false)
    {
        if ((needed && text is null) || (text is not null && (text.Length > most || text.Trim().Length < least || !Sale.IsSound(text))))
        {
            faults.Add(InvoicingFaults.SellerField.At(path, path, $"{least}–{most}"));
        }
    }
}
