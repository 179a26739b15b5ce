using RetailInvoicing.Benchmarks.Collections;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>The shorter form of ./bench worklist.</summary>
public sealed class WorklistTrialTests
{
    private const int Customers = 250;

    [Theory]
    [InlineData(111)]
    [InlineData(112)]
    [InlineData(113)]
    public void Where_calls_are_few_they_bring_a_seventh_more_by_the_worklist_than_by_the_most_owed_first(int seed)
    {
        var compared = Compared.Of(new SimulatedPayers(seed, Customers, 450), callsADay: 1, alike: 270, until: 450);

        // Of what would not have come without calls; the same number of them, to the same customers with the same luck.
        Assert.True(compared.BroughtToLargest >= 1.15, $"{compared}");
        // Also against somebody who works that list with tact, and nearly as much as who knows the planted habits.
        Assert.True(compared.BroughtToRested >= 1.15, $"{compared}");
        Assert.True(compared.BroughtToKnowing >= 0.85, $"{compared}");
        Assert.True(compared.ToLargest > 1 && compared.ToRested > 1 && compared.AverageOverdueToRested < 1, $"{compared}");
        Assert.True(compared.Calls > 100, $"{compared}");
    }

    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 3)]
    [InlineData(33, 3)]
    public void Four_forecasts_in_five_hold(int seed, int callsADay)
    {
        var payers = new SimulatedPayers(seed, Customers, 720);

        var result = WorklistTrial.Run(payers, WorkedList.Expected, callsADay, 300, 720, forecastFrom: 300, forecastUntil: 540);

        Assert.InRange(result.Coverage, 0.75, 0.85);
        // An interval that holds because it says nothing is none: who pays by a steady habit is known to the week or two.
        Assert.InRange(result.MedianLengthOfSteady, 1, 25);
        Assert.True(result.Forecasts > 1000, $"{result.Forecasts}");
    }

    [Fact]
    public void The_same_seed_is_the_same_trial()
    {
        static TrialResult Of() => WorklistTrial.Run(new SimulatedPayers(5, 60, 200), WorkedList.Expected, 3, 120, 200);

        Assert.Equal(Of(), Of());
    }
}
