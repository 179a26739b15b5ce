namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>How long to wait after so many failures: doubling up to a cap, with jitter so that not everyone comes back at once.</summary>
public static class Backoff
{
    /// <summary>The wait after the n-th failure in a row; random lies in 0…1.</summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan cap, double random)
    {
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, cap.TotalMilliseconds) * (0.75 + random / 4));
    }
}
