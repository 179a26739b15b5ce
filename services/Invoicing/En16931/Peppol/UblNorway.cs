using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Norwegian sellers' UBL documents.</summary>
internal static class UblNorway
{
    public static void Add(Places places) => places.At(Cac.Party, Seller);

    private static void Seller(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.AccountingSupplierParty))
        {
            return;
        }

        found.Check("NO-R-002", at, TaxIdentifier(at, "TAX").Is("Foretaksregisteret"));
        found.Check("NO-R-001", at, IsVatOrForeign(TaxIdentifier(at, "VAT").Text));
    }

    /// <summary>A VAT identifier that begins with NO is an organisation number with MVA behind it.</summary>
    internal static bool IsVatOrForeign(ReadOnlySpan<char> identifier) =>
        identifier is not ['N', 'O', ..] || (identifier is [.., 'M', 'V', 'A'] && CheckDigits.IsNorwegian(identifier[2..^3]));

    private static Node TaxIdentifier(Node party, string kind)
    {
        foreach (var scheme in party.All(Cac.PartyTaxScheme))
        {
            if (scheme[Cac.TaxScheme, Cbc.ID].Is(kind) && scheme[Cbc.CompanyID] is { Exists: true } id)
            {
                return id;
            }
        }

        return default;
    }
}
