namespace RetailInvoicing.Simulators.Bank.Control;

/// <summary>A fault asked for by POST /control/faults.</summary>
internal sealed record Fault
{
    public string Kind { get; init; } = "";

    /// <summary>Of so many, from 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>For transfers to one account alone.</summary>
    public string? Iban { get; init; }

    /// <summary>So many times, and then no more.</summary>
    public int? Times { get; init; }

    /// <summary>How late.</summary>
    public double? Seconds { get; init; }

    /// <summary>Why a transfer is taken back, as AM05.</summary>
    public string? Code { get; init; }

    public TimeSpan Wait(double unlessSaid) => TimeSpan.FromSeconds(Seconds ?? unlessSaid);
}

/// <summary>What can go wrong between a payer and a seller.</summary>
internal static class FaultKinds
{
    /// <summary>Booked at once, told later.</summary>
    public const string Late = "late";

    /// <summary>What the payer wrote does not arrive.</summary>
    public const string LostReference = "lost-reference";

    /// <summary>The payer has copied the reference with one sign wrong.</summary>
    public const string Typo = "typo";

    /// <summary>It is paid in one with the next transfer to the same account.</summary>
    public const string Merged = "merged";

    /// <summary>The bank takes it back.</summary>
    public const string Returned = "returned";

    /// <summary>The seller is told twice.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The seller is not told; the statement has it.</summary>
    public const string LostNotice = "lost-notice";

    public static readonly IReadOnlyList<string> All = [Late, LostReference, Typo, Merged, Returned, Duplicate, LostNotice];
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

        if (fault.Rate is not (>= 0 and <= 1) || fault.Seconds is < 0 or > 3600 || fault.Times < 0)
        {
            return "rate: 0 … 1; seconds: 0 … 3600; times: 0 …";
        }

        if (fault.Code is { } code && (code.Length != 4 || !code.All(char.IsAsciiLetterOrDigit)))
        {
            return "code: four letters and digits, as AM05";
        }

        lock (_gate)
        {
            _asked.Add(new(fault with { Iban = fault.Iban is null ? null : CheckDigits.Compact(fault.Iban) }, fault.Times ?? int.MaxValue));
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

    /// <summary>A fault of a kind for a transfer to an account; null where there is none. Kinds are drawn apart: one may be late and mistyped.</summary>
    public Fault? Draw(string kind, string iban)
    {
        lock (_gate)
        {
            foreach (
                var each in _asked.Where(each =>
                    each.Left > 0 && each.Fault.Kind == kind && (each.Fault.Iban is null || each.Fault.Iban == iban)
                )
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
