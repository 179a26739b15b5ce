using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Identifiers that name their scheme (ISO/IEC 6523, EAS) have the form that its issuer gives them, in UBL as in CII.</summary>
internal static class SchemeRules
{
    /// <summary>BT-29, BT-30, BT-34, BT-46, BT-47, BT-49 and the like.</summary>
    public static void Identifier(Node at, Findings found)
    {
        if (!at.TryAttribute(Attributes.SchemeID, out var scheme) || scheme.Length != 4)
        {
            return;
        }

        Span<char> room = stackalloc char[64];
        switch (scheme)
        {
            case "0088":
                found.Check("PEPPOL-COMMON-R040", at, CheckDigits.IsGln(XPath.Normalized(at.Text, room)));
                break;
            case "0192":
                found.Check("PEPPOL-COMMON-R041", at, CheckDigits.IsNorwegian(XPath.Normalized(at.Text, room)));
                break;
            case "0184":
                found.Check("PEPPOL-COMMON-R042", at, CheckDigits.IsDanish(at.Text));
                break;
            case "0208":
                found.Check("PEPPOL-COMMON-R043", at, CheckDigits.IsBelgian(XPath.Normalized(at.Text, room)));
                break;
            case "0201":
                found.Check("PEPPOL-COMMON-R044", at, CheckDigits.IsIpaCode(XPath.Normalized(at.Text, room)));
                break;
            case "0210":
                found.Check("PEPPOL-COMMON-R045", at, CheckDigits.IsItalianTaxCode(XPath.Normalized(at.Text, room)));
                break;
            case "0211":
                found.Check("PEPPOL-COMMON-R047", at, CheckDigits.IsItalianVat(XPath.Normalized(at.Text, room)));
                break;
            case "0007":
                var swedish = XPath.Normalized(at.Text, room);
                found.Check("PEPPOL-COMMON-R049", at, swedish.Length == 10 && CheckDigits.IsSwedish(swedish));
                break;
            case "0151":
                // The rules for CII leave out that the number consists of eleven digits.
                var australian = XPath.Normalized(at.Text, room);
                var isOfDigits = at.Tree.Root.Is(Rsm.CrossIndustryInvoice) || (australian.Length == 11 && XPath.IsDigits(australian));
                found.Check("PEPPOL-COMMON-R050", at, isOfDigits && CheckDigits.IsAustralian(australian));
                break;
        }
    }

    /// <summary>BT-34 and BT-49, which have schemes of their own.</summary>
    public static void ElectronicAddress(Node at, Findings found)
    {
        Identifier(at, found);
        Span<char> room = stackalloc char[64];
        switch (at.Attribute(Attributes.SchemeID))
        {
            case "9907":
                found.Check("PEPPOL-COMMON-R046", at, CheckDigits.IsItalianTaxCode(XPath.Normalized(at.Text, room)));
                break;
            case "9906" when at.Tree.Root.Is(Rsm.CrossIndustryInvoice):
                found.Check("PEPPOL-COMMON-R048", at, CheckDigits.IsItalianVat(XPath.Normalized(at.Text, room)));
                break;
        }
    }
}
