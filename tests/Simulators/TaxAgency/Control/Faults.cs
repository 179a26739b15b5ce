namespace RetailInvoicing.Simulators.TaxAgency.Control;

/// <summary>A fault asked for by POST /control/faults.</summary>
internal sealed record Fault
{
    public string Kind { get; init; } = "";

    /// <summary>Of so many requests, from 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>For one taxpayer alone.</summary>
    public string? Nif { get; init; }

    /// <summary>So many times, and then no more.</summary>
    public int? Times { get; init; }

    /// <summary>How slow.</summary>
    public double? Seconds { get; init; }

    /// <summary>Which code or status.</summary>
    public int? Code { get; init; }

    /// <summary>submission, which it is where nothing is said, or query.</summary>
    public string On { get; init; } = "submission";
}

/// <summary>The kinds of faults.</summary>
internal static class FaultKinds
{
    public const string Slow = "slow";
    public const string CutBefore = "cut-before";
    public const string CutAfter = "cut-after";
    public const string ServerError = "5xx";
    public const string Malformed = "malformed";
    public const string Partial = "partial";
    public const string CertificateRefused = "certificate-refused";
    public const string ServerFault = "fault-server";
    public const string RejectCode = "reject-code";

    public static readonly string[] All =
    [
        Slow,
        CutBefore,
        CutAfter,
        ServerError,
        Malformed,
        Partial,
        CertificateRefused,
        ServerFault,
        RejectCode,
    ];
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
            || fault.Seconds is < 0 or > 3600
            || fault.Times < 0
            || fault.On is not ("submission" or "query")
        )
        {
            return "rate: 0 … 1; seconds: 0 … 3600; times: 0 …; on: submission | query";
        }

        if (fault.Kind == FaultKinds.RejectCode && fault.Code is null)
        {
            return "code: which one the records are refused with";
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
                return [.. _asked.Select(each => each.Fault with { Times = each.Left == int.MaxValue ? null : each.Left })];
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

    /// <summary>The fault that a request gets; null where it gets none.</summary>
    public Fault? Draw(string on, string? nif)
    {
        lock (_gate)
        {
            foreach (
                var each in _asked.Where(each => each.Left > 0 && each.Fault.On == on && (each.Fault.Nif is null || each.Fault.Nif == nif))
            )
            {
                if (_random.NextDouble() < each.Fault.Rate)
                {
                    each.Left--;
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
    }
}
