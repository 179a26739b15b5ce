using System.Text;
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

    [Theory]
    [InlineData("NO123456789MVA", null, "NO-R-001")]
    [InlineData("NO991825827MVA", null, null)]
    [InlineData("NO123456789MVA", "NO123456789MVA", null)]
    [InlineData("SE123456789001", null, null)]
    public void A_sellers_country_is_that_of_its_one_VAT_identifier_and_of_two_it_is_none(string first, string? second, string? rule)
    {
        var broken = Broken(
            $"""
            <cac:AccountingSupplierParty><cac:Party>
              {VatIdentifier(first)}{(second is null ? "" : VatIdentifier(second))}
            </cac:Party></cac:AccountingSupplierParty>
            """
        );

        Assert.Equal(rule, broken.FirstOrDefault(each => each == "NO-R-001"));
    }

    [Theory]
    [InlineData("ten", "10", "10", "PEPPOL-EN16931-R040")]
    [InlineData("1", "ten", "10", "PEPPOL-EN16931-R040")]
    [InlineData("1.02", "10", "10", null)]
    [InlineData("1.03", "10", "10", "PEPPOL-EN16931-R040")]
    [InlineData("1", "999999999999999999", "999999999999999999", "PEPPOL-EN16931-R040")]
    public void An_amount_that_cannot_be_read_breaks_the_rule_that_asks_for_it(string amount, string basis, string percentage, string? rule)
    {
        var broken = Broken(
            $"""
            <cac:AllowanceCharge>
              <cbc:ChargeIndicator>true</cbc:ChargeIndicator>
              <cbc:MultiplierFactorNumeric>{percentage}</cbc:MultiplierFactorNumeric>
              <cbc:Amount currencyID="EUR">{amount}</cbc:Amount>
              <cbc:BaseAmount currencyID="EUR">{basis}</cbc:BaseAmount>
            </cac:AllowanceCharge>
            """
        );

        Assert.Equal(rule, broken.FirstOrDefault(each => each == "PEPPOL-EN16931-R040"));
    }

    /// <summary>Seven times a seventh of a price is less than the price by what a quotient of twenty decimals loses.</summary>
    [Theory]
    [InlineData("0.03", "0.01", "7", "7", "PEPPOL-EN16931-R120")]
    [InlineData("0.03", "0.01", "1", "1", null)]
    [InlineData("0.02", "0.01", "7", "7", null)]
    [InlineData("33.35", "33.33", "7", "7", "PEPPOL-EN16931-R120")]
    [InlineData("33.35", "3333.0", "1", "100", null)]
    [InlineData("33.36", "3333.0", "1", "100", "PEPPOL-EN16931-R120")]
    [InlineData("12", "12", "1", "0", null)]
    public void A_line_is_its_quantity_times_its_price_to_the_last_decimal(
        string net,
        string price,
        string quantity,
        string per,
        string? rule
    )
    {
        var broken = Broken(
            $"""
            <cac:InvoiceLine>
              <cbc:InvoicedQuantity unitCode="C62">{quantity}</cbc:InvoicedQuantity>
              <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
              <cac:Price>
                <cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount>
                <cbc:BaseQuantity unitCode="C62">{per}</cbc:BaseQuantity>
              </cac:Price>
            </cac:InvoiceLine>
            """
        );

        Assert.Equal(rule, broken.FirstOrDefault(each => each == "PEPPOL-EN16931-R120"));
    }

    [Theory]
    [InlineData("#SKONTO#TAGE=14#PROZENT=2.25#\n", true)]
    [InlineData("In 30 Tagen\n#SKONTO#TAGE=14#PROZENT=2.25#BASISBETRAG=-5.00#\n \n", true)]
    [InlineData("In 30 Tagen", true)]
    [InlineData("#SKONTO#TAGE=14#PROZENT=2.25#", false)]
    [InlineData("#SKONTO#TAGE=14#PROZENT=2.25#\nIn 30 Tagen", true)]
    [InlineData("#SKONTO#TAGE=14#PROZENT=2.2#\n", false)]
    [InlineData("#VERZUG#\n", false)]
    public void A_German_discount_for_early_payment_has_its_form_and_a_line_break(string terms, bool isWellFormed)
    {
        var country =
            "<cac:Party><cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress></cac:Party>";
        var broken = Broken(
            $"""
            <cac:AccountingSupplierParty>{country}</cac:AccountingSupplierParty>
            <cac:AccountingCustomerParty>{country}</cac:AccountingCustomerParty>
            <cac:PaymentTerms><cbc:Note>{terms}</cbc:Note></cac:PaymentTerms>
            """
        );

        Assert.Equal(isWellFormed, !broken.Contains("DE-R-018"));
        Assert.Contains("DE-R-001", broken);
    }

    private static string VatIdentifier(string id) =>
        $"<cac:PartyTaxScheme><cbc:CompanyID>{id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>";

    private static IReadOnlyList<string> Broken(string elements) =>
        OfficialSuites.Broken(
            Encoding.UTF8.GetBytes(
                $"""
                <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
                         xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
                         xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
                  {elements}
                </Invoice>
                """
            ),
            ValidateDocument.Peppol
        );

    private static IEnumerable<OfficialCase> Cases(string suites) =>
        Directory
            .EnumerateDirectories(Repository.Shared("compliance/peppol-bis-3"), suites)
            .Order(StringComparer.Ordinal)
            .SelectMany(folder => OfficialSuites.Cases($"peppol-bis-3/{Path.GetFileName(folder)}"));
}
