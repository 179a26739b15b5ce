using System.Xml.Linq;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>The rules of Peppol BIS Billing 3.0 against the official unit tests and the reference engine's verdicts.</summary>
public sealed class PeppolRulesTests
{
    [Fact]
    public void Every_official_unit_test_breaks_exactly_the_rules_that_the_reference_engine_finds_as_often_as_it_does()
    {
        var expected = OfficialSuites
            .Table("peppol-bis-3/expected/unit-firings-PEPPOL-UBL-3.0.19.csv")
            .GroupBy(cells => $"{cells[0]} {cells[1]}")
            .ToDictionary(
                each => each.Key,
                each => OfficialSuites.Counted(each.SelectMany(cells => Enumerable.Repeat(cells[2], int.Parse(cells[4], null))))
            );
        var cases = Cases("unit-ubl-*").ToList();

        var wrong = cases
            .Select(each => (Case: each, Found: OfficialSuites.Counted(OfficialSuites.Broken(each.Document, ValidateDocument.Peppol))))
            .Where(each => each.Found != expected.GetValueOrDefault(each.Case.ToString(), ""))
            .Select(each => $"{each.Case}: found {each.Found}, expected {expected.GetValueOrDefault(each.Case.ToString(), "nothing")}")
            .ToList();

        Assert.True(cases.Count > 350, $"only {cases.Count} cases were read");
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("unit-ubl-*", 370)]
    [InlineData("unit-cii-*", 180)]
    public void Every_assertion_of_the_official_unit_tests_is_reproduced(string suites, int least)
    {
        var asserted = 0;
        var wrong = Cases(suites)
            .SelectMany(each =>
            {
                var broken = OfficialSuites.Broken(each.Document, ValidateDocument.Peppol);
                asserted += each.Asserted.Count;
                return each
                    .Asserted.Where(one => broken.Contains(one.Rule) != (one.Kind is not "success"))
                    .Select(one => $"{each}: {one.Kind} {one.Rule}");
            })
            .ToList();

        Assert.Empty(wrong);
        Assert.True(asserted >= least, $"only {asserted} assertions were read");
    }

    [Fact]
    public void Every_whole_document_gets_the_reference_engines_verdict()
    {
        var wrong = OfficialSuites
            .Table("peppol-bis-3/expected/whole-invoices-EN16931-UBL-validation+PEPPOL-EN16931-UBL-2026.5.csv")
            .Select(cells =>
            {
                using var document = File.OpenRead(Repository.Shared($"compliance/peppol-bis-3/{cells[0]}"));
                var verdict = Verdict.Of(document, Profile.Peppol, null).Value;
                var found = OfficialSuites.Counted(
                    verdict.Findings.Select(finding => $"{finding.Rule}:{(finding.Severity == Severity.Fatal ? "fatal" : "warning")}")
                );
                return (File: cells[0], Expected: cells[4], Found: found, verdict.Valid, Fatal: cells[2]);
            })
            .Where(each => each.Found != each.Expected || each.Valid != (each.Fatal == "0"))
            .ToList();

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("UBL", 156)]
    [InlineData("CII", 84)]
    public void Every_official_rule_has_its_severity_and_a_text_in_Spanish_and_English(string syntax, int rules)
    {
        XNamespace schematron = "http://purl.oclc.org/dsdl/schematron";
        var official = XDocument
            .Load(Repository.Shared($"compliance/peppol-bis-3/schematron-3.0.19/PEPPOL-EN16931-{syntax}.sch"))
            .Descendants(schematron + "assert")
            .Select(each => (Id: each.Attribute("id")!.Value, Flag: each.Attribute("flag")!.Value))
            .Distinct()
            .ToList();
        var ours = RuleTable.All.ToDictionary(rule => rule.Id);

        Assert.Equal(rules, official.Count);
        Assert.Empty(official.Select(rule => rule.Id).Except(ours.Keys));
        Assert.Empty(official.Where(rule => rule.Flag != (ours[rule.Id].Severity == Severity.Fatal ? "fatal" : "warning")));
        Assert.All(
            official.Select(rule => ours[rule.Id]),
            rule => Assert.True(rule.Spanish.Length > 10 && rule.English.Length > 10 && rule.Spanish != rule.English, rule.Id)
        );
    }

    [Fact]
    public void The_catalogue_of_Peppols_rules_is_covered()
    {
        var official = OfficialSuites
            .Table("peppol-bis-3/rules/PEPPOL-EN16931-UBL-rules.csv")
            .ToDictionary(cells => cells[0], cells => cells[1]);
        var ours = RuleTable.All.ToDictionary(rule => rule.Id);

        Assert.Empty(official.Keys.Except(ours.Keys));
        Assert.Empty(official.Where(rule => rule.Value != (ours[rule.Key].Severity == Severity.Fatal ? "fatal" : "warning")));
    }

    private static IEnumerable<OfficialCase> Cases(string suites) =>
        Directory
            .EnumerateDirectories(Repository.Shared("compliance/peppol-bis-3"), suites)
            .Order(StringComparer.Ordinal)
            .SelectMany(folder => OfficialSuites.Cases($"peppol-bis-3/{Path.GetFileName(folder)}"));
}
