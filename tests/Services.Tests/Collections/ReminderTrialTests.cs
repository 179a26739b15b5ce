using RetailInvoicing.Benchmarks.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>The shorter forms of ./bench reminders and ./bench dunning.</summary>
public sealed class ReminderTrialTests(Infrastructure infrastructure)
{
    [Theory]
    // Clocks go forward: in New York on 8 March, in Spain on 29 March 2026.
    [InlineData(31, 2026, 2, 20)]
    // And back: on 31 October and 7 November 2027.
    [InlineData(32, 2027, 10, 1)]
    public async Task Nothing_is_repeated_missed_or_sent_when_it_should_not_be(int seed, int year, int month, int day)
    {
        var from = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero);
        var result = await ReminderTrial.RunAsync(
            seed,
            new ReminderLength(180, from, from.AddDays(50)),
            await infrastructure.DatabaseAsync("collections"),
            migrate: false,
            TestContext.Current.CancellationToken
        );

        Assert.True(result.Found.All == 0, $"{result.Found}");
        // It was a trial at all.
        Assert.True(
            result is { Steps: > 40, Kills: > 3, Runs: > 300, EventsTwice: > 20 },
            $"{result.Steps} steps, {result.Kills} kills, {result.Runs} runs, {result.EventsTwice} twice"
        );
    }

    [Fact]
    public async Task A_run_over_what_is_open_sends_what_is_due_today_and_nothing_more()
    {
        var run = await DunningBenchmark.MeasureAsync(
            await infrastructure.DatabaseAsync("collections"),
            1200,
            migrate: false,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1200 / 40, run.Messages);
    }
}
