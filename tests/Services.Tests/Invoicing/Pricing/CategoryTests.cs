using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>Every category of VAT: what it says by itself, what it needs, and what it does not go with.</summary>
public sealed class CategoryTests
{
    private static readonly SellerBody Canary = Till.Seller with { Territory = Territory.Canary };
    private static readonly SellerBody Ceuta = Till.Seller with { Territory = Territory.CeutaMelilla };

    [Theory]
    [InlineData("AE", "VATEX-EU-AE", "Inversión del sujeto pasivo (art. 84 LIVA)", "S2", null, "01")]
    [InlineData("G", "VATEX-EU-G", "Exportación exenta (art. 21 LIVA)", null, "E2", "02")]
    [InlineData("O", "VATEX-EU-O", "Operación no sujeta", "N1", null, "01")]
    [InlineData("Z", null, null, "S1", null, "01")]
    public void A_category_says_its_own_reason(
        string category,
        string? code,
        string? words,
        string? qualification,
        string? cause,
        string regime
    )
    {
        var invoice = Till.Issue(Till.Sale(Till.Line("121.00", "1", Till.Vat(category))) with { Buyer = Till.Buyer });

        var vat = invoice.VatBreakdown.Single();
        Assert.Equal(
            (code, words, qualification, cause, regime),
            (vat.ExemptionReasonCode, vat.ExemptionReason, vat.Qualification, vat.ExemptionCause, vat.RegimeKey)
        );
        Assert.Equal((121.00m, 0.00m), (vat.TaxableAmount, vat.VatAmount));
    }

    [Fact]
    public void A_supply_to_another_Member_State_needs_its_VAT_identifier_the_day_and_the_place()
    {
        var sale = Till.Sale(Till.Line("100", "1", Till.Vat("K"))) with { Buyer = Till.Portuguese, Delivery = Till.ToLisbon };

        var vat = Till.Issue(sale).VatBreakdown.Single();
        Assert.Equal(("VATEX-EU-IC", "E5", 100.00m), (vat.ExemptionReasonCode, vat.ExemptionCause, vat.TaxableAmount));
        Assert.Equal("INV-VAT-10", Till.Refuse(sale with { Buyer = null }));
        Assert.Equal("INV-VAT-10", Till.Refuse(sale with { Buyer = Till.Buyer }));
        Assert.Equal("INV-VAT-10", Till.Refuse(sale with { Buyer = Till.Buyer with { TaxId = "ESB12345674", TaxIdType = TaxIdType.Vat } }));
        Assert.Equal("INV-VAT-14", Till.Refuse(sale with { Delivery = null }));
        Assert.Equal("INV-VAT-14", Till.Refuse(sale with { Delivery = Till.ToLisbon with { Date = null } }));
        Assert.Equal("INV-VAT-14", Till.Refuse(sale with { Delivery = Till.ToLisbon with { Address = null } }));
        Assert.Equal("INV-VAT-14", Till.Refuse(sale with { Delivery = Till.ToLisbon with { Address = Till.Madrid } }));
        Assert.Equal("INV-VAT-06", Till.Refuse(sale, Canary));
    }

    [Fact]
    public void What_comes_back_from_another_Member_State_says_where_it_had_gone()
    {
        var sold = Till.Issue(Till.Sale(Till.Line("100", "2", Till.Vat("K"))) with { Buyer = Till.Portuguese, Delivery = Till.ToLisbon });
        var back = Till.Sale(Till.Line("100", "-1", Till.Vat("K"))) with { ReturnOf = new ReturnReference { InvoiceId = sold.InvoiceId } };

        var credit = Till.Issue(back, original: sold);

        Assert.Equal(("PT", -100.00m), (credit.Delivery!.Address!.Country, credit.Totals.TotalWithVat));
        Assert.Equal("INV-VAT-10", Till.Refuse(back with { ReturnOf = null }));
        Assert.Equal("INV-VAT-10", Till.Refuse(Till.Sale(Till.Line("100", "-1", Till.Vat("AE")))));
    }

    [Theory]
    [InlineData("VATEX-EU-F", "03", "Régimen especial de los bienes usados")]
    [InlineData("VATEX-EU-I", "03", "Régimen especial de los objetos de arte")]
    [InlineData("VATEX-EU-J", "03", "Régimen especial de las antigüedades y objetos de colección")]
    [InlineData("VATEX-EU-D", "05", "Régimen especial de las agencias de viajes")]
    public void A_margin_scheme_is_named_in_the_laws_words_and_shows_no_VAT(string code, string regime, string words)
    {
        SalePosted Sold(SaleVat vat) => Till.Sale(Till.Line("90.00", "1", vat));
        var vat = new SaleVat { Category = "E", ExemptionReasonCode = code };

        var scheme = Till.Issue(Sold(vat)).VatBreakdown.Single();
        var said = Till.Issue(Sold(vat with { ExemptionReason = "REBU" })).VatBreakdown.Single();

        Assert.Equal(
            (code, regime, words, 0.00m),
            (scheme.ExemptionReasonCode, scheme.RegimeKey, scheme.ExemptionReason, scheme.VatAmount)
        );
        Assert.Equal(("S1", null), (scheme.Qualification, scheme.ExemptionCause));
        Assert.Equal($"{words}. REBU", said.ExemptionReason);
        Assert.Equal("INV-VAT-12", Till.Refuse(Sold(vat with { RegimeKey = "01" })));
        Assert.Equal("INV-VAT-13", Till.Refuse(Sold(vat with { ExemptionCause = "E1" })));
        Assert.Equal("INV-VAT-13", Till.Refuse(Sold(vat with { Category = "AE" }) with { Buyer = Till.Buyer }));
    }

    [Fact]
    public void A_regime_key_alone_names_the_margin_scheme()
    {
        var sale = Till.Sale(Till.Line("90.00", "1", new SaleVat { Category = "E", RegimeKey = "05" }));

        Assert.Equal("VATEX-EU-D", Till.Issue(sale).VatBreakdown.Single().ExemptionReasonCode);
    }

    [Theory]
    [InlineData("E1", "01", "Operación exenta (art. 20 LIVA)")]
    [InlineData("E2", "02", "Operación exenta (art. 21 LIVA)")]
    [InlineData("E3", "02", "Operación exenta (art. 22 LIVA)")]
    [InlineData("E4", "01", "Operación exenta (arts. 23 y 24 LIVA)")]
    [InlineData("E5", "01", "Operación exenta (art. 25 LIVA)")]
    [InlineData("E6", "01", "Operación exenta")]
    public void An_exemption_says_its_article(string cause, string regime, string words)
    {
        var vat = Till.Issue(Till.Sale(Till.Line("10", "1", new SaleVat { Category = "E", ExemptionCause = cause }))).VatBreakdown.Single();

        Assert.Equal((cause, regime, words), (vat.ExemptionCause, vat.RegimeKey, vat.ExemptionReason));
    }

    [Theory]
    [InlineData("VATEX-EU-132-1A", "E1")]
    [InlineData("vatex-eu-148-a", "E3")]
    [InlineData("VATEX-EU-143", "E6")]
    public void A_reason_by_its_code_tells_the_cause(string code, string cause)
    {
        var vat = Till.Issue(Till.Sale(Till.Line("10", "1", new SaleVat { Category = "E", ExemptionReasonCode = code })))
            .VatBreakdown.Single();

        Assert.Equal((code.ToUpperInvariant(), cause), (vat.ExemptionReasonCode, vat.ExemptionCause));
        Assert.StartsWith("Operación exenta", vat.ExemptionReason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_causes_of_IGIC_are_IGICs()
    {
        var sale = Till.Sale(Till.Line("10", "1", new SaleVat { Category = "E", ExemptionCause = "E7" }));

        var vat = Till.Issue(sale, Canary).VatBreakdown.Single();

        Assert.Equal(("igic", "E7", "Operación exenta de IGIC"), (vat.Tax, vat.ExemptionCause, vat.ExemptionReason));
        Assert.Equal("INV-VAT-07", Till.Refuse(sale));
    }

    [Theory]
    [InlineData("S", "0", null, "INV-VAT-11")]
    [InlineData("S", null, null, "INV-VAT-02")]
    [InlineData("S", "16", null, "INV-VAT-02")]
    [InlineData("Z", "4", null, "INV-VAT-03")]
    [InlineData("E", null, "VATEX-EU-XYZ", "INV-VAT-07")]
    [InlineData("E", null, "VATEX-EU-IC", "INV-VAT-13")]
    [InlineData("G", null, "VATEX-EU-AE", "INV-VAT-13")]
    [InlineData("Z", null, "VATEX-EU-F", "INV-VAT-05")]
    [InlineData("B", "21", null, "INV-VAT-01")]
    public void What_the_standard_refuses_is_refused_with_a_code(string category, string? rate, string? reason, string code)
    {
        var vat = Till.Vat(category, rate) with { ExemptionReasonCode = reason };

        Assert.Equal(code, Till.Refuse(Till.Sale(Till.Line("10", "1", vat)) with { Buyer = Till.Buyer }));
    }

    [Theory]
    [InlineData("S", "21", "12", null, null, "INV-VAT-07")]
    [InlineData("S", "10", "11", null, null, "INV-VAT-12")]
    [InlineData("S", "21", "06", null, null, "INV-VAT-12")]
    [InlineData("S", "21", "14", null, null, "INV-VAT-12")]
    [InlineData("S", "21", "08", null, null, "INV-VAT-12")]
    [InlineData("AE", null, "07", null, null, "INV-VAT-12")]
    [InlineData("G", null, "01", null, null, "INV-VAT-12")]
    [InlineData("E", null, "01", null, "E2", "INV-VAT-12")]
    [InlineData("O", null, "10", "N2", null, "INV-VAT-12")]
    [InlineData("S", "21", null, "S2", null, "INV-VAT-07")]
    [InlineData("AE", null, null, null, "E1", "INV-VAT-13")]
    public void What_the_agency_refuses_is_refused_with_a_code(
        string category,
        string? rate,
        string? regime,
        string? qualification,
        string? cause,
        string code
    )
    {
        var vat = Till.Vat(category, rate) with { RegimeKey = regime, Qualification = qualification, ExemptionCause = cause };

        Assert.Equal(code, Till.Refuse(Till.Sale(Till.Line("10", "1", vat)) with { Buyer = Till.Buyer }));
    }

    [Fact]
    public void What_is_not_subject_stands_alone()
    {
        var mixed = Till.Sale(Till.Line("10", "1", Till.Vat("O")), Till.Line("10")) with { Buyer = Till.Buyer };
        var charged = Till.Sale(Till.Line("10", "1", Till.Vat("O"))) with
        {
            Charges = [new SaleCharge { Amount = 1m, Vat = Till.Vat("S", "21") }],
        };

        Assert.Equal("INV-VAT-09", Till.Refuse(mixed));
        Assert.Equal("INV-VAT-09", Till.Refuse(charged));
    }

    [Fact]
    public void One_category_and_rate_has_one_regime()
    {
        var general = Till.Vat("S", "21");
        var sale = Till.Sale(Till.Line("10", "1", general), Till.Line("10", "1", general with { RegimeKey = "07" }));

        Assert.Equal("INV-VAT-08", Till.Refuse(sale));
    }

    [Fact]
    public void Reasons_in_different_words_stand_all()
    {
        SaleLine Exempt(string words) =>
            Till.Line(
                "10",
                "1",
                new SaleVat
                {
                    Category = "E",
                    ExemptionCause = "E1",
                    ExemptionReason = words,
                }
            );

        var vat = Till.Issue(Till.Sale(Exempt("Seguros"), Exempt("Enseñanza"), Exempt("Seguros"))).VatBreakdown.Single();

        Assert.Equal("Seguros; Enseñanza", vat.ExemptionReason);
    }

    [Theory]
    [InlineData("0", "2026-11-23", true)]
    [InlineData("3", "2026-11-23", true)]
    [InlineData("7", "2026-11-23", true)]
    [InlineData("9.5", "2026-11-23", true)]
    [InlineData("15", "2026-11-23", true)]
    [InlineData("20", "2026-11-23", true)]
    [InlineData("13.5", "2026-11-23", false)]
    [InlineData("6.5", "2026-11-23", false)]
    [InlineData("8", "2026-11-23", false)]
    [InlineData("6.5", "2019-06-01", true)]
    [InlineData("7", "2019-06-01", false)]
    [InlineData("13.5", "2019-06-01", true)]
    [InlineData("15", "2019-06-01", false)]
    public void The_rates_of_IGIC_are_those_of_the_day(string rate, string day, bool holds)
    {
        var sale = Till.Sale(Till.Line("10", "1", Till.Vat("L", rate))) with
        {
            OccurredAt = DateTimeOffset.Parse($"{day}T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture),
        };

        Assert.Equal(holds ? "issued" : "INV-VAT-02", Till.Draft(sale, Canary).Fault?.Code.Code ?? "issued");
        Assert.Equal("INV-VAT-06", Till.Refuse(sale));
    }

    [Theory]
    [InlineData("0.5", true)]
    [InlineData("4", true)]
    [InlineData("10", true)]
    [InlineData("0", false)]
    [InlineData("10.5", false)]
    [InlineData("4.125", false)]
    public void The_rates_of_IPSI_lie_within_the_laws_bounds(string rate, bool holds)
    {
        var sale = Till.Sale(Till.Line("10", "1", Till.Vat("M", rate)));

        Assert.Equal(holds ? "issued" : "INV-VAT-02", Till.Draft(sale, Ceuta).Fault?.Code.Code ?? "issued");
        Assert.Equal("INV-VAT-06", Till.Refuse(sale, Canary));
    }

    [Theory]
    [InlineData("21", "2012-08-31", "INV-VAT-02")]
    [InlineData("18", "2012-08-31", null)]
    [InlineData("5", "2022-06-30", "INV-VAT-02")]
    [InlineData("5", "2024-09-30", null)]
    [InlineData("5", "2024-10-01", "INV-VAT-02")]
    [InlineData("7.5", "2024-12-31", null)]
    [InlineData("2", "2025-01-01", "INV-VAT-02")]
    public void The_rates_of_IVA_are_those_of_the_day(string rate, string day, string? refusal)
    {
        var sale = Till.Sale(Till.Line("10", "1", rate)) with
        {
            OccurredAt = DateTimeOffset.Parse($"{day}T08:00:00+02:00", System.Globalization.CultureInfo.InvariantCulture),
        };

        Assert.Equal(refusal, Till.Draft(sale).Fault?.Code.Code);
    }
}
