using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class UpliftTests
{
    private const int Measurements = 2_000;

    [Fact]
    public void The_interval_of_two_shares_is_the_published_one()
    {
        // Newcombe 1998, table II, method 10: 56 of 70 against 48 of 80.
        var difference = Uplift.OfRates(Group(70, 56), Group(80, 48))!;
        Assert.Equal(0.2, difference.Value, 9);
        Assert.Equal(0.0524, difference.Low, 4);
        Assert.Equal(0.3339, difference.High, 4);
    }

    [Theory]
    [InlineData(3, 3.1824, 0.005)]
    [InlineData(10, 2.2281, 0.001)]
    [InlineData(30, 2.0423, 0.001)]
    [InlineData(1_000_000, 1.95996, 0.001)]
    public void Students_percentile_is_the_tables(double freedom, double table, double off) =>
        Assert.InRange(Uplift.Student(freedom), table - off, table + off);

    [Fact]
    public void A_planted_uplift_of_five_points_lies_within_its_interval_in_95_of_100_measurements()
    {
        var (within, found) = (0, 0);
        for (var seed = 0; seed < Measurements; seed++)
        {
            var random = new Random(seed);
            var difference = Uplift.OfRates(Simulated(random, 800, 0.25), Simulated(random, 400, 0.20))!;
            within += difference.Low <= 0.05 && 0.05 <= difference.High ? 1 : 0;
            found += difference.Low > 0 ? 1 : 0;
        }

        Assert.InRange(within / (double)Measurements, 0.93, 0.97);
        // It is not held by intervals that hold everything: half of the time and more chance alone is ruled out.
        Assert.InRange(found / (double)Measurements, 0.35, 0.75);
    }

    [Fact]
    public void A_campaign_that_does_nothing_is_found_to_do_something_in_5_of_100_measurements()
    {
        var found = 0;
        for (var seed = 0; seed < Measurements; seed++)
        {
            var random = new Random(seed);
            var difference = Uplift.OfRates(Simulated(random, 800, 0.20), Simulated(random, 400, 0.20))!;
            found += difference.Low > 0 || difference.High < 0 ? 1 : 0;
        }

        Assert.InRange(found / (double)Measurements, 0.03, 0.07);
    }

    [Fact]
    public void The_planted_difference_of_spending_lies_within_its_interval_in_95_of_100_measurements()
    {
        var within = 0;
        for (var seed = 0; seed < Measurements; seed++)
        {
            var random = new Random(seed);
            var difference = Uplift.OfSpend(Simulated(random, 800, 0.25), Simulated(random, 400, 0.20))!;
            // Who buys spends 20 to 80, 50 on average.
            within += difference.Low <= 2.5 && 2.5 <= difference.High ? 1 : 0;
        }

        Assert.InRange(within / (double)Measurements, 0.93, 0.97);
    }

    [Fact]
    public void Groups_drawn_by_the_campaigns_lot_recover_the_planted_uplift()
    {
        var within = 0;
        for (var campaign = 0; campaign < 200; campaign++)
        {
            var random = new Random(campaign);
            var (shown, held) = (new Tally(), new Tally());
            for (var customer = 0; customer < 1_500; customer++)
            {
                var isHeldOut = CampaignChoice.IsHeldOut(SellerId.Of("nandu"), $"c{campaign}", $"c:{customer}", 40m);
                // Every third customer buys more anyway: the lot has to spread them.
                var chance = (customer % 3 == 0 ? 0.40 : 0.10) + (isHeldOut ? 0 : 0.05);
                (isHeldOut ? held : shown).Add(random.NextDouble() < chance ? 50 : 0);
            }

            var difference = Uplift.OfRates(shown.Sums, held.Sums)!;
            within += difference.Low <= 0.05 && 0.05 <= difference.High ? 1 : 0;
        }

        Assert.InRange(within, 180, 200);
    }

    [Fact]
    public void Nothing_is_told_of_groups_that_tell_nothing()
    {
        Assert.Null(Uplift.OfRates(Group(10, 5), Group(0, 0)));
        Assert.Null(Uplift.OfSpend(Group(10, 0), Group(1, 0)));
        Assert.Null(Uplift.OfSpend(Group(10, 0), Group(10, 0)));
        var never = Uplift.OfRates(Group(50, 0), Group(50, 0))!;
        Assert.True(never.Low < 0 && never.High > 0);
    }

    private static GroupSums Group(long customers, long conversions) =>
        new()
        {
            Customers = customers,
            Conversions = conversions,
            Spend = 0,
            SquaredSpend = 0,
        };

    private static GroupSums Simulated(Random random, int customers, double rate)
    {
        var tally = new Tally();
        for (var i = 0; i < customers; i++)
        {
            tally.Add(random.NextDouble() < rate ? 20 + 60 * random.NextDouble() : 0);
        }

        return tally.Sums;
    }

    private sealed class Tally
    {
        private long _customers;
        private long _conversions;
        private double _spend;
        private double _squared;

        public GroupSums Sums =>
            new()
            {
                Customers = _customers,
                Conversions = _conversions,
                Spend = _spend,
                SquaredSpend = _squared,
            };

        public void Add(double spend)
        {
            _customers++;
            _conversions += spend > 0 ? 1 : 0;
            _spend += spend;
            _squared += spend * spend;
        }
    }
}
