namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// The share of those who would not have paid within fourteen days that an act of a kind makes pay.
/// <para>
/// Model. An act is a trial of its own beside the customer's own course (noisy or): an invoice stays unpaid with the chance
/// (1 − p) · (1 − u), p from the hazard without acts and u of the act. Over many acts the sum of (1 − p) is how many would have stayed
/// unpaid, so u is 1 − unpaid / that sum. Each level is shrunk towards the one above, which counts as so many that would have stayed
/// unpaid: the table <see cref="TableWeight" /> for a seller, the seller <see cref="SegmentWeight" /> for its businesses or consumers,
/// these <see cref="CustomerWeight" /> for a customer. Who pays after calls only has a u near 1 after few of them, and who
/// promises and does not pay has one near 0.
/// </para>
/// </summary>
public sealed class ActUplift
{
    /// <summary>What the table counts as.</summary>
    public const double TableWeight = 15;

    /// <summary>What the seller's customers count as for a segment.</summary>
    public const double SegmentWeight = 10;

    /// <summary>What the segment counts as for a customer.</summary>
    public const double CustomerWeight = 2.5;

    private const double Least = 0.002;
    private const double Most = 0.95;

    // Order of ActKind. No study's: cautious, so that an act which was never tried is not put before one that works.
    private static readonly double[] Table = [0.20, 0.05, 0.07, 0.06, 0.25, 0.15];

    private readonly double[] _uplifts;

    private ActUplift(double[] uplifts) => _uplifts = uplifts;

    /// <summary>What is said where nothing was tried.</summary>
    public static readonly ActUplift Prior = new(Table);

    /// <summary>The level below.</summary>
    public static ActUplift Of(ActUplift above, Habit sums, double weight)
    {
        var uplifts = new double[ActKinds.Count];
        for (var kind = 0; kind < uplifts.Length; kind++)
        {
            var unpaid = (sums.ActUnpaid[kind] + weight * (1 - above._uplifts[kind])) / (sums.ActUnmoved[kind] + weight);
            uplifts[kind] = Math.Clamp(1 - unpaid, Least, Most);
        }

        return new ActUplift(uplifts);
    }

    /// <summary>A customer's, by all levels.</summary>
    public static ActUplift Of(SellerChances chances, bool business, Habit customer) =>
        Of(Of(Of(Prior, chances.Whole, TableWeight), chances.SegmentSums(business), SegmentWeight), customer, CustomerWeight);

    /// <summary>The share that an act of this kind makes pay.</summary>
    public double By(ActKind kind) => _uplifts[(int)kind];
}
