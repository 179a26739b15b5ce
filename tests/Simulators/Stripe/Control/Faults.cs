namespace RetailInvoicing.Simulators.Stripe.Control;

/// <summary>A fault asked for by POST /control/faults.</summary>
internal sealed record Fault
{
    public string Kind { get; init; } = "";

    /// <summary>Of so many, from 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>For one account alone.</summary>
    public string? Account { get; init; }

    /// <summary>So many times, and then no more.</summary>
    public int? Times { get; init; }

    /// <summary>How slow, or how far out of order.</summary>
    public double? Seconds { get; init; }

    /// <summary>Which status; where none is said, the connection drops.</summary>
    public int? Code { get; init; }

    /// <summary>api, which it is where nothing is said, page or notice: of slow and down.</summary>
    public string On { get; init; } = Api;

    /// <summary>How often it was had; the simulator counts.</summary>
    public int Had { get; init; }

    public const string Api = "api";
    public const string Page = "page";
    public const string Notice = "notice";
}

/// <summary>The kinds of faults.</summary>
internal static class FaultKinds
{
    /// <summary>What is asked is answered late, or a notice comes late.</summary>
    public const string Slow = "slow";

    /// <summary>Nothing is done.</summary>
    public const string Down = "down";

    /// <summary>It is done, and the connection drops before the answer.</summary>
    public const string LostAnswer = "lost-answer";

    /// <summary>A notice comes twice.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>A notice comes after later ones.</summary>
    public const string OutOfOrder = "out-of-order";

    /// <summary>A notice never comes.</summary>
    public const string LostNotice = "lost-notice";

    /// <summary>A refund is under way, and then is not given.</summary>
    public const string RefundFailure = "refund-failure";

    /// <summary>A payment is disputed as soon as it was made.</summary>
    public const string Dispute = "dispute";

    public static readonly string[] All = [Slow, Down, LostAnswer, Duplicate, OutOfOrder, LostNotice, RefundFailure, Dispute];
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
        if (!FaultKinds.All.Contains(fault.Kind))
        {
            return $"kind: {string.Join(" | ", FaultKinds.All)}";
        }

        if (
            fault.Rate is not (>= 0 and <= 1)
            || fault.Seconds is not (null or (>= 0 and <= 86_400))
            || fault.Times < 0
            || fault.Code is not (null or (>= 400 and <= 599))
            || fault.On is not (Fault.Api or Fault.Page or Fault.Notice)
        )
        {
            return "rate: 0 … 1; seconds: 0 … 86400; times: 0 …; code: 400 … 599; on: api | page | notice";
        }

        lock (_gate)
        {
            _asked.Add(new(fault, fault.Times ?? int.MaxValue));
        }

        return null;
    }

    public IReadOnlyList<Fault> All()
    {
        lock (_gate)
        {
            return [.. _asked.Select(each => each.Fault with { Times = each.Left == int.MaxValue ? null : each.Left, Had = each.Had })];
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

    /// <summary>The fault of a kind that this gets; null where it gets none.</summary>
    public Fault? Draw(string kind, string? account, string on = Fault.Api)
    {
        lock (_gate)
        {
            foreach (
                var each in _asked.Where(each =>
                    each.Left > 0
                    && each.Fault.Kind == kind
                    && (each.Fault.Account is null || each.Fault.Account == account)
                    && (kind is not (FaultKinds.Slow or FaultKinds.Down) || each.Fault.On == on)
                )
            )
            {
                if (_random.NextDouble() < each.Fault.Rate)
                {
                    if (each.Left != int.MaxValue)
                    {
                        each.Left--;
                    }

                    each.Had++;
                    return each.Fault;
                }
            }

            return null;
        }
    }

    /// <summary>A part of so many seconds, at random.</summary>
    public TimeSpan Within(double seconds)
    {
        lock (_gate)
        {
            return TimeSpan.FromSeconds(_random.NextDouble() * seconds);
        }
    }

    private sealed class Asked(Fault fault, int left)
    {
        public Fault Fault { get; } = fault;

        public int Left { get; set; } = left;

        public int Had { get; set; }
    }
}
