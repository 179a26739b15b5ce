using System.Text.RegularExpressions;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>
/// What the core invoice leaves out of CII, as the official rules themselves write it: each way that they forbid, or allow once, is written
/// into the example where they look for it, and the rule is broken there as often as they say.
/// </summary>
public sealed partial class CiiRestrictionsTests
{
    private static readonly XNamespace Schematron = "http://purl.oclc.org/dsdl/schematron";
    private static readonly Dictionary<string, XNamespace> Spaces = new()
    {
        ["rsm"] = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        ["ram"] = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
        ["udt"] = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    };

    /// <summary>These can never be broken: they hold of everything, or an earlier rule takes their place away.</summary>
    private static readonly string[] NeverBroken =
    [
        "BR-AF-09",
        "BR-AG-09",
        "BR-CO-05",
        "BR-CO-06",
        "BR-CO-07",
        "BR-CO-08",
        "CII-DT-010",
        "CII-DT-011",
        "CII-DT-012",
    ];

    [Fact]
    public void Each_way_that_the_official_rules_forbid_breaks_its_rule_once()
    {
        var ways = Ways().Where(each => each.Kind == "none" && !NeverBroken.Contains(each.Rule)).ToList();
        var wrong = ways.Where(each => Times(each, 1) != 1 || Times(each, 2) != 1).Select(each => $"{each.Rule} {each.Way}").ToList();

        Assert.True(ways.Count > 450, $"only {ways.Count} ways were read");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Each_way_that_the_official_rules_allow_once_breaks_its_rule_from_the_second_on()
    {
        var ways = Ways().Where(each => each.Kind is "most" or "one").ToList();
        var wrong = ways.Where(each => Times(each, 1) != 0 || Times(each, 2) != 1 || Times(each, 0) != (each.Kind == "one" ? 1 : 0))
            .Select(each => $"{each.Rule} {each.Way}")
            .ToList();

        Assert.True(ways.Count > 30, $"only {ways.Count} ways were read");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Rules_whose_place_an_earlier_rule_takes_away_are_never_broken()
    {
        var ways = Ways().Where(each => NeverBroken.Contains(each.Rule)).ToList();

        Assert.Equal(["CII-DT-010", "CII-DT-011", "CII-DT-012"], ways.Select(each => each.Rule));
        Assert.All(ways, each => Assert.Equal(0, Times(each, 1)));
    }

    [Theory]
    [InlineData("CII-DT-101", "BICID", "schemeName")]
    [InlineData("CII-DT-031", "PaidAmount", "currencyID")]
    [InlineData("CII-DT-034", "ActualQuantity", "unitCodeListID")]
    public void Restrictions_of_all_identifiers_amounts_and_quantities_hold_of_those_that_no_rule_names(
        string rule,
        string name,
        string attribute
    )
    {
        var document = CiiSample.Change(CiiSample.Of("S"), $"+ ApplicableHeaderTradeSettlement <{name} {attribute}='x'>1</{name}>");

        Assert.Equal([rule], OfficialSuites.Broken(document.Bytes(), ValidateDocument.Cii));
    }

    [Fact]
    public void Restrictions_hold_at_their_place_only()
    {
        // ram:Name has no place in the document's heading, and one with the item.
        var heading = CiiSample.Change(CiiSample.Of("S"), "+ ExchangedDocument <Name>x</Name>").Bytes();
        var elsewhere = CiiSample.Change(
            CiiSample.Of("S"),
            "+ ApplicableHeaderTradeDelivery <ShipToTradeParty><Name>x</Name></ShipToTradeParty>"
        );

        Assert.Equal(["CII-SR-013"], OfficialSuites.Broken(heading, ValidateDocument.Cii));
        Assert.Empty(OfficialSuites.Broken(elsewhere.Bytes(), ValidateDocument.Cii));
    }

    /// <summary>How often a rule is broken where its way is written so many times into the example.</summary>
    private static int Times(OfficialWay each, int times)
    {
        var document = CiiSample.Of("S");
        var place = Place(document, each.Place);
        var steps = each.Way.Split('/');
        var isAttribute = steps[^1][0] == '@';
        foreach (var old in place.Descendants().Where(old => Lies(old, place, steps)).ToList())
        {
            old.Remove();
        }

        for (var time = 0; time < times; time++)
        {
            var at = place;
            foreach (var step in steps)
            {
                if (step[0] == '@')
                {
                    at.SetAttributeValue(step[1..], "x");
                }
                else
                {
                    var isLast = step == steps[^1] || (isAttribute && step == steps[^2]);
                    var child = isLast ? null : at.Element(NameOf(step));
                    at.Add(child is null ? child = new XElement(NameOf(step)) : null);
                    at = child;
                }
            }
        }

        return OfficialSuites.Broken(document.Bytes(), ValidateDocument.Cii).Count(rule => rule == each.Rule);
    }

    private static bool Lies(XElement at, XElement place, string[] steps) =>
        steps.Reverse().Zip(at.AncestorsAndSelf()).All(pair => pair.First[0] != '@' && NameOf(pair.First) == pair.Second.Name)
        && at.Ancestors().ElementAtOrDefault(steps.Length - 1) == place;

    /// <summary>The place where a rule looks: there already, or made.</summary>
    private static XElement Place(XDocument document, string place)
    {
        var root = document.Root!;
        if (EndsWith().Match(place) is { Success: true } any)
        {
            var name = any.Groups[1].Value switch
            {
                "TradeTax" => "AppliedTradeTax",
                "ReferencedDocument" => "ContractReferencedDocument",
                "DocumentContextParameter" => "GuidelineSpecifiedDocumentContextParameter",
                var end => $"Market{end}",
            };
            return Add(
                root,
                name == "MarketAmount" ? "ram:PaidAmount"
                    : name == "MarketQuantity" ? "ram:TotalQuantity"
                    : $"ram:{name}"
            );
        }

        var steps = place.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return place.StartsWith("//", StringComparison.Ordinal)
            ? steps.Aggregate(root, Add)
            : steps.Skip(1).Aggregate(root, (at, step) => at.Element(NameOf(step)) ?? Add(at, step));
    }

    private static XElement Add(XElement at, string name)
    {
        var added = new XElement(NameOf(name));
        at.Add(added);
        return added;
    }

    private static XName NameOf(string name) => name.Split(':') is [var prefix, var local] ? Spaces[prefix] + local : name;

    /// <summary>The ways that the official rules write as one of three simple tests.</summary>
    private static IEnumerable<OfficialWay> Ways() =>
        XDocument
            .Load(Repository.Shared("compliance/en16931/schematron/cii/EN16931-CII-validation-preprocessed.sch"))
            .Descendants(Schematron + "pattern")
            .Single(pattern => (string?)pattern.Attribute("id") == "EN16931-CII-Syntax")
            .Elements(Schematron + "rule")
            .SelectMany(rule =>
                rule.Elements(Schematron + "assert")
                    .Select(assert =>
                        Written(
                            ((string)assert.Attribute("id")!, ((string)rule.Attribute("context")!).Split('|')[0].Trim()),
                            (string)assert.Attribute("test")!
                        )
                    )
            )
            .OfType<OfficialWay>();

    private static OfficialWay? Written((string Rule, string Place) at, string test) =>
        None().Match(test) is { Success: true } none ? new OfficialWay(at.Rule, at.Place, none.Groups[1].Value, "none")
        : Count().Match(test) is { Success: true } count
            ? new OfficialWay(at.Rule, at.Place, count.Groups[1].Value, count.Groups[2].Value == "=" ? "one" : "most")
        : null;

    [GeneratedRegex(@"ends-with\(name\(\), '(\w+)'\)")]
    private static partial Regex EndsWith();

    [GeneratedRegex(@"^not\(([\w:/@]+)\)$")]
    private static partial Regex None();

    [GeneratedRegex(@"^\(? ?count\((\w[\w:/]*)\) *(=|<=) *1\)?$")]
    private static partial Regex Count();

    private sealed record OfficialWay(string Rule, string Place, string Way, string Kind);
}
