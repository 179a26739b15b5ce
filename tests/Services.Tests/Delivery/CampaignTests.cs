using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class CampaignTests
{
    private static readonly SellerId Seller = SellerId.Of("nandu");
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 23);

    private static CampaignRules Rules =>
        new()
        {
            Name = "Navidad",
            From = new DateOnly(2026, 11, 1),
            To = new DateOnly(2026, 12, 31),
            Texts = new Dictionary<string, CampaignText>(StringComparer.Ordinal)
            {
                ["es"] = new() { Title = "10 % en velas" },
                ["en"] = new() { Title = "10% off candles" },
            },
        };

    [Fact]
    public void A_campaign_runs_on_its_first_and_last_day_and_on_no_other()
    {
        Assert.True(IsFor(Rules with { From = Today, To = Today }));
        Assert.False(IsFor(Rules with { From = Today.AddDays(1) }));
        Assert.False(IsFor(Rules with { To = Today.AddDays(-1) }));
    }

    [Fact]
    public void Shop_basket_and_currency_decide_which_purchases_carry_it()
    {
        Assert.True(IsFor(Rules with { Stores = ["S01"] }));
        Assert.False(IsFor(Rules with { Stores = ["S02"] }));
        Assert.True(IsFor(Rules with { Basket = new CampaignBasket { Skus = ["85123A-2", "x"] } }));
        Assert.False(IsFor(Rules with { Basket = new CampaignBasket { Skus = ["x"] } }));
        Assert.True(IsFor(Rules with { Basket = new CampaignBasket { MinTotal = 1452m } }));
        Assert.False(IsFor(Rules with { Basket = new CampaignBasket { MinTotal = 1452.01m } }));
        Assert.False(IsFor(Rules with { Currency = Currency.Of("GBP") }));
    }

    [Fact]
    public void What_was_bought_before_decides_which_customers_it_is_for()
    {
        var twice = new CustomerFacts
        {
            Purchases = 2,
            Spent = 100m,
            LastAt = Now.AddDays(-40),
        };
        Assert.True(
            IsFor(
                Rules with
                {
                    Segment = new CampaignSegment { MinPurchases = 2, MinSpent = 100m },
                },
                twice
            )
        );
        Assert.False(IsFor(Rules with { Segment = new CampaignSegment { MinPurchases = 3 } }, twice));
        Assert.False(IsFor(Rules with { Segment = new CampaignSegment { MaxPurchases = 1 } }, twice));
        Assert.False(IsFor(Rules with { Segment = new CampaignSegment { MinSpent = 100.01m } }, twice));
        Assert.True(IsFor(Rules with { Segment = new CampaignSegment { NotSinceDays = 40 } }, twice));
        Assert.False(IsFor(Rules with { Segment = new CampaignSegment { NotSinceDays = 41 } }, twice));
        Assert.True(IsFor(Rules with { Segment = new CampaignSegment { MaxPurchases = 0 } }));
        Assert.False(IsFor(Rules with { Segment = new CampaignSegment { NotSinceDays = 1 } }));
    }

    [Fact]
    public void The_lot_is_the_same_on_every_day_and_holds_out_the_share_that_was_asked_for()
    {
        var held = Enumerable.Range(0, 20_000).Where(i => CampaignChoice.IsHeldOut(Seller, "c1", $"c:{i}", 20m)).ToHashSet();
        Assert.InRange(held.Count, 3_800, 4_200);
        Assert.All(held, i => Assert.True(CampaignChoice.IsHeldOut(Seller, "c1", $"c:{i}", 20m)));
        // Another campaign's lot is another lot.
        var both = held.Count(i => CampaignChoice.IsHeldOut(Seller, "c2", $"c:{i}", 20m));
        Assert.InRange(both, 650, 950);
        Assert.DoesNotContain(Enumerable.Range(0, 1_000), i => CampaignChoice.IsHeldOut(Seller, "c1", $"c:{i}", 0m));
    }

    [Fact]
    public void A_reader_whose_language_it_does_not_have_reads_Spanish()
    {
        Assert.Equal("10% off candles", CampaignChoice.TextFor(Rules, "en").Title);
        Assert.Equal("10 % en velas", CampaignChoice.TextFor(Rules, "eu").Title);
    }

    [Theory]
    [InlineData("""{"to":"2026-10-31"}""", "to")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"texts":{}}""", "texts")]
    [InlineData("""{"texts":{"fr":{"title":"x"}}}""", "texts")]
    [InlineData("""{"texts":{"es":null}}""", "texts.es")]
    [InlineData("""{"texts":{"es":{"title":""}}}""", "texts.es.title")]
    [InlineData("""{"url":"http://x.example"}""", "url")]
    [InlineData("""{"url":"javascript:alert(1)"}""", "url")]
    [InlineData("""{"url":"https://user:secret@x.example"}""", "url")]
    [InlineData("""{"stores":[null]}""", "stores")]
    [InlineData("""{"basket":{"skus":[""]}}""", "basket.skus")]
    [InlineData("""{"basket":{"minTotal":"0"}}""", "basket.minTotal")]
    [InlineData("""{"budget":{"impressions":0}}""", "budget.impressions")]
    [InlineData("""{"budget":{"discount":"-1"}}""", "budget.discount")]
    [InlineData("""{"holdOutPercent":"91"}""", "holdOutPercent")]
    [InlineData("""{"measureDays":0}""", "measureDays")]
    [InlineData("""{"segment":{"minPurchases":3,"maxPurchases":2}}""", "segment.maxPurchases")]
    [InlineData("""{"coupon":{}}""", "coupon")]
    [InlineData("""{"coupon":{"percent":"10","amount":"5"}}""", "coupon")]
    [InlineData("""{"coupon":{"percent":"100.01"}}""", "coupon.percent")]
    [InlineData("""{"coupon":{"amount":"5","validDays":0}}""", "coupon.validDays")]
    [InlineData("""{"coupon":{"amount":"5","prefix":"ÑANDÚ"}}""", "coupon.prefix")]
    public void A_campaign_that_cannot_hold_is_refused_by_the_place_that_is_wrong(string change, string path)
    {
        var body = System
            .Text.Json.Nodes.JsonNode.Parse("""{"name":"n","from":"2026-11-01","to":"2026-12-31","texts":{"es":{"title":"t"}}}""")!
            .AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        var read = Body<CampaignRules>.Read(Encoding.UTF8.GetBytes(body.ToJsonString()));
        var fault = read.Fault ?? CampaignChecks.Of(read.Value).Fault;

        Assert.NotNull(fault);
        Assert.Contains(path, (fault.Parts.Count > 0 ? fault.Parts : [fault]).Select(part => part.Path));
    }

    [Fact]
    public void A_code_cannot_be_guessed_and_is_read_however_it_is_typed()
    {
        var codes = Enumerable
            .Range(0, 1_000)
            .Select(_ => CouponCode.Of("NAV", System.Security.Cryptography.RandomNumberGenerator.GetBytes(CouponCode.Entropy)))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal(1_000, codes.Count);
        Assert.All(codes, code => Assert.Matches("^NAV-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", code));
        Assert.Equal("NAV-7K3Q", CouponCode.Normal(" nav-7k3q "));
    }

    [Fact]
    public void A_coupon_is_one_sales_for_a_quarter_of_an_hour_and_used_once()
    {
        var coupon = new Coupon
        {
            Code = "X",
            Amount = 5m,
            Currency = Currency.Eur,
            MinTotal = 20m,
            ExpiresAt = Now.AddDays(1),
        };
        var hold = TimeSpan.FromMinutes(15);
        var (isNew, reserved) = coupon.Reserve("S1", 30m, null, Guid.CreateVersion7(), Now, hold).Value;

        Assert.True(isNew);
        Assert.Equal((5m, Now + hold), (reserved.Held, reserved.ReservedUntil!.Value));
        var again = reserved.Reserve("S1", 30m, null, Guid.CreateVersion7(), Now.AddMinutes(1), hold).Value;
        Assert.Equal((false, reserved.ReservationId), (again.IsNew, again.Coupon.ReservationId));
        Assert.Equal("DEL-COUPON-02", CodeOf(reserved.Reserve("S2", 30m, null, Guid.CreateVersion7(), Now.AddMinutes(14), hold)));
        Assert.True(reserved.Reserve("S2", 30m, null, Guid.CreateVersion7(), Now + hold, hold).Value.IsNew);
        Assert.Equal("DEL-COUPON-05", CodeOf(coupon.Reserve("S1", 19.99m, null, Guid.CreateVersion7(), Now, hold)));
        Assert.Equal("DEL-COUPON-04", CodeOf(coupon.Reserve("S1", 30m, null, Guid.CreateVersion7(), Now.AddDays(1), hold)));
        Assert.Equal("DEL-COUPON-06", CodeOf(coupon.Reserve("S1", 30m, 4.99m, Guid.CreateVersion7(), Now, hold)));
        var share = coupon with { Amount = null, Percent = 10m };
        Assert.Equal("DEL-COUPON-07", CodeOf(share.Reserve("S1", null, 100m, Guid.CreateVersion7(), Now, hold)));
        Assert.Equal(3.01m, share.Reserve("S1", 30.05m, 100m, Guid.CreateVersion7(), Now, hold).Value.Coupon.Held);
        var used = reserved with { RedeemedBy = "S1", RedeemedInvoice = Guid.CreateVersion7() };
        Assert.False(used.Reserve("S1", 30m, null, Guid.CreateVersion7(), Now.AddDays(9), hold).Value.IsNew);
        Assert.Equal("DEL-COUPON-03", CodeOf(used.Reserve("S2", 30m, null, Guid.CreateVersion7(), Now, hold)));
    }

    [Fact]
    public void A_corrective_invoice_takes_off_the_difference_and_an_exchange_adds_no_purchase()
    {
        var original = SampleInvoice.Of(Seller);
        var reference = new InvoiceReference { InvoiceId = original.InvoiceId, Number = original.Number };
        var back = original with
        {
            InvoiceId = InvoiceId.New(),
            Kind = InvoiceKind.Corrective,
            Corrects = [reference],
            Totals = original.Totals with { TotalWithVat = -100m },
            Correction = new InvoiceCorrection { Reason = "R1", Method = CorrectionMethod.Differences },
        };
        var anew = back with
        {
            Totals = original.Totals with { TotalWithVat = 1400m },
            Correction = new InvoiceCorrection
            {
                Reason = "R1",
                Method = CorrectionMethod.Substitution,
                CorrectedAmounts = new CorrectedAmounts { TaxableAmount = 1200m, VatAmount = 252m },
            },
        };

        Assert.Equal(("c:17850", 1452m), (PurchaseFact.Of(original)!.Customer, PurchaseFact.Of(original)!.Total));
        Assert.Equal((100m, original.InvoiceId), (PurchaseFact.Of(back)!.TakenOff, PurchaseFact.Of(back)!.Corrects!.Value));
        Assert.Equal(52m, PurchaseFact.Of(anew)!.TakenOff);
        Assert.Null(PurchaseFact.Of(original with { Kind = InvoiceKind.Exchange }));
        Assert.Null(PurchaseFact.Of(back with { Correction = back.Correction! with { VatOnly = true } }));
        Assert.Null(PurchaseFact.Of(back with { Corrects = [] }));
        Assert.Null(PurchaseFact.Of(original with { Buyer = null, Contact = null }));
    }

    [Fact]
    public void What_a_code_took_off_is_summed_over_the_rates_and_lines_that_it_was_spread_over()
    {
        var invoice = SampleInvoice.Of(Seller, 1);
        var fact = PurchaseFact.Of(
            invoice with
            {
                Buyer = null,
                Contact = null,
                Allowances =
                [
                    new InvoiceAllowanceBody
                    {
                        Amount = 1m,
                        GrossAmount = 1.21m,
                        Coupon = "nav-1",
                    },
                    new InvoiceAllowanceBody
                    {
                        Amount = 1m,
                        GrossAmount = 1.10m,
                        Coupon = "NAV-1",
                    },
                    new InvoiceAllowanceBody { Amount = 9m },
                ],
                Lines = [invoice.Lines[0] with { Allowances = [new InvoiceAllowanceBody { Amount = 2m, Coupon = "OTHER" }] }],
            }
        )!;

        Assert.Equal((2.31m, 2m, 2), (fact.Coupons["NAV-1"], fact.Coupons["OTHER"], fact.Coupons.Count));
        Assert.Null(fact.Customer);
    }

    private static bool IsFor(CampaignRules rules, CustomerFacts? facts = null) =>
        CampaignChoice.IsFor(rules, SampleInvoice.Of(Seller), facts ?? new CustomerFacts(), Today, Now);

    private static string CodeOf(Outcome<(bool IsNew, Coupon Coupon)> outcome) => outcome.Fault!.Code.Code;
}
