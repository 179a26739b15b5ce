namespace RetailInvoicing.Simulators.Redsys.Control;

/// <summary>A fault asked for by POST /control/faults.</summary>
internal sealed record Fault
{
    public string Kind { get; init; } = "";

    /// <summary>page, refund, query or notification; wherever the kind can be had where nothing is said.</summary>
    public string? On { get; init; }

    /// <summary>Of so many, from 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>For one order alone.</summary>
    public string? Order { get; init; }

    /// <summary>So many times, and then no more.</summary>
    public int? Times { get; init; }

    /// <summary>How slow, how late.</summary>
    public double? Seconds { get; init; }

    /// <summary>Ds_Response or the SIS code of a refund that fails; the status of a door that is down.</summary>
    public string? Code { get; init; }

    /// <summary>How often it was had; the simulator counts.</summary>
    public int Had { get; init; }

    public TimeSpan Wait(double unlessSaid) => TimeSpan.FromSeconds(Seconds ?? unlessSaid);
}

/// <summary>The kinds of faults, and where each can be had.</summary>
internal static class FaultKinds
{
    public const string Slow = "slow";
    public const string Down = "down";
    public const string LostAnswer = "lost-answer";
    public const string RefundFailure = "refund-failure";
    public const string LostNotification = "lost-notification";
    public const string Duplicate = "duplicate";
    public const string OutOfOrder = "out-of-order";
    public const string Forged = "forged";

    public const string Page = "page";
    public const string Refund = "refund";
    public const string Query = "query";
    public const string Notification = "notification";

    public static readonly IReadOnlyDictionary<string, string[]> Places = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Slow] = [Page, Refund, Query, Notification],
        [Down] = [Page, Refund, Query],
        [LostAnswer] = [Refund, Query],
        [RefundFailure] = [Refund],
        [LostNotification] = [Notification],
        [Duplicate] = [Notification],
        [OutOfOrder] = [Notification],
        [Forged] = [Notification],
    };
}

/// <summary>The faults asked for, drawn at random from a seed. They are not kept: a restart has none.</summary>
internal sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly List<Asked> _asked = [];
    private Random _random = new(0);

    /// <summary>Adds one; what is wrong with it where it cannot be.</summary>
    public string? Add(Fault fault)
    {
        if (!FaultKinds.Places.TryGetValue(fault.Kind, out var places))
        {
            return $"kind: {string.Join(" | ", FaultKinds.Places.Keys)}";
        }

        if (fault.On is { } on && !places.Contains(on))
        {
            return $"on, of {fault.Kind}: {string.Join(" | ", places)}";
        }

        if (fault.Rate is not (>= 0 and <= 1) || fault.Seconds is < 0 or > 3600 || fault.Times < 0)
        {
            return "rate: 0 … 1; seconds: 0 … 3600; times: 0 …";
        }

        lock (_gate)
        {
            _asked.Add(new(fault, fault.Times ?? int.MaxValue));
        }

        return null;
    }

    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _asked.Select(each => each.Fault with { Times = each.Fault.Times is null ? null : each.Left, Had = each.Had })];
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _asked.Clear();
        }
    }

    public void Seed(int seed)
    {
        lock (_gate)
        {
            _random = new Random(seed);
        }
    }

    /// <summary>A fault of a kind at a place; null where there is none. Kinds are drawn apart: a notice may be late and doubled.</summary>
    public Fault? Draw(string kind, string place, string? order)
    {
        lock (_gate)
        {
            foreach (
                var each in _asked.Where(each =>
                    each.Left > 0
                    && each.Fault.Kind == kind
                    && (each.Fault.On ?? place) == place
                    && (each.Fault.Order is null || each.Fault.Order == order)
                )
            )
            {
                if (_random.NextDouble() < each.Fault.Rate)
                {
                    each.Left--;
                    each.Had++;
                    return each.Fault;
                }
            }

            return null;
        }
    }

    private sealed class Asked(Fault fault, int left)
    {
        public Fault Fault { get; } = fault;

        public int Left { get; set; } = left;

        public int Had { get; set; }
    }
}
