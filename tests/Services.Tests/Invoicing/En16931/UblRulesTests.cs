using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>The rules of EN 16931 for UBL against the official unit tests and the reference engine's verdicts.</summary>
public sealed class UblRulesTests
{
    [Fact]
    public void Every_official_unit_test_breaks_exactly_the_rules_that_the_reference_engine_finds_as_often_as_it_does()
    {
        var expected = OfficialSuites
            .Table("en16931/expected/unit-firings-EN16931-UBL-1.3.16.csv")
            .GroupBy(cells => $"{cells[0]} {cells[1]}")
            .ToDictionary(
                each => each.Key,
                each => OfficialSuites.Counted(each.SelectMany(cells => Enumerable.Repeat(cells[2], int.Parse(cells[4], null))))
            );
        var cases = Cases().ToList();

        var wrong = cases
            .Select(each => (Case: each, Found: OfficialSuites.Counted(OfficialSuites.Broken(each.Document, ValidateDocument.Ubl))))
            .Where(each => each.Found != expected.GetValueOrDefault(each.Case.ToString(), ""))
            .Select(each => $"{each.Case}: found {each.Found}, expected {expected.GetValueOrDefault(each.Case.ToString(), "nothing")}")
            .ToList();

        Assert.True(cases.Count > 700, $"only {cases.Count} cases were read");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_assertion_of_the_official_unit_tests_is_reproduced()
    {
        var wrong = Cases()
            .SelectMany(each =>
            {
                var broken = OfficialSuites.Broken(each.Document, ValidateDocument.Ubl);
                return each
                    .Asserted.Where(asserted => broken.Contains(asserted.Rule) != (asserted.Kind is not "success"))
                    .Select(asserted => $"{each}: {asserted.Kind} {asserted.Rule}");
            })
            .ToList();

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_whole_document_gets_the_reference_engines_verdict()
    {
        var wrong = OfficialSuites
            .Table("en16931/expected/whole-invoices-EN16931-UBL-validation.csv")
            .Select(cells =>
                (
                    File: cells[0],
                    Expected: OfficialSuites.Counted(cells[4].Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries).Distinct()),
                    Found: OfficialSuites.Counted(
                        OfficialSuites
                            .Broken(File.ReadAllBytes(Repository.Shared($"compliance/en16931/{cells[0]}")), ValidateDocument.Ubl)
                            .Distinct()
                    )
                )
            )
            .Where(each => each.Found != each.Expected)
            .ToList();

        Assert.Empty(wrong);
    }

    private static IEnumerable<OfficialCase> Cases() =>
        OfficialSuites.Cases("en16931/unit-ubl-invoice").Concat(OfficialSuites.Cases("en16931/unit-ubl-creditnote"));
}
