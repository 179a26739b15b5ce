using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>
/// The rules of EN 16931 for CII: against the official unit test and the reference engine's verdicts, and against a valid example that is
/// changed in one place at a time, with what the rules' words then say of it.
/// </summary>
public sealed class CiiRulesTests
{
    private const string Settlement = "ApplicableHeaderTradeSettlement";
    private const string Tax = "ApplicableHeaderTradeSettlement/ApplicableTradeTax";
    private const string LineTax = "SpecifiedLineTradeSettlement/ApplicableTradeTax";
    private const string Totals = "SpecifiedTradeSettlementHeaderMonetarySummation";
    private const string Line = "IncludedSupplyChainTradeLineItem";
    private const string LineTotal = "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount";
    private const string Nobody = "- SellerTradeParty/SpecifiedTaxRegistration";
    private const string Rate0 = $"= {LineTax}/RateApplicablePercent 0\n=* CategoryTradeTax/RateApplicablePercent 0";
    private const string Rate5 = $"= {LineTax}/RateApplicablePercent 5\n=* CategoryTradeTax/RateApplicablePercent 5";
    private const string RateLess = $"= {LineTax}/RateApplicablePercent -1\n=* CategoryTradeTax/RateApplicablePercent -1";
    private const string Agreement = "ApplicableHeaderTradeAgreement";
    private const string Cited = "<AdditionalReferencedDocument><IssuerAssignedID>1</IssuerAssignedID>";
    private const string EndCited = "</AdditionalReferencedDocument>";
    private const string Attached = "<Name>x</Name><AttachmentBinaryObject mimeCode='text/csv'>YQ==</AttachmentBinaryObject>";
    private const string Means = "<SpecifiedTradeSettlementPaymentMeans>";
    private const string EndMeans = "</SpecifiedTradeSettlementPaymentMeans>";

    [Fact]
    public void Every_assertion_of_the_official_unit_test_is_reproduced()
    {
        var cases = OfficialSuites.Cases("en16931/unit-cii").ToList();
        var wrong = cases
            .SelectMany(each =>
            {
                var broken = OfficialSuites.Broken(each.Document, ValidateDocument.Cii);
                return each
                    .Asserted.Where(asserted => broken.Contains(asserted.Rule) != (asserted.Kind is not "success"))
                    .Select(asserted => $"{each}: {asserted.Kind} {asserted.Rule}");
            })
            .ToList();

        Assert.NotEmpty(cases);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("en16931", 8)]
    [InlineData("factur-x", 33)]
    public void Every_whole_document_gets_the_reference_engines_verdict(string folder, int documents)
    {
        var verdicts = OfficialSuites.Table($"{folder}/expected/whole-invoices-EN16931-CII-validation.csv").ToList();
        var wrong = verdicts
            .Select(cells =>
                (
                    File: cells[0],
                    Expected: string.Join(' ', cells[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)),
                    Found: Judged(File.ReadAllBytes(Repository.Shared($"compliance/{folder}/{cells[0]}")))
                )
            )
            .Where(each => each.Found != each.Expected)
            .ToList();

        Assert.Equal(documents, verdicts.Count);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("S")]
    [InlineData("S allowance charge")]
    [InlineData("Z allowance charge")]
    [InlineData("E allowance charge")]
    [InlineData("AE allowance charge")]
    [InlineData("K allowance charge")]
    [InlineData("G allowance charge")]
    [InlineData("O allowance charge")]
    [InlineData("L allowance charge")]
    [InlineData("M allowance charge")]
    public void The_example_is_valid_in_every_category(string kind) => Breaks("", kind, "");

    [Theory]
    // What every invoice states.
    [InlineData("BR-01 CII-SR-010", "- GuidelineSpecifiedDocumentContextParameter/ID")]
    [InlineData("BR-01", "= GuidelineSpecifiedDocumentContextParameter/ID ' '")]
    [InlineData("BR-02", "- ExchangedDocument/ID")]
    [InlineData("BR-03", "- ExchangedDocument/IssueDateTime")]
    [InlineData("BR-03", "@ IssueDateTime/DateTimeString format=203")]
    [InlineData("BR-04 CII-SR-014", "- ExchangedDocument/TypeCode")]
    [InlineData("BR-05", "- InvoiceCurrencyCode")]
    [InlineData("BR-06", "- SellerTradeParty/Name")]
    [InlineData("BR-07", "= BuyerTradeParty/Name")]
    [InlineData("BR-08 BR-09", "- SellerTradeParty/PostalTradeAddress")]
    [InlineData("BR-09", "- SellerTradeParty/PostalTradeAddress/CountryID")]
    [InlineData("BR-10 BR-11", "- BuyerTradeParty/PostalTradeAddress")]
    [InlineData("BR-11 BR-CL-14", "= BuyerTradeParty/PostalTradeAddress/CountryID ' '")]
    [InlineData("BR-16 BR-CO-10 BR-S-08x2", "-* IncludedSupplyChainTradeLineItem")]
    [InlineData("BR-62", "+ SellerTradeParty <URIUniversalCommunication><URIID>a@b.c</URIID></URIUniversalCommunication>")]
    [InlineData("BR-63", "+ BuyerTradeParty <URIUniversalCommunication><URIID>a@b.c</URIID></URIUniversalCommunication>")]
    [InlineData("", "+ BuyerTradeParty <URIUniversalCommunication><URIID schemeID='EM'>a@b.c</URIID></URIUniversalCommunication>")]
    [InlineData("BR-CL-25", "+ BuyerTradeParty <URIUniversalCommunication><URIID schemeID='0000'>a</URIID></URIUniversalCommunication>")]
    // The first address of a party is the one that counts.
    [InlineData(
        "BR-62 CII-SR-459",
        "+ SellerTradeParty <URIUniversalCommunication><URIID>a</URIID></URIUniversalCommunication><URIUniversalCommunication><URIID schemeID='EM'>b</URIID></URIUniversalCommunication>"
    )]
    // Who the parties are.
    [InlineData("BR-S-02x3 BR-CO-26", "- SellerTradeParty/SpecifiedTaxRegistration")]
    [InlineData("", "+ SellerTradeParty <GlobalID schemeID='0088'>1</GlobalID>")]
    [InlineData("BR-CL-10", "+ SellerTradeParty <GlobalID schemeID='8800'>1</GlobalID>")]
    [InlineData("BR-CL-11", "+ SellerTradeParty <ID schemeID='SEPA'>1</ID>")]
    [InlineData("BR-CO-09", "= SellerTradeParty/SpecifiedTaxRegistration/ID XX1")]
    [InlineData("", "= SellerTradeParty/SpecifiedTaxRegistration/ID EL1")]
    [InlineData("BR-CO-09", "= SellerTradeParty/SpecifiedTaxRegistration/ID SS1")]
    [InlineData("", "= SellerTradeParty/SpecifiedTaxRegistration/ID AN1")]
    [InlineData("BR-CO-09", "= SellerTradeParty/SpecifiedTaxRegistration/ID D")]
    [InlineData("BR-CO-09", "= SellerTradeParty/SpecifiedTaxRegistration/ID ' DK1'")]
    [InlineData("BR-CO-26", "@ SellerTradeParty/SpecifiedTaxRegistration/ID schemeID=FC")]
    [InlineData("BR-17", "+ ApplicableHeaderTradeSettlement <PayeeTradeParty/>")]
    [InlineData("BR-17", "+ ApplicableHeaderTradeSettlement <PayeeTradeParty><Name>SellerCompany</Name></PayeeTradeParty>")]
    [InlineData("", "+ ApplicableHeaderTradeSettlement <PayeeTradeParty><Name>Factor</Name></PayeeTradeParty>")]
    [InlineData(
        "BR-17",
        "+ SellerTradeParty <ID>7</ID>\n+ ApplicableHeaderTradeSettlement <PayeeTradeParty><Name>Factor</Name><ID>7</ID></PayeeTradeParty>"
    )]
    [InlineData("BR-18 BR-19 BR-20 BR-56", "+ ApplicableHeaderTradeAgreement <SellerTaxRepresentativeTradeParty/>")]
    [InlineData(
        "BR-56",
        "+ ApplicableHeaderTradeAgreement <SellerTaxRepresentativeTradeParty><Name>x</Name><PostalTradeAddress><CountryID>ES</CountryID></PostalTradeAddress><SpecifiedTaxRegistration><ID schemeID='FC'>1</ID></SpecifiedTaxRegistration></SellerTaxRepresentativeTradeParty>"
    )]
    [InlineData(
        "BR-57",
        "+ ApplicableHeaderTradeDelivery <ShipToTradeParty><PostalTradeAddress><CityName>x</CityName></PostalTradeAddress></ShipToTradeParty>"
    )]
    [InlineData("BR-CL-26", "+ ApplicableHeaderTradeDelivery <ShipToTradeParty><GlobalID schemeID='x'>1</GlobalID></ShipToTradeParty>")]
    // Lines.
    [InlineData("BR-21", "- AssociatedDocumentLineDocument/LineID")]
    [InlineData("BR-22 BR-23", "- BilledQuantity")]
    [InlineData("BR-23", "@ BilledQuantity unitCode")]
    [InlineData("BR-CL-23", "@ BilledQuantity unitCode=pieces")]
    [InlineData("BR-24 BR-CO-10 BR-S-08", "- SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")]
    [InlineData("BR-25", "= SpecifiedTradeProduct/Name")]
    [InlineData("BR-26 BR-27 CII-SR-439", "- NetPriceProductTradePrice/ChargeAmount")]
    [InlineData("BR-27", "= NetPriceProductTradePrice/ChargeAmount -0.01")]
    [InlineData("BR-27", "= NetPriceProductTradePrice/ChargeAmount one")]
    [InlineData("", "= NetPriceProductTradePrice/ChargeAmount 1e-3")]
    [InlineData(
        "BR-28",
        "+ SpecifiedLineTradeAgreement <GrossPriceProductTradePrice><ChargeAmount>-1</ChargeAmount></GrossPriceProductTradePrice>"
    )]
    [InlineData(
        "",
        "+ SpecifiedLineTradeAgreement <GrossPriceProductTradePrice><ChargeAmount>0</ChargeAmount></GrossPriceProductTradePrice>"
    )]
    [InlineData("BR-64 CII-SR-046", "+ SpecifiedTradeProduct <GlobalID>1</GlobalID>")]
    [InlineData("BR-64 BR-CL-21", "+ SpecifiedTradeProduct <GlobalID schemeID=' '>1</GlobalID>")]
    [InlineData(
        "BR-65",
        "+ SpecifiedTradeProduct <DesignatedProductClassification><ClassCode>1</ClassCode></DesignatedProductClassification>"
    )]
    [InlineData(
        "BR-CL-13",
        "+ SpecifiedTradeProduct <DesignatedProductClassification><ClassCode listID='x'>1</ClassCode></DesignatedProductClassification>"
    )]
    [InlineData("BR-CL-15", "+ SpecifiedTradeProduct <OriginTradeCountry><ID>Spain</ID></OriginTradeCountry>")]
    [InlineData("CII-SR-090", "+ SpecifiedTradeProduct <OriginTradeCountry/>")]
    [InlineData(
        "BR-54 CII-SR-069",
        "+ SpecifiedTradeProduct <ApplicableProductCharacteristic><Value>1</Value></ApplicableProductCharacteristic>"
    )]
    [InlineData("BR-CO-04", "- SpecifiedLineTradeSettlement/ApplicableTradeTax/TypeCode")]
    [InlineData("CII-DT-037", "= SpecifiedLineTradeSettlement/ApplicableTradeTax/TypeCode vat")]
    [InlineData("BR-CO-04 CII-DT-037", "= SpecifiedLineTradeSettlement/ApplicableTradeTax/TypeCode GST")]
    [InlineData("BR-DEC-23", "= SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount 1000.000")]
    // Allowances and charges of lines.
    [InlineData(
        "BR-41 BR-42 BR-CO-23",
        "+ SpecifiedLineTradeSettlement <SpecifiedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>false</udt:Indicator></ChargeIndicator></SpecifiedTradeAllowanceCharge>"
    )]
    [InlineData(
        "BR-43 BR-44 BR-CO-24",
        "+ SpecifiedLineTradeSettlement <SpecifiedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>true</udt:Indicator></ChargeIndicator></SpecifiedTradeAllowanceCharge>"
    )]
    [InlineData(
        "BR-DEC-24 BR-DEC-25 BR-CL-19",
        "+ SpecifiedLineTradeSettlement <SpecifiedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>false</udt:Indicator></ChargeIndicator><BasisAmount>1.001</BasisAmount><ActualAmount>1.001</ActualAmount><ReasonCode>AA</ReasonCode></SpecifiedTradeAllowanceCharge>"
    )]
    [InlineData(
        "BR-DEC-27 BR-DEC-28 BR-CL-20",
        "+ SpecifiedLineTradeSettlement <SpecifiedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>true</udt:Indicator></ChargeIndicator><BasisAmount>1.001</BasisAmount><ActualAmount>1.001</ActualAmount><ReasonCode>95</ReasonCode></SpecifiedTradeAllowanceCharge>"
    )]
    // An indicator of 0 is an allowance for its reason's code, and for nothing else.
    [InlineData(
        "BR-CL-19",
        "+ SpecifiedLineTradeSettlement <SpecifiedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>0</udt:Indicator></ChargeIndicator><ReasonCode>AA</ReasonCode></SpecifiedTradeAllowanceCharge>"
    )]
    [InlineData("CII-SR-463", "+ SpecifiedLineTradeSettlement <SpecifiedTradeAllowanceCharge/>")]
    // Periods.
    [InlineData("BR-CO-19", "+ ApplicableHeaderTradeSettlement <BillingSpecifiedPeriod/>")]
    [InlineData("BR-CO-20", "+ SpecifiedLineTradeSettlement <BillingSpecifiedPeriod/>")]
    [InlineData(
        "BR-29",
        "+ ApplicableHeaderTradeSettlement <BillingSpecifiedPeriod><StartDateTime><udt:DateTimeString format='102'>20130102</udt:DateTimeString></StartDateTime><EndDateTime><udt:DateTimeString format='102'>20130101</udt:DateTimeString></EndDateTime></BillingSpecifiedPeriod>"
    )]
    [InlineData(
        "BR-30",
        "+ SpecifiedLineTradeSettlement <BillingSpecifiedPeriod><StartDateTime><udt:DateTimeString format='102'>20130102</udt:DateTimeString></StartDateTime><EndDateTime><udt:DateTimeString format='203'>20130103</udt:DateTimeString></EndDateTime></BillingSpecifiedPeriod>"
    )]
    [InlineData("CII-DT-097", "= IssueDateTime/DateTimeString 20131301")]
    [InlineData("CII-DT-097", "= IssueDateTime/DateTimeString 2013-04-10")]
    [InlineData("", "= IssueDateTime/DateTimeString ' 20130431 '")]
    // Payment.
    [InlineData("BR-49", $"+ {Settlement} {Means}{EndMeans}")]
    [InlineData("BR-CL-16", $"+ {Settlement} {Means}<TypeCode>99</TypeCode>{EndMeans}")]
    [InlineData("CII-SR-470", $"+ {Settlement} {Means}<TypeCode>58</TypeCode>{EndMeans}")]
    [InlineData("BR-50 BR-61 CII-SR-470", $"+ {Settlement} {Means}<TypeCode>30</TypeCode><PayeePartyCreditorFinancialAccount/>{EndMeans}")]
    [InlineData(
        "BR-50",
        $"+ {Settlement} {Means}<TypeCode>30</TypeCode><PayeePartyCreditorFinancialAccount><IBANID/></PayeePartyCreditorFinancialAccount>{EndMeans}"
    )]
    [InlineData(
        "CII-SR-467",
        $"+ {Settlement} {Means}<TypeCode>1</TypeCode>{EndMeans}{Means}<TypeCode> 1 </TypeCode>{EndMeans}{Means}<TypeCode>2</TypeCode>{EndMeans}"
    )]
    [InlineData(
        "CII-SR-468",
        $"+ {Settlement} {Means}<TypeCode>1</TypeCode><Information>by  card</Information>{EndMeans}{Means}<TypeCode>1</TypeCode><Information>by card</Information>{EndMeans}{Means}<TypeCode>1</TypeCode><Information>card</Information>{EndMeans}"
    )]
    [InlineData("CII-SR-469", $"+ {Settlement} <PaymentReference>1</PaymentReference><PaymentReference>1</PaymentReference>")]
    [InlineData(
        "BR-51",
        $"+ {Settlement} {Means}<TypeCode>48</TypeCode><ApplicableTradeSettlementFinancialCard><ID>12345678901</ID></ApplicableTradeSettlementFinancialCard>{EndMeans}"
    )]
    [InlineData(
        "",
        $"+ {Settlement} {Means}<TypeCode>48</TypeCode><ApplicableTradeSettlementFinancialCard><ID> 123456   890 </ID></ApplicableTradeSettlementFinancialCard>{EndMeans}"
    )]
    // Documents cited.
    [InlineData(
        "BR-52",
        "+ ApplicableHeaderTradeAgreement <AdditionalReferencedDocument><TypeCode>916</TypeCode></AdditionalReferencedDocument>"
    )]
    [InlineData("BR-55", $"+ {Settlement} <InvoiceReferencedDocument/>")]
    [InlineData(
        "CII-DT-018",
        "+ ApplicableHeaderTradeAgreement <AdditionalReferencedDocument><IssuerAssignedID>1</IssuerAssignedID><TypeCode>1</TypeCode></AdditionalReferencedDocument>"
    )]
    [InlineData(
        "CII-DT-015 CII-DT-021 CII-DT-022",
        "+ ApplicableHeaderTradeAgreement <AdditionalReferencedDocument><IssuerAssignedID>1</IssuerAssignedID><URIID>u</URIID><TypeCode>50</TypeCode><Name>n</Name><AttachmentBinaryObject>YQ==</AttachmentBinaryObject></AdditionalReferencedDocument>"
    )]
    [InlineData(
        "BR-CL-24",
        "+ ApplicableHeaderTradeAgreement <AdditionalReferencedDocument><IssuerAssignedID>1</IssuerAssignedID><TypeCode>916</TypeCode><AttachmentBinaryObject mimeCode='text/html'>YQ==</AttachmentBinaryObject></AdditionalReferencedDocument>"
    )]
    [InlineData(
        "BR-CL-07 CII-DT-024",
        "+ ApplicableHeaderTradeAgreement <AdditionalReferencedDocument><IssuerAssignedID>1</IssuerAssignedID><TypeCode>916</TypeCode><ReferenceTypeCode>x</ReferenceTypeCode></AdditionalReferencedDocument>"
    )]
    [InlineData(
        "CII-DT-027",
        "+ ApplicableHeaderTradeAgreement <ContractReferencedDocument><IssuerAssignedID>1</IssuerAssignedID><FormattedIssueDateTime/></ContractReferencedDocument>"
    )]
    // Codes.
    [InlineData("BR-CL-01", "= ExchangedDocument/TypeCode 1")]
    [InlineData("", "= ExchangedDocument/TypeCode ' 381 '")]
    [InlineData("BR-CL-03 BR-CO-15", "@ TaxTotalAmount currencyID=dkk")]
    [InlineData("BR-CL-04 BR-CO-15", "= InvoiceCurrencyCode crown")]
    [InlineData("BR-CL-05 BR-53 BR-DEC-15", $"+ {Settlement} <TaxCurrencyCode>euro</TaxCurrencyCode>")]
    [InlineData("BR-CL-08", "+ ExchangedDocument <IncludedNote><Content>x</Content><SubjectCode>xyz</SubjectCode></IncludedNote>")]
    [InlineData("BR-CL-18 BR-S-08", "= SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode s")]
    [InlineData("BR-CL-22 BR-S-10", $"+ {Tax} <ExemptionReasonCode>VATEX</ExemptionReasonCode>")]
    [InlineData("BR-S-10", $"+ {Tax} <ExemptionReasonCode>vatex-eu-o</ExemptionReasonCode>")]
    [InlineData("BR-CL-06", $"+ {Tax} <DueDateTypeCode>432</DueDateTypeCode>")]
    [InlineData("CII-SR-462", $"+ {Tax} <DueDateTypeCode>5</DueDateTypeCode><DueDateTypeCode>29</DueDateTypeCode>")]
    // What it takes more than a way to say.
    [InlineData(
        "CII-SR-449",
        "+ ApplicableHeaderTradeDelivery <ShipToTradeParty><ID>1</ID><GlobalID schemeID='0088'>1</GlobalID></ShipToTradeParty>"
    )]
    [InlineData("CII-SR-450", "+ BuyerTradeParty <ID>1</ID><GlobalID schemeID='0088'>1</GlobalID>")]
    [InlineData(
        "CII-SR-451",
        $"+ {Settlement} <PayeeTradeParty><ID>1</ID><GlobalID schemeID='0088'>1</GlobalID><Name>x</Name></PayeeTradeParty>"
    )]
    [InlineData("CII-SR-457", $"+ {Agreement} {Cited}<TypeCode>50</TypeCode>{EndCited}{Cited}<TypeCode>50</TypeCode>{EndCited}")]
    [InlineData("CII-SR-458", $"+ {Agreement} {Cited}<TypeCode>130</TypeCode>{EndCited}{Cited}<TypeCode>130</TypeCode>{EndCited}")]
    [InlineData("CII-DT-018x2", $"+ {Agreement} {Cited}<TypeCode> 130 </TypeCode>{EndCited}{Cited}<TypeCode> 130 </TypeCode>{EndCited}")]
    [InlineData("CII-SR-113", $"+ SpecifiedLineTradeAgreement {Cited}<TypeCode>130</TypeCode>{EndCited}")]
    [InlineData(
        "CII-SR-474",
        $"+ SpecifiedLineTradeSettlement {Cited}<TypeCode>130</TypeCode>{EndCited}{Cited}<TypeCode>130</TypeCode>{EndCited}"
    )]
    [InlineData(
        "CII-SR-475 CII-SR-476",
        $"+ {Agreement} {Cited}<TypeCode>916</TypeCode>{Attached}{EndCited}{Cited}<TypeCode>916</TypeCode>{Attached}{EndCited}"
    )]
    [InlineData(
        "CII-SR-465",
        "+ SellerTradeParty <DefinedTradeContact><PersonName>x</PersonName><DepartmentName>y</DepartmentName></DefinedTradeContact>"
    )]
    [InlineData(
        "CII-SR-466",
        "+ BuyerTradeParty <DefinedTradeContact><PersonName>x</PersonName><DepartmentName>y</DepartmentName></DefinedTradeContact>"
    )]
    [InlineData(
        "CII-SR-119",
        "+ SpecifiedLineTradeAgreement <GrossPriceProductTradePrice><ChargeAmount>2</ChargeAmount><AppliedTradeAllowanceCharge><ActualAmount>1</ActualAmount></AppliedTradeAllowanceCharge></GrossPriceProductTradePrice>"
    )]
    [InlineData(
        "",
        "+ SpecifiedLineTradeAgreement <GrossPriceProductTradePrice><ChargeAmount>2</ChargeAmount><AppliedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>0</udt:Indicator></ChargeIndicator><ActualAmount>1</ActualAmount></AppliedTradeAllowanceCharge></GrossPriceProductTradePrice>"
    )]
    [InlineData(
        "BR-23x3 CII-DT-033",
        "@* BilledQuantity unitCode\n+ NetPriceProductTradePrice <BasisQuantity unitCode='C62'>1</BasisQuantity>"
    )]
    [InlineData("", "+ NetPriceProductTradePrice <BasisQuantity unitCode='C62'>1</BasisQuantity>")]
    [InlineData(
        "BR-CO-03x2 CII-DT-041 CII-DT-054 CII-DT-058",
        $"+ {LineTax} <BasisAmount>1</BasisAmount><TaxPointDate/>\n+ {LineTax} <DueDateTypeCode>5</DueDateTypeCode>"
    )]
    [InlineData("", $"+ {LineTax} <ExemptionReason>x</ExemptionReason>")]
    [InlineData(
        "CII-DT-052 CII-DT-098",
        $"+ {Settlement} <AppliedTradeTax><ExemptionReason>x</ExemptionReason><ExemptionReasonCode>VATEX-EU-O</ExemptionReasonCode></AppliedTradeTax>"
    )]
    public void A_change_of_the_example_breaks_what_the_rules_say(string rules, string changes) => Breaks(rules, "S", changes);

    [Theory]
    // Totals.
    [InlineData("S", "BR-12 BR-CO-10 BR-CO-13", $"- {Totals}/LineTotalAmount")]
    [InlineData("S", "BR-13 BR-CO-13 BR-CO-15", $"- {Totals}/TaxBasisTotalAmount")]
    [InlineData("S", "BR-14 BR-CO-15 BR-CO-16", $"- {Totals}/GrandTotalAmount")]
    [InlineData("S", "BR-15 BR-CO-16", $"- {Totals}/DuePayableAmount")]
    [InlineData("S", "BR-CO-10 BR-CO-13", $"= {Totals}/LineTotalAmount 4000.01")]
    [InlineData("S", "BR-CO-10 BR-CO-13", $"= {Totals}/LineTotalAmount 4,000")]
    [InlineData("S", "BR-CO-13 BR-CO-15", $"= {Totals}/TaxBasisTotalAmount 3999.99")]
    [InlineData("S", "BR-CO-14 BR-CO-15", $"= {Totals}/TaxTotalAmount 675.01")]
    [InlineData("S", "BR-CO-15 BR-CO-16", $"= {Totals}/GrandTotalAmount 4676")]
    [InlineData("S", "BR-CO-16", $"= {Totals}/DuePayableAmount 4674.99")]
    [InlineData("S", "BR-CO-16", $"+ {Totals} <TotalPrepaidAmount>75</TotalPrepaidAmount>")]
    [InlineData("S", "", $"+ {Totals} <TotalPrepaidAmount>75</TotalPrepaidAmount>\n= DuePayableAmount 4600")]
    [InlineData("S", "", $"+ {Totals} <RoundingAmount>0.5</RoundingAmount>\n= DuePayableAmount 4675.5")]
    [InlineData("S", "BR-CO-16", $"+ {Totals} <RoundingAmount>a bit</RoundingAmount>\n= DuePayableAmount 4675.5")]
    [InlineData("S", "BR-CO-11 BR-CO-13", $"+ {Totals} <AllowanceTotalAmount>100</AllowanceTotalAmount>")]
    [InlineData("S", "", $"+ {Totals} <AllowanceTotalAmount>0</AllowanceTotalAmount>")]
    [InlineData("S", "BR-CO-12 BR-CO-13", $"+ {Totals} <ChargeTotalAmount>100</ChargeTotalAmount>")]
    [InlineData("S allowance", "BR-CO-11", $"- {Totals}/AllowanceTotalAmount")]
    [InlineData("S charge", "BR-CO-12", $"- {Totals}/ChargeTotalAmount")]
    [InlineData("S allowance", "BR-CO-11 BR-S-08", "= SpecifiedTradeAllowanceCharge/ActualAmount 10")]
    [InlineData("S charge", "BR-CO-12 BR-S-08", "= SpecifiedTradeAllowanceCharge/ActualAmount 10")]
    [InlineData("S", "BR-53 BR-DEC-15", $"+ {Settlement} <TaxCurrencyCode>EUR</TaxCurrencyCode>")]
    [InlineData("S", "BR-53", $"+ {Settlement} <TaxCurrencyCode>DKK</TaxCurrencyCode>")]
    [InlineData(
        "S",
        "",
        $"+ {Settlement} <TaxCurrencyCode>EUR</TaxCurrencyCode>\n+ {Totals} <TaxTotalAmount currencyID='EUR'>90.50</TaxTotalAmount>"
    )]
    [InlineData(
        "S",
        "BR-DEC-15",
        $"+ {Settlement} <TaxCurrencyCode>EUR</TaxCurrencyCode>\n+ {Totals} <TaxTotalAmount currencyID='EUR'>90.505</TaxTotalAmount>"
    )]
    // Two totals in one currency are none; but a total with VAT that is the total without it needs none.
    [InlineData("S", "BR-CO-15", $"2 {Totals}/TaxTotalAmount")]
    [InlineData("Z", "", $"2 {Totals}/TaxTotalAmount")]
    [InlineData("S", "BR-CO-14", $"- {Tax}\n= TaxTotalAmount 0\n= GrandTotalAmount 4000\n= DuePayableAmount 4000")]
    // Line totals are added as binary numbers: 4000.015 is a little less than it seems, and rounds down.
    [InlineData("S", "BR-CO-13 BR-DEC-23 BR-S-08", $"= {LineTotal} 1000.015\n= {Totals}/LineTotalAmount 4000.01")]
    [InlineData("S", "BR-DEC-09", $"= {Totals}/LineTotalAmount 4000.000")]
    [InlineData("S", "BR-DEC-10", $"+ {Totals} <AllowanceTotalAmount>0.000</AllowanceTotalAmount>")]
    [InlineData("S", "BR-DEC-11", $"+ {Totals} <ChargeTotalAmount>0.000</ChargeTotalAmount>")]
    [InlineData("S", "BR-DEC-12", $"= {Totals}/TaxBasisTotalAmount 4000.000")]
    [InlineData("S", "BR-DEC-13 BR-CO-14", $"= {Totals}/TaxTotalAmount 675.001")]
    [InlineData("S", "", $"= {Totals}/TaxTotalAmount 675.000")]
    [InlineData("S", "BR-DEC-14", $"= {Totals}/GrandTotalAmount 4675.000")]
    [InlineData("S", "BR-DEC-16", $"+ {Totals} <TotalPrepaidAmount>0.000</TotalPrepaidAmount>")]
    [InlineData("S", "BR-DEC-17", $"+ {Totals} <RoundingAmount>0.000</RoundingAmount>")]
    [InlineData("S", "BR-DEC-18", $"= {Totals}/DuePayableAmount '4675.00 '")]
    [InlineData("S", "CII-SR-477", $"2 {Totals}/LineTotalAmount")]
    [InlineData("S", "CII-SR-482", $"2 {Totals}/GrandTotalAmount")]
    // The breakdown.
    [InlineData("S", "BR-45 BR-S-08 BR-S-09 BR-CO-17", $"- {Tax}/BasisAmount")]
    [InlineData("S", "BR-46 BR-S-09 BR-CO-14 BR-CO-17", $"- {Tax}/CalculatedAmount")]
    [InlineData("S", "BR-47", $"- {Tax}/CategoryCode")]
    [InlineData("S", "BR-48 BR-S-09 BR-CO-17", $"- {Tax}/RateApplicablePercent")]
    [InlineData("S", "BR-47 BR-48 BR-CO-17", $"- {Tax}/TypeCode")]
    [InlineData("S", "BR-CO-03x2", $"+ {Tax} <DueDateTypeCode>5</DueDateTypeCode><TaxPointDate/>")]
    [InlineData("S", "BR-CO-18x3 BR-CO-14", $"-* {Tax}")]
    [InlineData("S", "BR-DEC-19", $"= {Tax}/BasisAmount 1500.000")]
    [InlineData("S", "BR-DEC-20", $"= {Tax}/CalculatedAmount 375.000")]
    [InlineData("S", "BR-S-08", $"= {Tax}/BasisAmount 1500.01")]
    // A unit more or less is too much for the standard rate's rule, and not for the one of every category.
    [InlineData("S", "BR-S-09 BR-CO-14", $"= {Tax}/CalculatedAmount 376")]
    [InlineData("S", "BR-S-09 BR-CO-17 BR-CO-14", $"= {Tax}/CalculatedAmount 376.01")]
    [InlineData("S", "BR-CO-14", $"= {Tax}/CalculatedAmount 374.01")]
    // Allowances and charges.
    [InlineData("S allowance", "BR-31", "- SpecifiedTradeAllowanceCharge/ActualAmount")]
    [InlineData("S allowance", "BR-32", "- CategoryTradeTax/CategoryCode")]
    [InlineData("S allowance", "BR-33 BR-CO-21", "- SpecifiedTradeAllowanceCharge/Reason")]
    [InlineData("S allowance", "BR-CL-19", "+ SpecifiedTradeAllowanceCharge <ReasonCode>AA</ReasonCode>")]
    [InlineData("S allowance", "", "+ SpecifiedTradeAllowanceCharge <ReasonCode>95</ReasonCode>")]
    [InlineData("S allowance", "BR-DEC-01", "= SpecifiedTradeAllowanceCharge/ActualAmount 0.000")]
    [InlineData("S allowance", "BR-DEC-02", "+ SpecifiedTradeAllowanceCharge <BasisAmount>1.001</BasisAmount>")]
    [InlineData("S charge", "BR-36", "- SpecifiedTradeAllowanceCharge/ActualAmount")]
    [InlineData("S charge", "BR-37 CII-DT-037", "= CategoryTradeTax/TypeCode GST")]
    [InlineData("S charge", "BR-38 BR-CO-22", "- SpecifiedTradeAllowanceCharge/Reason")]
    [InlineData("S charge", "BR-CL-20", "+ SpecifiedTradeAllowanceCharge <ReasonCode>95</ReasonCode>")]
    [InlineData("S charge", "BR-DEC-05", "= SpecifiedTradeAllowanceCharge/ActualAmount 0.000")]
    [InlineData("S charge", "BR-DEC-06", "+ SpecifiedTradeAllowanceCharge <BasisAmount>1.001</BasisAmount>")]
    [InlineData("S charge", "BR-CL-17", "= CategoryTradeTax/CategoryCode X")]
    // By category: it is broken down.
    [InlineData("S", "BR-S-01 BR-CO-10 BR-CO-14 BR-CO-18", $"-* {Tax}\n- {Line}\n- {Line}")]
    [InlineData("L", "BR-AF-01 BR-CO-10 BR-CO-14 BR-CO-18", $"-* {Tax}\n- {Line}\n- {Line}")]
    [InlineData("M", "BR-AG-01 BR-CO-10 BR-CO-14 BR-CO-18", $"-* {Tax}\n- {Line}\n- {Line}")]
    [InlineData("Z", "BR-Z-01 BR-CO-18x3", $"- {Tax}")]
    [InlineData("E", "BR-E-01", $"2 {Tax}")]
    [InlineData("AE", "BR-AE-01 BR-CO-18x3", $"- {Tax}")]
    [InlineData("K", "BR-IC-01", $"2 {Tax}")]
    [InlineData("G", "BR-G-01 BR-CO-18x3", $"- {Tax}")]
    [InlineData("O", "BR-CO-18x3", $"- {Tax}")]
    [InlineData("O", "BR-O-01", $"2 {Tax}")]
    // The parties are identified.
    [InlineData("S allowance charge", "BR-S-02x3 BR-S-03 BR-S-04 BR-CO-26", Nobody)]
    [InlineData("Z allowance charge", "BR-Z-02x3 BR-Z-03 BR-Z-04 BR-CO-26", Nobody)]
    [InlineData("E allowance charge", "BR-E-02x3 BR-E-03 BR-E-04 BR-CO-26", Nobody)]
    [InlineData("AE allowance charge", "BR-AE-02x3 BR-AE-03 BR-AE-04", "- BuyerTradeParty/SpecifiedTaxRegistration")]
    [InlineData("K allowance charge", "BR-IC-02x3 BR-IC-03 BR-IC-04", "- BuyerTradeParty/SpecifiedTaxRegistration")]
    [InlineData("G allowance charge", "BR-G-02x3 BR-G-03 BR-G-04 BR-CO-26", "@ SpecifiedTaxRegistration/ID schemeID=FC")]
    [InlineData(
        "O allowance charge",
        "BR-O-02x3 BR-O-03 BR-O-04",
        "@ SpecifiedTaxRegistration/ID schemeID=VA\n= SpecifiedTaxRegistration/ID ES1"
    )]
    [InlineData("L allowance charge", "BR-AF-02x3 BR-AF-03 BR-AF-04 BR-CO-26", Nobody)]
    [InlineData("M allowance charge", "BR-AG-02x3 BR-AG-03 BR-AG-04 BR-CO-26", Nobody)]
    [InlineData("S allowance charge", "BR-CO-26", "@ SpecifiedTaxRegistration/ID schemeID=FC")]
    [InlineData(
        "AE",
        "",
        "- BuyerTradeParty/SpecifiedTaxRegistration\n+ BuyerTradeParty <SpecifiedLegalOrganization><ID>1</ID></SpecifiedLegalOrganization>"
    )]
    // The rate is the category's.
    [InlineData("S allowance charge", "BR-S-05 BR-S-06 BR-S-07 BR-S-08", Rate0)]
    [InlineData("Z allowance charge", "BR-Z-05 BR-Z-06 BR-Z-07", Rate5)]
    [InlineData("E allowance charge", "BR-E-05 BR-E-06 BR-E-07", Rate5)]
    [InlineData("AE allowance charge", "BR-AE-05 BR-AE-06 BR-AE-07", Rate5)]
    [InlineData("K allowance charge", "BR-IC-05 BR-IC-06 BR-IC-07", Rate5)]
    [InlineData("G allowance charge", "BR-G-05 BR-G-06 BR-G-07", Rate5)]
    [InlineData(
        "O allowance charge",
        "BR-O-05 BR-O-06 BR-O-07",
        $"+ {LineTax} <RateApplicablePercent/>\n+* CategoryTradeTax <RateApplicablePercent/>"
    )]
    // IGIC of no rate is broken by the rule's test though its words allow it; IPSI of no rate is not.
    [InlineData("L allowance charge", "BR-AF-05 BR-AF-06 BR-AF-07", Rate0)]
    [InlineData("M allowance charge", "", Rate0)]
    [InlineData("M allowance charge", "BR-AG-05 BR-AG-06 BR-AG-07", RateLess)]
    // The taxable amount is that of the lines, exactly for O and at rates, within a unit for the others.
    [InlineData("Z", "", $"= {Tax}/BasisAmount 4000.99")]
    [InlineData("Z", "BR-Z-08", $"= {Tax}/BasisAmount 4001")]
    [InlineData("E", "BR-E-08", $"= {Tax}/BasisAmount 3999")]
    [InlineData("AE", "BR-AE-08", $"= {Tax}/BasisAmount 0")]
    [InlineData("K", "BR-IC-08", $"= {Tax}/BasisAmount 4001")]
    [InlineData("G", "BR-G-08", $"= {Tax}/BasisAmount 4001")]
    [InlineData("O", "BR-O-08", $"= {Tax}/BasisAmount 4000.01")]
    [InlineData("G", "BR-G-08 BR-CO-10", "= SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount thousand")]
    // The rules of IGIC and IPSI look beside the breakdown, where there is nothing.
    [InlineData("L", "", $"= {Tax}/BasisAmount 1")]
    [InlineData("L", "BR-AF-08", $"+ {Settlement} <RateApplicablePercent>25</RateApplicablePercent>")]
    [InlineData("M", "", $"+ {Settlement} <RateApplicablePercent>25</RateApplicablePercent><BasisAmount>4000</BasisAmount>")]
    [InlineData("M", "BR-AG-08", $"+ {Settlement} <RateApplicablePercent>25</RateApplicablePercent><BasisAmount>1</BasisAmount>")]
    // The tax is none.
    [InlineData("Z", "BR-Z-09 BR-CO-14", $"= {Tax}/CalculatedAmount 0.1")]
    [InlineData("E", "BR-E-09 BR-CO-14", $"= {Tax}/CalculatedAmount 0.1")]
    [InlineData("AE", "BR-AE-09 BR-CO-14", $"= {Tax}/CalculatedAmount 0.1")]
    [InlineData("K", "BR-IC-09 BR-CO-14", $"= {Tax}/CalculatedAmount 0.1")]
    [InlineData("G", "BR-G-09 BR-CO-14 BR-CO-17", $"= {Tax}/CalculatedAmount 0.5")]
    [InlineData("O", "BR-O-09 BR-CO-14", $"= {Tax}/CalculatedAmount 0.5")]
    // It says why it is exempt, and only then.
    [InlineData("E", "BR-E-10", $"- {Tax}/ExemptionReason")]
    [InlineData("AE", "BR-AE-10", $"- {Tax}/ExemptionReason")]
    [InlineData("K", "BR-IC-10", $"- {Tax}/ExemptionReason")]
    [InlineData("G", "BR-G-10", $"- {Tax}/ExemptionReason")]
    [InlineData("O", "BR-O-10", $"- {Tax}/ExemptionReason")]
    [InlineData("Z", "BR-Z-10", $"+ {Tax} <ExemptionReason>x</ExemptionReason>")]
    [InlineData("L", "BR-AF-10", $"+ {Tax} <ExemptionReason>x</ExemptionReason>")]
    [InlineData("M", "BR-AG-10", $"+ {Tax} <ExemptionReason>x</ExemptionReason>")]
    // Not subject, not IGIC and not IPSI leave no room for the rules of every breakdown.
    [InlineData("L", "", $"- {Tax}/BasisAmount")]
    // What one category asks for besides.
    [InlineData("K", "BR-IC-11", "- ActualDeliverySupplyChainEvent")]
    [InlineData("K", "BR-CO-19 BR-IC-11", $"- ActualDeliverySupplyChainEvent\n+ {Settlement} <BillingSpecifiedPeriod/>")]
    [InlineData(
        "K",
        "",
        $"- ActualDeliverySupplyChainEvent\n+ {Settlement} <BillingSpecifiedPeriod><EndDateTime/></BillingSpecifiedPeriod>"
    )]
    [InlineData("K", "BR-IC-12", "- ShipToTradeParty")]
    [InlineData("O", "BR-B-01 BR-O-08 BR-O-11 BR-O-12", $"= {LineTax}/CategoryCode B")]
    [InlineData("O allowance", "BR-B-01 BR-O-13 BR-O-14", "= CategoryTradeTax/CategoryCode B")]
    [InlineData("S", "BR-B-01 BR-B-02 BR-S-08", $"= {LineTax}/CategoryCode B")]
    [InlineData(
        "S",
        "BR-B-02 BR-S-08",
        $"= {LineTax}/CategoryCode B\n= SellerTradeParty/PostalTradeAddress/CountryID IT\n= BuyerTradeParty/PostalTradeAddress/CountryID IT"
    )]
    public void A_change_of_totals_and_VAT_breaks_what_the_rules_say(string kind, string rules, string changes) =>
        Breaks(rules, kind, changes);

    private static void Breaks(string rules, string kind, string changes)
    {
        var document = CiiSample.Change(CiiSample.Of(kind), changes).Bytes();

        var expected = rules
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(rule => rule.Contains('x') ? rule : $"{rule}x1")
            .Order(StringComparer.Ordinal);
        Assert.Equal(string.Join(' ', expected), OfficialSuites.Counted(OfficialSuites.Broken(document, ValidateDocument.Cii)));
    }

    /// <summary>As the tables of verdicts write them: BR-CO-10:fatalx1.</summary>
    private static string Judged(byte[] document) =>
        string.Join(
            ' ',
            Verdict
                .Of(new MemoryStream(document), Profile.En16931, null)
                .Value.Findings.GroupBy(finding => finding.Rule, StringComparer.Ordinal)
                .Select(each => $"{each.Key}:{(each.First().Severity == Severity.Fatal ? "fatal" : "warning")}x{each.Count()}")
                .Order(StringComparer.Ordinal)
        );
}
