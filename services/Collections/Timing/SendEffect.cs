namespace RetailInvoicing.Collections.Timing;

/// <summary>A customer's invoices that were reminded of, and the days each took from its first message, at most the horizon.</summary>
public sealed record RemindedCustomer(bool HeldOut, int Invoices, double Days);

/// <summary>One of the two groups.</summary>
public sealed record EffectGroup(int Customers, int Invoices, double? Days);

/// <summary>
/// What choosing channel and hour is worth: days to pay of customers whose messages were chosen, against those held out.
/// <para>
/// Measure. Days from an invoice's first message to its payment, at most <see cref="Horizon" />; only invoices whose first message is that
/// long ago, so that none is cut short (the mean up to a horizon, fully seen). By the group that the customer was in then, whatever was
/// done (as assigned, not as treated). The effect is the chosen group's mean less the held out one's: below zero is sooner.
/// </para>
/// <para>
/// Interval, 95%. A customer's invoices resemble each other, so customers and not invoices are counted: each group's mean is the ratio of two
/// sums over customers, its variance the linearised one, C/(C-1) · sum of (days - mean · invoices)² / (sum of invoices)²; Student's t with
/// Welch and Satterthwaite's degrees of freedom. With fewer than <see cref="FewestCustomers" /> customers in a group none is given.
/// </para>
/// </summary>
public sealed record SendEffect
{
    /// <summary>Days that an invoice is followed.</summary>
    public const int Horizon = 60;

    /// <summary>Customers a group below which nothing is said.</summary>
    public const int FewestCustomers = 20;

    private const double Normal = 1.959964;

    /// <summary>Customers whose messages were chosen.</summary>
    public required EffectGroup Chosen { get; init; }

    /// <summary>Customers held out.</summary>
    public required EffectGroup HeldOut { get; init; }

    /// <summary>Days more (or, below zero, fewer) that the chosen group takes; absent where too few are known.</summary>
    public double? Days { get; init; }

    /// <summary>Where the interval begins.</summary>
    public double? From { get; init; }

    /// <summary>Where it ends.</summary>
    public double? To { get; init; }

    /// <summary>The effect that these customers show.</summary>
    public static SendEffect Of(IEnumerable<RemindedCustomer> customers)
    {
        var groups = customers.Where(each => each.Invoices > 0).ToLookup(each => each.HeldOut);
        var (chosen, heldOut) = (groups[false].ToArray(), groups[true].ToArray());
        var effect = new SendEffect { Chosen = GroupOf(chosen), HeldOut = GroupOf(heldOut) };
        if (chosen.Length < FewestCustomers || heldOut.Length < FewestCustomers)
        {
            return effect;
        }

        var (one, other) = (Variance(chosen), Variance(heldOut));
        var days = effect.Chosen.Days!.Value - effect.HeldOut.Days!.Value;
        var half = 0.0;
        if (one + other > 0)
        {
            var freedom = (one + other) * (one + other) / (one * one / (chosen.Length - 1) + other * other / (heldOut.Length - 1));
            half = Student(freedom) * Math.Sqrt(one + other);
        }

        return effect with
        {
            Days = days,
            From = days - half,
            To = days + half,
        };
    }

    private static EffectGroup GroupOf(RemindedCustomer[] group)
    {
        var invoices = group.Sum(each => each.Invoices);
        return new EffectGroup(group.Length, invoices, invoices == 0 ? null : group.Sum(each => each.Days) / invoices);
    }

    private static double Variance(RemindedCustomer[] group)
    {
        double invoices = group.Sum(each => each.Invoices);
        var mean = group.Sum(each => each.Days) / invoices;
        var squares = group.Sum(each => (each.Days - mean * each.Invoices) * (each.Days - mean * each.Invoices));
        return group.Length / (group.Length - 1.0) * squares / (invoices * invoices);
    }

    /// <summary>The 97.5th hundredth of Student's t, by the expansion in 1/freedom (Fisher and Cornish); within 0.01 from ten on.</summary>
    private static double Student(double freedom)
    {
        var (z, z3) = (Normal, Normal * Normal * Normal);
        var z5 = z3 * z * z;
        return z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom);
    }
}
