using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class BacklogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly BacklogLimits Limits = new();

    [Fact]
    public void A_service_is_hopeless_once_its_queue_or_its_bus_has_been_away_for_the_whole_time()
    {
        var unheard = new Backlog { Queues = Queues(Noon) };
        var down = new Backlog { BusDownSince = Noon };

        Assert.Null(unheard.Hopeless(Limits, Noon.AddSeconds(44)));
        Assert.Equal("nobody consumes q", unheard.Hopeless(Limits, Noon.AddSeconds(45)));
        Assert.Null(down.Hopeless(Limits, Noon.AddSeconds(44)));
        Assert.Equal("its bus is not up", down.Hopeless(Limits, Noon.AddSeconds(45)));
        Assert.Null(new Backlog { Queues = Queues(null) }.Hopeless(Limits, Noon.AddDays(1)));
    }

    // A restart while the broker is away would bind no queue, and take a service that still issues out of the way.
    [Fact]
    public void While_the_broker_is_away_no_service_ends_for_want_of_it_and_how_much_waits_is_still_said()
    {
        var away = new Backlog { Queues = Queues(Noon), BusDownSince = Noon }.Unseen();

        Assert.Null(away.Hopeless(Limits, Noon.AddHours(1)));
        Assert.Equal(7, away.Queues["q"].Ready);
        var again = QueueBacklog.After(away.Queues["q"], 0, 0, isUnheard: true, Limits, Noon.AddHours(1));
        Assert.Equal(Noon.AddHours(1), again.UnheardSince);
    }

    private static Dictionary<string, QueueBacklog> Queues(DateTimeOffset? unheardSince) =>
        new(StringComparer.Ordinal) { ["q"] = new QueueBacklog(7, 0, null, unheardSince) };
}
