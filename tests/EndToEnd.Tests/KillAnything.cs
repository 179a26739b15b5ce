using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>Any process may die at any instruction: a crash costs lateness, not truth.</summary>
public sealed class KillAnything(SharedSystem shared, ITestOutputHelper log)
{
    private static readonly string[] Victims =
    [
        "invoicing",
        "delivery",
        "payments",
        "collections",
        "reporting",
        "portal",
        "postgres",
        "messaging",
    ];
    private static readonly TimeSpan ComesBackWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public Task A_day_replayed_while_everything_is_killed_twice_ends_in_the_same_state() =>
        ReplayWhileKillingAsync("kill", new(2010, 12, 1), new(2010, 12, 1), rounds: 2, speed: 600);

    [Fact]
    [Trait("Category", "Long")]
    public Task Days_replayed_while_everything_is_killed_again_and_again_end_in_the_same_state() =>
        ReplayWhileKillingAsync("kill-long", new(2010, 12, 1), new(2010, 12, 5), rounds: 6, speed: 1500);

    private async Task ReplayWhileKillingAsync(string name, DateOnly from, DateOnly to, int rounds, int speed)
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, name);
        var day = new ReplayedDay(system, shop, from, to);
        var random = new Random(20101201);

        var replay = day.ReplayAsync("--speed", $"{speed}");
        await Wait.UntilAsync("the replay is under way", ComesBackWithin, async () => (await shop.InvoicesAsync()).Count > 0);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var victim in Victims.Shuffle())
            {
                await KillAsync(system, victim);
                // Not the beginning of its life only: let it work a while before the next goes.
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 2500)), TestContext.Current.CancellationToken);
            }
        }

        await system.WellAsync(ComesBackWithin);
        var replayed = await replay;

        Assert.True(replayed.ExitCode == 0, $"{replayed.ExitCode}: {replayed.Errors}{replayed.Output}");
        Assert.Equal(day.Read, replayed.Json.GetProperty("read").GetInt32());
        Assert.Equal(day.Issued, replayed.Json.GetProperty("issued").GetInt32());
        Assert.Equal(day.Total, Shop.Amount(replayed.Json, "totalWithVat"));
        await day.InvoicesAreWholeAsync();
        await day.ReportIsEqualAsync();
        await day.LedgerIsEqualAsync();
        log.WriteLine($"{await day.MailsAreExactAsync()} mails doubled in the window between the SMTP server's acceptance and its record");
    }

    /// <summary>Dead, and there again with another process id; what needs it may still be catching its breath.</summary>
    private async Task KillAsync(StartedSystem system, string victim)
    {
        var before = system.Now.Processes.GetValueOrDefault(victim);
        var killed = system.Kill(victim);
        log.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {victim} ({before}) {(killed ? "killed" : "was not there")}");
        await Wait.UntilAsync(
            $"{victim} is there again",
            ComesBackWithin,
            () => Task.FromResult(system.Now.Processes.TryGetValue(victim, out var now) && now != before)
        );
    }
}
