using System.Globalization;
using System.Net.Http.Json;
using RetailInvoicing.Benchmarks.Delivery;
using RetailInvoicing.Contracts;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// No mail is lost, and none comes twice unseen: the mail server goes away in the middle of a replay and returns, and Delivery is killed
/// again and again while it hands mails over.
/// </summary>
public sealed class MailTruth(MailSystem mail, ITestOutputHelper log) : IClassFixture<MailSystem>
{
    private const string Delivery = "delivery";
    private const int SomeMails = 5;

    /// <summary>Sales whose mails have not come yet: enough that one is always being handed over, few enough to be waited for.</summary>
    private const int MostWaiting = 200;

    private static readonly DateOnly FirstOfDecember = new(2010, 12, 1);

    /// <summary>The server takes its time to answer, so that a hand-over lasts long enough to be hit.</summary>
    private static readonly TimeSpan AnswersAfter = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ComesBackWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Eventually = TimeSpan.FromSeconds(180);

    [Fact]
    public Task The_mail_server_is_away_for_a_quarter_of_a_minute_of_a_replay_and_every_mail_comes_once() =>
        ReplayWhileTheServerIsAwayAsync("mail-away", speed: 900, away: TimeSpan.FromSeconds(15));

    [Fact]
    [Trait("Category", "Long")]
    public Task The_mail_server_is_away_for_five_minutes_of_a_replay_and_every_mail_comes_once() =>
        ReplayWhileTheServerIsAwayAsync("mail-away-long", speed: 75, away: TimeSpan.FromMinutes(5));

    [Fact]
    public Task Delivery_is_killed_eight_times_and_no_mail_is_lost_and_each_that_came_twice_is_said() =>
        KillWhileMailingAsync("mail-kill", atRandom: 6, beforeTheAnswer: 2);

    [Fact]
    [Trait("Category", "Long")]
    public Task Delivery_is_killed_fifty_times_and_no_mail_is_lost_and_each_that_came_twice_is_said() =>
        KillWhileMailingAsync("mail-kill-long", atRandom: 45, beforeTheAnswer: 5);

    private async Task ReplayWhileTheServerIsAwayAsync(string name, int speed, TimeSpan away)
    {
        var system = await mail.Started;
        var shop = await Shop.OpenAsync(system, name);
        var day = new ReplayedDay(system, shop, FirstOfDecember, FirstOfDecember);
        var before = mail.Sink.Transmissions;

        var replay = day.ReplayAsync("--speed", speed.ToString(CultureInfo.InvariantCulture));
        await Wait.UntilAsync("some mails have come", Eventually, () => Task.FromResult(mail.Sink.Transmissions >= before + SomeMails));
        await mail.Sink.StopAsync();
        try
        {
            log.WriteLine($"the mail server goes after {mail.Sink.Transmissions - before} mails");
            await Task.Delay(away, TestContext.Current.CancellationToken);
            Assert.False(replay.IsCompleted, "the replay was over before the mail server came back: it shows less than it should");
            var meanwhile = await ToldAsync(shop);
            Assert.Contains(meanwhile, transmission => transmission.Status == "queued");
            Assert.DoesNotContain(meanwhile, transmission => transmission.Status == "failed");
        }
        finally
        {
            mail.Sink.Resume();
        }

        var replayed = await replay;
        Assert.True(replayed.ExitCode == 0, $"{replayed.ExitCode}: {replayed.Errors}{replayed.Output}");
        Assert.Equal(day.Issued, replayed.Json.GetProperty("issued").GetInt32());
        var mailed = (await shop.InvoicesAsync())
            .Where(invoice => invoice.Buyer is not null)
            .Select(invoice => invoice.InvoiceId.ToString())
            .ToArray();
        var told = await AllSentAsync(shop, mailed.Length);
        Assert.Equal(mailed.Order(StringComparer.Ordinal), told.Select(each => each.InvoiceId ?? "").Order(StringComparer.Ordinal));
        var came = CameOf(told);
        Assert.Equal(told.Count, came.Count);
        Assert.All(came, transmission => Assert.Single(transmission));
        log.WriteLine($"{came.Count} mails came once; {told.Count(each => each.PossibleDuplicate)} were cut off and said so");
    }

    private async Task KillWhileMailingAsync(string name, int atRandom, int beforeTheAnswer)
    {
        var system = await mail.Started;
        var shop = await Shop.OpenAsync(system, name);
        var before = mail.Sink.Transmissions;
        var kills = atRandom + beforeTheAnswer;
        var random = new Random(20101202);
        using var enough = new CancellationTokenSource();
        var posting = PostAsync(shop, before, enough.Token);
        int posted;
        mail.Sink.BeforeAnswer = _ => Task.Delay(AnswersAfter);
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                await MailsComeAsync(posting);
                var victim = system.Now.Processes[Delivery];
                // Spread over the run: between a mail's last byte and its answer, where a mail must come twice.
                var isBeforeTheAnswer = kill * beforeTheAnswer / kills > (kill - 1) * beforeTheAnswer / kills;
                await (isBeforeTheAnswer ? KillBeforeTheAnswerAsync(system) : KillAtRandomAsync(system, random));
                log.WriteLine(
                    $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {victim} killed{(isBeforeTheAnswer ? " before the answer" : "")}, {mail.Sink.Count} mails so far"
                );
                await Wait.UntilAsync(
                    "Delivery is there again",
                    ComesBackWithin,
                    () => Task.FromResult(system.Now.Processes.TryGetValue(Delivery, out var now) && now != victim)
                );
            }
        }
        finally
        {
            mail.Sink.BeforeAnswer = _ => Task.CompletedTask;
            await enough.CancelAsync();
            posted = await posting;
        }

        var told = await AllSentAsync(shop, posted);
        var came = CameOf(told);
        var twice = came.Where(transmission => transmission.Count() > 1).Select(transmission => transmission.Key).ToArray();
        var said = told.Where(each => each.PossibleDuplicate).Select(each => each.TransmissionId).ToArray();
        var tooMany = came.Sum(transmission => transmission.Count()) - came.Count;
        log.WriteLine($"{kills} kills, {posted} mails, {said.Length} possible duplicates; {twice.Length} came again, {tooMany} too many");
        Assert.Equal(posted, came.Count);
        Assert.Empty(twice.Except(said, StringComparer.Ordinal));
        Assert.InRange(said.Length, twice.Length, kills);
        // Without these the rest would hold of a system that is never hit at its worst.
        Assert.InRange(tooMany, beforeTheAnswer, kills);
        // Whoever has it twice can see that it is one: its Message-ID is the same.
        Assert.All(came, transmission => Assert.Single(transmission.Select(copy => copy.MessageId).Distinct()));
    }

    /// <summary>Dead at any moment of its work.</summary>
    private static async Task KillAtRandomAsync(StartedSystem system, Random random)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 1500)), TestContext.Current.CancellationToken);
        Assert.True(system.Kill(Delivery), "Delivery was not there to be killed");
    }

    /// <summary>Dead when the server has the whole mail and has not answered: the one moment that nobody can undo.</summary>
    private async Task KillBeforeTheAnswerAsync(StartedSystem system)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mail.Sink.BeforeAnswer = async _ =>
        {
            if (!killed.Task.IsCompleted && system.Kill(Delivery))
            {
                killed.TrySetResult();
            }

            await Task.Delay(AnswersAfter);
        };
        await killed.Task.WaitAsync(ComesBackWithin, TestContext.Current.CancellationToken);
        mail.Sink.BeforeAnswer = _ => Task.Delay(AnswersAfter);
    }

    /// <summary>Delivery is at work again, and there is something to be handed over.</summary>
    private Task MailsComeAsync(Task posting)
    {
        var before = mail.Sink.Count;
        return Wait.UntilAsync(
            "mails come",
            ComesBackWithin,
            async () =>
            {
                if (posting.IsCompleted)
                {
                    await posting;
                }

                return mail.Sink.Count > before;
            }
        );
    }

    /// <summary>Posts sales until it is enough, as long as not too many of their mails wait; how many.</summary>
    private async Task<int> PostAsync(Shop shop, int before, CancellationToken enough)
    {
        using var till = shop.Http("invoicing");
        var posted = 0;
        while (!enough.IsCancellationRequested)
        {
            if (posted - (mail.Sink.Transmissions - before) >= MostWaiting)
            {
                await Task.Delay(AnswersAfter, TestContext.Current.CancellationToken);
                continue;
            }

            using var answer = await till.PostAsJsonAsync(
                "/v1/sales",
                Sale(shop, posted),
                Wire.Tolerant,
                TestContext.Current.CancellationToken
            );
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            posted++;
        }

        return posted;
    }

    /// <summary>What Delivery tells of the shop's transmissions once there are as many as there must be and none waits: each is sent.</summary>
    private static async Task<IReadOnlyList<Told>> AllSentAsync(Shop shop, int expected)
    {
        IReadOnlyList<Told> told = [];
        await Wait.EqualAsync<(int All, int Queued)>(
            "every transmission is sent",
            Eventually,
            (expected, 0),
            async () =>
            {
                told = await ToldAsync(shop);
                return (told.Count, told.Count(each => each.Status == "queued"));
            }
        );
        Assert.All(told, each => Assert.Equal("sent", each.Status));
        return told;
    }

    private static Task<IReadOnlyList<Told>> ToldAsync(Shop shop) => shop.AllAsync<Told>(Delivery, "/v1/transmissions?limit=200");

    /// <summary>The mails of these transmissions, by transmission.</summary>
    private IReadOnlyList<IGrouping<string, SunkMail>> CameOf(IReadOnlyList<Told> told)
    {
        var ours = told.Select(each => each.TransmissionId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. mail
                .Sink.Since(0)
                .Where(each => ours.Contains(each.Transmission))
                .GroupBy(each => each.Transmission, StringComparer.Ordinal),
        ];
    }

    private static object Sale(Shop shop, int number) =>
        new
        {
            saleId = string.Create(CultureInfo.InvariantCulture, $"KILL-{number}"),
            storeId = "S01",
            occurredAt = TimeProvider.System.GetUtcNow(),
            currency = "EUR",
            lines = new[]
            {
                new
                {
                    sku = "85123A",
                    name = "Portavelas",
                    quantity = "2",
                    unitPrice = "9.95",
                    vat = new { category = "S", rate = "21" },
                },
            },
            payments = new[] { new { means = "card", amount = "19.90" } },
            buyer = new
            {
                customerId = string.Create(CultureInfo.InvariantCulture, $"K-{number}"),
                name = "Ana Gil Prado",
                taxId = "12345678Z",
                email = string.Create(CultureInfo.InvariantCulture, $"k{number}@{shop.Id}.example"),
                address = new
                {
                    line1 = "Calle del Pez 1",
                    postalCode = "28004",
                    city = "Madrid",
                    country = "ES",
                },
            },
        };

    /// <summary>What the list of transmissions says of one.</summary>
    private sealed record Told
    {
        public required string TransmissionId { get; init; }
        public string? InvoiceId { get; init; }
        public required string Status { get; init; }
        public required bool PossibleDuplicate { get; init; }
    }
}
