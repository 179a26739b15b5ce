using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Anomalies;
using RetailInvoicing.Reporting.Customers;
using RetailInvoicing.Reporting.Products;
using RetailInvoicing.Services.Tests.Collections;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class InsightTests
{
    [Fact]
    public void Pairs_are_those_that_counting_every_sale_gives()
    {
        Gen.Int[0, 11]
            .Array[1, 8]
            .Select(products => products.Distinct().Select(n => $"P{n:00}").Order(StringComparer.Ordinal).ToArray())
            .Array[30, 300]
            .Sample(
                baskets =>
                {
                    var pairs = new Pairs();
                    foreach (var basket in baskets)
                    {
                        pairs.Add(basket);
                    }

                    foreach (var pair in pairs.Best(1000))
                    {
                        Assert.Equal(baskets.Count(basket => basket.Contains(pair.First)), pair.WithFirst);
                        Assert.Equal(baskets.Count(basket => basket.Contains(pair.Second)), pair.WithSecond);
                        Assert.Equal(baskets.Count(basket => basket.Contains(pair.First) && basket.Contains(pair.Second)), pair.Together);
                        Assert.True(
                            string.CompareOrdinal(pair.First, pair.Second) < 0 && pair.Lift > 1m && pair.Evidence >= Pairs.LeastEvidence
                        );
                    }
                },
                iter: 100
            );
    }

    [Fact]
    public void Two_products_of_one_set_are_found_and_two_that_meet_by_chance_are_not()
    {
        var random = new Random(9);
        var pairs = new Pairs();
        for (var i = 0; i < 2000; i++)
        {
            var basket = new SortedSet<string>(StringComparer.Ordinal) { $"R{random.Next(0, 20):00}", $"R{random.Next(0, 20):00}" };
            if (random.Next(0, 10) == 0)
            {
                basket.UnionWith(["CUP", "SAUCER"]);
            }
            else if (random.Next(0, 20) == 0)
            {
                basket.Add("CUP");
            }

            pairs.Add([.. basket]);
        }

        var found = Assert.Single(pairs.Best(10));
        Assert.Equal(("CUP", "SAUCER"), (found.First, found.Second));
        Assert.Equal(100m, found.OfSecond);
        Assert.Equal(found, Assert.Single(pairs.Best(10, "SAUCER")));
        Assert.Empty(pairs.Best(10, "R01"));
    }

    [Fact]
    public void A_tier_halves_the_sales_and_is_the_same_for_ever()
    {
        var tiers = Enumerable.Range(0, 64_000).Select(n => Basket.TierOf($"S01-T2-{n}")).ToArray();

        Assert.InRange(tiers.Count(tier => tier >= 1), 31_000, 33_000);
        Assert.InRange(tiers.Count(tier => tier >= 3), 7_500, 8_500);
        Assert.Equal(Basket.TierOf("536365"), Basket.TierOf("536365"));
        Assert.Equal(0, Basket.TierFor(8000, 8000));
        Assert.Equal(1, Basket.TierFor(8001, 8000));
        Assert.Equal(7, Basket.TierFor(1_000_000, 8000));
        var back = Told.Invoice("s1", -121m) with { Kind = InvoiceKind.Corrective };
        Assert.Null(Basket.Of(back));
        Assert.Equal(["85123A"], Basket.Of(Told.Invoice("s1"))!.Products);
    }

    [Theory]
    // Against the distributions' own sums: scipy.stats.binom.sf(k-1, n, p) and scipy.stats.betabinom.sf(k-1, n, a, b).
    [InlineData(3, 10, 0.1, 0.0701908264)]
    [InlineData(0, 10, 0.1, 1)]
    [InlineData(10, 10, 0.5, 0.0009765625)]
    [InlineData(40, 200, 0.1, 0.0000170073)]
    public void A_binomial_tail_is_exact(long hits, long n, double p, double expected) =>
        Assert.Equal(expected, Chance.OfAtLeast(hits, n, p), 9);

    [Fact]
    public void A_tail_of_a_rate_that_is_known_by_experience_is_the_sum_of_its_parts()
    {
        // A uniform rate makes every count as likely as another.
        Assert.Equal(1.0 / 11 * 4, Chance.OfAtLeast(7, 10, 1, 1), 12);
        // Much experience makes it binomial.
        Assert.Equal(Chance.OfAtLeast(30, 200, 0.1), Chance.OfAtLeast(30, 200, 1e7, 9e7), 5);
        Assert.Equal(0, Chance.OfAtLeast(11, 10, 1.0, 1.0));
        Assert.Equal(Math.Log(3628800), Chance.LogGamma(11), 12);
        Assert.Equal(Math.Exp(-4), Chance.OfNone(4, 10, 5), 12);
        Assert.True(Chance.OfNone(4, 10, 40) > Math.Exp(-4));
    }

    [Fact]
    public void Many_looked_at_together_need_more_evidence_than_one()
    {
        Assert.Equal(0.04, Chance.StandsOut([0.04], 0.05));
        Assert.Null(Chance.StandsOut([0.04, .. Enumerable.Repeat(0.9, 99)], 0.05));
        Assert.Equal(0.001, Chance.StandsOut([0.0001, 0.001, .. Enumerable.Repeat(0.5, 98)], 0.05));
    }

    [Fact]
    public void A_till_that_always_speaks_and_now_does_not_is_silent_and_one_that_never_does_at_night_is_not()
    {
        var monday = new DateOnly(2026, 11, 23);
        var hours = Enumerable
            .Range(1, 70)
            .SelectMany(back => Enumerable.Range(9, 10).Select(hour => Hour("S01/T1", monday.AddDays(-back), hour, 3 + (back + hour) % 3)))
            .Append(Hour("S01/T1", monday, 9, 4))
            .ToArray();

        var silent = Assert.Single(SilentTill.Of(hours, monday.ToDateTime(new TimeOnly(14, 5))));
        Assert.Equal(("silent-till", "S01/T1", 4L), (silent.Kind, silent.Subject, silent.Of));
        Assert.True(silent.Expected > 10m && silent.Chance < 0.001m);
        // Half an hour later nothing is expected yet; by night nothing ever was.
        Assert.Empty(SilentTill.Of(hours, monday.ToDateTime(new TimeOnly(10, 30))));
        Assert.Empty(
            SilentTill.Of(
                [.. hours, .. Enumerable.Range(10, 9).Select(hour => Hour("S01/T1", monday, hour, 4))],
                monday.ToDateTime(new TimeOnly(23, 59))
            )
        );
        Assert.Empty(SilentTill.Of([], monday.ToDateTime(new TimeOnly(23, 59))));
    }

    [Fact]
    public void More_that_comes_back_than_before_is_told_of_and_little_that_does_is_not()
    {
        var to = new DateOnly(2026, 11, 23);
        ReturnCount[] counts =
        [
            new("BAD", 100, 30, 1000, 50),
            new("NEW", 3, 1, 0, 0),
            .. Enumerable.Range(0, 40).Select(n => new ReturnCount($"P{n}", 100, 5, 1000, 50)),
        ];

        var told = Assert.Single(ReturnRate.Of(counts, to));
        Assert.Equal(("return-rate", "BAD", 30m, 100L), (told.Kind, told.Subject, told.Seen, told.Of));
        Assert.InRange(told.Expected, 4.9m, 5.1m);
        Assert.Empty(ReturnRate.Of([new("P1", 10, 2, 0, 0)], to));
        Assert.Empty(ReturnRate.Of([], to));
    }

    [Fact]
    public void A_rate_beside_the_usual_one_is_odd_and_one_that_follows_it_is_a_new_law()
    {
        var (from, to) = (new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30));
        ProductRate[] rates =
        [
            Rate("TEA", 10m, 400, new(2026, 1, 2), new(2026, 11, 29)),
            Rate("TEA", 21m, 3, new(2026, 11, 5), new(2026, 11, 6)),
            Rate("OIL", 5m, 4000, new(2026, 1, 2), new(2026, 11, 14)),
            Rate("OIL", 4m, 40, new(2026, 11, 15), new(2026, 11, 30)),
            Rate("NEW", 21m, 5, new(2026, 11, 1), new(2026, 11, 9)),
            Rate("NEW", 10m, 1, new(2026, 11, 3), new(2026, 11, 3)),
        ];

        var odd = Assert.Single(OddVatRate.Of(rates, from, to));
        Assert.Equal(("TEA", 21m, 10m, 3L), (odd.Subject, odd.Seen, odd.Expected, odd.Of));
        Assert.Contains("3 facturas al 21 %", odd.ReasonEs, StringComparison.Ordinal);
        Assert.Empty(OddVatRate.Of(rates, new(2026, 12, 1), new(2026, 12, 31)));
    }

    [Fact]
    public void A_customer_is_scored_among_the_others_and_silence_is_measured_by_its_own_rhythm()
    {
        var to = new DateOnly(2026, 11, 30);
        Bought[] bought =
        [
            .. Enumerable
                .Range(1, 10)
                .Select(n => new Bought
                {
                    Customer = $"c{n:00}",
                    Currency = "EUR",
                    First = new DateOnly(2026, 10, 1),
                    Last = to.AddDays(-n),
                    Days = n,
                    Invoices = n,
                    Value = n * 10m,
                }),
        ];

        var rows = CustomerValue.Of(bought, to);

        Assert.Equal("c10", rows[0].Bought.Customer);
        Assert.Equal((1, 5, 5), (rows[0].RecencyScore, rows[0].FrequencyScore, rows[0].ValueScore));
        Assert.Equal((5, 1, 1, 1), (rows[^1].RecencyScore, rows[^1].FrequencyScore, rows[^1].ValueScore, rows[^1].Recency));
        Assert.Null(rows[^1].SilenceChance);
        // Ten days of purchase over 50 days, silent for 10: e^(-10 / 5.44…).
        Assert.Equal(decimal.Round((decimal)(100 * Math.Exp(-10 / (50 / 9.0))), 2, MidpointRounding.AwayFromZero), rows[0].SilenceChance);
    }

    [Fact]
    public void A_product_whose_share_fell_is_slow_and_one_that_fell_with_all_others_is_not()
    {
        var to = new DateOnly(2026, 11, 30);
        ProductSold[] products = [Sold("SLOW", 2, 60), .. Enumerable.Range(0, 20).Select(n => Sold($"P{n:00}", 25 + n % 3, 50 + n % 5))];

        var slow = Assert.Single(SlowMover.Of(products, sales: 500, salesBefore: 1000, to));
        Assert.Equal(("SLOW", 30m), (slow.Sold.Product, slow.Expected));
        Assert.Empty(SlowMover.Of(products, 0, 0, to));
        Assert.Empty(SlowMover.Of(products, 0, 1000, to));
    }

    private static ProductSold Sold(string product, long now, long before) =>
        new()
        {
            Product = product,
            LastSold = new DateOnly(2026, 11, 20),
            Invoices = now,
            InvoicesBefore = before,
            Quantity = now,
            QuantityBefore = before,
        };

    private static ProductRate Rate(string product, decimal rate, long invoices, DateOnly first, DateOnly last) =>
        new()
        {
            Product = product,
            Category = "S",
            Rate = rate,
            Invoices = invoices,
            First = first,
            Last = last,
        };

    private static TillHour Hour(string till, DateOnly day, int hour, long invoices) =>
        new()
        {
            Till = till,
            Day = day,
            Hour = hour,
            Invoices = invoices,
        };
}
