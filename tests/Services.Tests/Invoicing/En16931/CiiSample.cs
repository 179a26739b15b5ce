using System.Globalization;
using System.Text;
using System.Xml.Linq;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>
/// The smallest official example of CII, valid in any VAT category, and changed in single places: each change is a line such as
/// "- BuyerTradeParty/Name". - removes, 2 doubles, = says, @ sets an attribute and + adds within; with a * behind they do it everywhere.
/// </summary>
internal static class CiiSample
{
    private static readonly XNamespace Ram = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";
    private static readonly XNamespace Udt = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";

    /// <summary>
    /// A valid document: its kind is a VAT category (S at two rates, as in the example), and "allowance" and "charge" where it is to have one
    /// of nothing.
    /// </summary>
    public static XDocument Of(string kind)
    {
        var document = XDocument.Load(Repository.Shared("compliance/en16931/examples-cii/CII_example6.xml"));
        var words = kind.Split(' ');
        if (words[0] != "S")
        {
            InCategory(document, words[0]);
        }

        var rate = words[0] switch
        {
            "S" or "L" or "M" => "<RateApplicablePercent>25</RateApplicablePercent>",
            "O" => "",
            _ => "<RateApplicablePercent>0</RateApplicablePercent>",
        };
        var tax = $"<CategoryTradeTax><TypeCode>VAT</TypeCode><CategoryCode>{words[0]}</CategoryCode>{rate}</CategoryTradeTax>";
        foreach (var word in words.Skip(1))
        {
            var (isCharge, total) = word == "charge" ? ("true", "ChargeTotalAmount") : ("false", "AllowanceTotalAmount");
            var indicator = $"<ChargeIndicator><udt:Indicator>{isCharge}</udt:Indicator></ChargeIndicator>";
            Change(
                document,
                $"""
                + ApplicableHeaderTradeSettlement <SpecifiedTradeAllowanceCharge>{indicator}<ActualAmount>0</ActualAmount><Reason>x</Reason>{tax}</SpecifiedTradeAllowanceCharge>
                + SpecifiedTradeSettlementHeaderMonetarySummation <{total}>0</{total}>
                """
            );
        }

        return document;
    }

    /// <summary>Changes it, a line at a time.</summary>
    public static XDocument Change(XDocument document, string changes)
    {
        foreach (var change in changes.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = change.Split(' ', 3);
            var value = words.Length == 3 ? words[2] : "";
            var found = All(document, words[1]).ToList();
            Assert.True(found.Count > 0, $"the document has no {words[1]}");
            foreach (var at in words[0].EndsWith('*') ? found : found.Take(1))
            {
                Change(at, words[0][0], value);
            }
        }

        return document;
    }

    private static void Change(XElement at, char change, string value)
    {
        switch (change)
        {
            case '-':
                at.Remove();
                break;
            case '=':
                at.Value = value.Trim('\'');
                break;
            case '2':
                at.AddAfterSelf(new XElement(at));
                break;
            case '@':
                var attribute = value.Split('=');
                at.SetAttributeValue(attribute[0], attribute.Length == 2 ? attribute[1] : null);
                break;
            case '+':
                at.Add(XElement.Parse($"<x xmlns='{Ram}' xmlns:udt='{Udt}'>{value}</x>").Elements());
                break;
            default:
                throw new FormatException($"no change is written {change}");
        }
    }

    /// <summary>As bytes.</summary>
    public static byte[] Bytes(this XDocument document) => Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting));

    /// <summary>The document, all of whose lines have one category, and its parties identified as the category asks for.</summary>
    private static void InCategory(XDocument document, string category)
    {
        var hasRate = category is "L" or "M";
        var rate = hasRate ? "25" : "0";
        foreach (var tax in document.Descendants(Ram + "ApplicableTradeTax"))
        {
            tax.Element(Ram + "CategoryCode")!.Value = category;
            tax.Element(Ram + "RateApplicablePercent")!.Value = rate;
            if (category == "O")
            {
                tax.Element(Ram + "RateApplicablePercent")!.Remove();
            }
        }

        All(document, "ApplicableHeaderTradeSettlement/ApplicableTradeTax").Last().Remove();
        var vat = hasRate ? 1000m : 0m;
        string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
        Change(
            document,
            $"""
            = ApplicableTradeTax/BasisAmount 4000
            = ApplicableTradeTax/CalculatedAmount {Text(vat)}
            = TaxTotalAmount {Text(vat)}
            = GrandTotalAmount {Text(4000m + vat)}
            = DuePayableAmount {Text(4000m + vat)}
            """
        );
        if (category is "E" or "AE" or "K" or "G" or "O")
        {
            Change(document, "+ ApplicableHeaderTradeSettlement/ApplicableTradeTax <ExemptionReason>x</ExemptionReason>");
        }

        if (category is "AE" or "K")
        {
            Change(document, "+ BuyerTradeParty <SpecifiedTaxRegistration><ID schemeID='VA'>DE123456789</ID></SpecifiedTaxRegistration>");
        }

        if (category is "K")
        {
            Change(
                document,
                """
                + ApplicableHeaderTradeDelivery <ShipToTradeParty><PostalTradeAddress><CountryID>DE</CountryID></PostalTradeAddress></ShipToTradeParty>
                + ApplicableHeaderTradeDelivery <ActualDeliverySupplyChainEvent><OccurrenceDateTime><udt:DateTimeString format='102'>20130410</udt:DateTimeString></OccurrenceDateTime></ActualDeliverySupplyChainEvent>
                """
            );
        }

        if (category is "O")
        {
            Change(
                document,
                """
                - SellerTradeParty/SpecifiedTaxRegistration
                + SellerTradeParty <SpecifiedTaxRegistration><ID schemeID='FC'>1</ID></SpecifiedTaxRegistration><GlobalID schemeID='0088'>1</GlobalID>
                """
            );
        }
    }

    /// <summary>The elements that a way ends at, wherever it begins.</summary>
    private static IEnumerable<XElement> All(XDocument document, string way)
    {
        var names = way.Split('/');
        return document
            .Descendants()
            .Where(each => names.Reverse().Zip(each.AncestorsAndSelf(), (name, at) => at.Name.LocalName == name).All(fits => fits));
    }
}
