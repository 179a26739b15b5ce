namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>How long to wait after so many failures: doubling up to a cap, with jitter so that not everyone comes back at once.</summary>
public static class Backoff
{
    /// <summary>From here on the pauses are as long as they get.</summary>
    private const int MostOfNeighbours = 8;

    /// <summary>
    /// How often it counts as put off after one more time. However long a neighbour is away, that is not the message's fault, and does not
    /// use up what it is given.
    /// </summary>
    public static int Counted(int before, bool isNeighbours) =>
        isNeighbours ? Math.Max(before, Math.Min(before + 1, MostOfNeighbours)) : before + 1;

    /// <summary>The wait after the n-th failure in a row; random lies in 0…1.</summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan cap, double random)
    {
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, cap.TotalMilliseconds) * (0.75 + random / 4));
    }
}
