using RetailInvoicing.Invoicing.En16931.Cii;
using RetailInvoicing.Invoicing.En16931.Peppol;
using RetailInvoicing.Invoicing.En16931.Ubl;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>Holds a document against the rules of EN 16931, and of a network where one is asked for.</summary>
public static class ValidateDocument
{
    private static readonly Lazy<Places> UblPlaces = new(() =>
    {
        var places = new Places();
        UblRules.Add(places);
        UblVatRules.Add(places);
        UblSyntaxRules.Add(places);
        UblCodeRules.Add(places);
        return places;
    });

    private static readonly Lazy<Places> CiiPlaces = new(() =>
    {
        var places = new Places();
        CiiRules.Add(places);
        CiiTotals.Add(places);
        CiiVatRules.Add(places);
        CiiSyntaxRules.Add(places);
        CiiCodeRules.Add(places);
        CiiRestrictions.Add(places);
        return places;
    });

    /// <summary>What the rules find in a document of CII D16B.</summary>
    public static void Cii(XmlTree tree, Findings found) => CiiPlaces.Value.Walk(tree, found);

    /// <summary>What the rules find in a document of UBL 2.1.</summary>
    public static void Ubl(XmlTree tree, Findings found)
    {
        UblPlaces.Value.Walk(tree, found);
        UblRestrictions.All.Walk(tree, found);
    }

    /// <summary>What the rules of Peppol BIS Billing 3.0 find beyond those of EN 16931, in UBL or CII as the document is.</summary>
    public static void Peppol(XmlTree tree, Findings found)
    {
        if (tree.Root.Is(Rsm.CrossIndustryInvoice))
        {
            PeppolCii.Walk(tree, found);
        }
        else
        {
            PeppolUbl.Walk(tree, found);
        }
    }
}
