using System.Globalization;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>How long checkouts last and how often providers are asked; section Payments:Checkouts of the configuration.</summary>
public sealed record CheckoutPace
{
    /// <summary>How long a payer has.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>So much of the time must be left: a payer who would come to a page that closes is better sent anew.</summary>
    public TimeSpan LeastLeft => Lifetime / 60;

    /// <summary>
    /// One that its provider never answered for is asked for again under the same id while so much of its time is left: providers begin
    /// none that ends at once.
    /// </summary>
    public TimeSpan LeastToAskAgain => Lifetime / 2;

    /// <summary>Pauses before the provider is asked the first time, the second, and so on; the last holds for all that follow.</summary>
    public IReadOnlyList<TimeSpan> Waits { get; init; } =
    [
        TimeSpan.FromSeconds(15),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(6),
    ];

    /// <summary>Pauses after a notice could not be applied, such as a refund that is told before its payment.</summary>
    public IReadOnlyList<TimeSpan> NoticeWaits { get; init; } =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(15),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(6),
    ];

    /// <summary>The longest pause while a provider does not answer: when it is back, nobody waits for hours.</summary>
    public TimeSpan WaitWhileAway { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Nobody else asks meanwhile; whoever died while asking leaves it after so long.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often to look for what has become due.</summary>
    public TimeSpan LookAnyway { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>However often a payer comes back, the provider is asked no more often about one checkout.</summary>
    public TimeSpan BetweenLooks { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Questions under way in this instance …</summary>
    public int Parallel { get; init; } = 16;

    /// <summary>… and of those to one provider: one that is slow leaves room for the others.</summary>
    public int PerProvider { get; init; } = 8;

    /// <summary>One that is open for so long alarms.</summary>
    public TimeSpan Alarming { get; init; } = TimeSpan.FromDays(3);

    /// <summary>After notices were booked, none is for so many times as long as it took.</summary>
    public double NoticesRest { get; init; } = 1;

    /// <summary>While more notices a second come, they are answered and kept, and booking waits for a pause …</summary>
    public int NoticesRush { get; init; } = 200;

    /// <summary>… no longer than this.</summary>
    public TimeSpan NoticesPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A notice that cannot be applied for so long is given up, and stays to be seen.</summary>
    public TimeSpan NoticesGivenUpAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long a payer waits for a provider before the next one is asked.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a question may take.</summary>
    public TimeSpan AskWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long it may take to ask what a payout is made of: page by page of its payments …</summary>
    public TimeSpan PayoutWithin { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>… and how long booking waits for it, before it goes on with what else there is.</summary>
    public TimeSpan PayoutWaits { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a payer who comes back waits for the answer to one.</summary>
    public TimeSpan SeeWithin { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a refund may take: some providers ask the payer's bank meanwhile.</summary>
    public TimeSpan RefundWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After so many calls to a provider, half of them in vain, none is made …</summary>
    public int CallsToJudgeBy { get; init; } = 3;

    /// <summary>… for so long.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long what was refused is kept to be seen.</summary>
    public TimeSpan KeepRefused { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long notices are kept after they were applied.</summary>
    public TimeSpan KeepNotices { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The pause after so many looks; random between 0 and 1, so that not all come at once.</summary>
    public TimeSpan WaitAfter(int looks, double random) => Nth(Waits, looks, random);

    /// <summary>The pause after so many attempts to apply a notice.</summary>
    public TimeSpan NoticeWaitAfter(int attempts, double random) => Nth(NoticeWaits, attempts - 1, random);

    /// <summary>Reads them.</summary>
    public static CheckoutPace From(IConfiguration configuration)
    {
        var pace = new CheckoutPace();
        var section = configuration.GetSection("Payments:Checkouts");
        IReadOnlyList<TimeSpan> Several(string name, IReadOnlyList<TimeSpan> unless) =>
            section[name] is { Length: > 0 } waits
                ? [.. waits.Split(';').Select(each => TimeSpan.Parse(each, CultureInfo.InvariantCulture))]
                : unless;
        return pace with
        {
            Lifetime = section.GetValue("Lifetime", pace.Lifetime),
            Waits = Several("Waits", pace.Waits),
            NoticeWaits = Several("NoticeWaits", pace.NoticeWaits),
            WaitWhileAway = section.GetValue("WaitWhileAway", pace.WaitWhileAway),
            Lease = section.GetValue("Lease", pace.Lease),
            LookAnyway = section.GetValue("LookAnyway", pace.LookAnyway),
            BetweenLooks = section.GetValue("BetweenLooks", pace.BetweenLooks),
            Parallel = section.GetValue("Parallel", pace.Parallel),
            PerProvider = section.GetValue("PerProvider", pace.PerProvider),
            Alarming = section.GetValue("Alarming", pace.Alarming),
            NoticesRest = section.GetValue("NoticesRest", pace.NoticesRest),
            NoticesRush = section.GetValue("NoticesRush", pace.NoticesRush),
            NoticesPatience = section.GetValue("NoticesPatience", pace.NoticesPatience),
            NoticesGivenUpAfter = section.GetValue("NoticesGivenUpAfter", pace.NoticesGivenUpAfter),
            StartWithin = section.GetValue("StartWithin", pace.StartWithin),
            AskWithin = section.GetValue("AskWithin", pace.AskWithin),
            PayoutWithin = section.GetValue("PayoutWithin", pace.PayoutWithin),
            PayoutWaits = section.GetValue("PayoutWaits", pace.PayoutWaits),
            SeeWithin = section.GetValue("SeeWithin", pace.SeeWithin),
            RefundWithin = section.GetValue("RefundWithin", pace.RefundWithin),
            CallsToJudgeBy = section.GetValue("CallsToJudgeBy", pace.CallsToJudgeBy),
            Rest = section.GetValue("Rest", pace.Rest),
            KeepRefused = section.GetValue("KeepRefused", pace.KeepRefused),
            KeepNotices = section.GetValue("KeepNotices", pace.KeepNotices),
        };
    }

    private static TimeSpan Nth(IReadOnlyList<TimeSpan> waits, int nth, double random) =>
        waits[Math.Clamp(nth, 0, waits.Count - 1)] * (0.9 + random / 5);
}
