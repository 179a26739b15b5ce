using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>No invoice gets a number that breaks a rule of EN 16931; the refusal carries the rule's own code.</summary>
public sealed class IssueRulesTests(Infrastructure infra)
{
    private static readonly InvoiceBody Sound = Example.Of("20-full-to-a-business-by-transfer").Invoice;

    [Fact]
    public void A_sound_invoice_breaks_nothing() => Assert.Null(IssueRules.Of(Sound, null));

    [Theory]
    [InlineData("BR-CO-10", "lineTotal")]
    [InlineData("BR-CO-13", "totalWithoutVat")]
    [InlineData("BR-CO-14", "vatTotal")]
    [InlineData("BR-CO-15", "totalWithVat")]
    [InlineData("BR-CO-16", "amountDue")]
    public void A_total_that_is_off_by_a_cent_is_found(string rule, string total)
    {
        var totals = Sound.Totals;
        var off = total switch
        {
            "lineTotal" => totals with { LineTotal = totals.LineTotal + 0.01m },
            "totalWithoutVat" => totals with { TotalWithoutVat = totals.TotalWithoutVat + 0.01m },
            "vatTotal" => totals with { VatTotal = totals.VatTotal + 0.01m },
            "totalWithVat" => totals with { TotalWithVat = totals.TotalWithVat + 0.01m },
            _ => totals with { AmountDue = totals.AmountDue + 0.01m },
        };

        Assert.Contains(rule, Broken(Sound with { Totals = off }));
    }

    [Fact]
    public void Each_rule_broken_is_told_once_with_its_words_in_both_languages()
    {
        var fault = IssueRules.Of(Sound with { Lines = [.. Sound.Lines, Sound.Lines[0] with { Name = "" }] }, null)!;

        var parts = fault.Parts.Count > 0 ? fault.Parts : [fault];
        Assert.Contains(parts, part => part.Code.Code == "BR-25");
        Assert.Equal(parts.Count, parts.Select(part => part.Code.Code).Distinct().Count());
        Assert.All(parts, part => Assert.NotEqual(part.In("es"), part.In("en")));
    }

    [Fact]
    public void The_surcharge_that_the_standard_has_no_place_for_does_not_hide_a_wrong_cent()
    {
        var surcharged = Example.Of("26-full-under-surcharge").Invoice;
        Assert.Null(IssueRules.Of(surcharged, null));

        var off = surcharged.VatBreakdown[0] with { TaxableAmount = surcharged.VatBreakdown[0].TaxableAmount + 0.01m };
        Assert.Contains("BR-S-08", Broken(surcharged with { VatBreakdown = [off, .. surcharged.VatBreakdown.Skip(1)] }));
    }

    [Fact]
    public async Task What_would_break_a_rule_is_refused_under_its_code_and_takes_no_number()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var seller = new RegisteredSeller(
            SellerId.Of(Shop.Seller),
            JsonSerializer.Deserialize<SellerBody>(Shop.Registration().ToJsonString(), Wire.Strict)!
        );
        var sound = InvoiceDraft.Of(seller, Sale.Of(Example.Posted(Shop.SaleTo("A-1"))), null, shop.Clock.GetUtcNow()).Value;
        var totals = sound.Basket.Totals;
        // As if the arithmetic had gone wrong by a cent.
        var off = sound with
        {
            Basket = sound.Basket with { Totals = totals with { VatTotal = totals.VatTotal + 0.01m } },
        };

        var refused = await shop.Host.Services.GetRequiredService<IssueInvoice>().IssueAsync(off, TestContext.Current.CancellationToken);

        Assert.True(refused.Refused(out var fault));
        Assert.Equal(FaultKind.Rule, fault.Code.Kind);
        Assert.Equal(["BR-CO-14", "BR-CO-15"], fault.Parts.Select(part => part.Code.Code));
        Assert.Equal("F-S01-2026-000001", (await shop.IssueAsync(Shop.SaleTo("A-1"))).Number);
    }

    private static IEnumerable<string> Broken(InvoiceBody invoice)
    {
        var fault = IssueRules.Of(invoice, null);
        Assert.NotNull(fault);
        return (fault.Parts.Count > 0 ? fault.Parts : [fault]).Select(part => part.Code.Code);
    }
}
