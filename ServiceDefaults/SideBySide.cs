namespace RetailInvoicing.ServiceDefaults;

/// <summary>Loops that run side by side for as long as a service lives.</summary>
public static class SideBySide
{
    /// <summary>
    /// Runs them until the service stops. One that ends before takes the service with it, which is then started again: a loop that is
    /// missing unnoticed would be work standing still.
    /// </summary>
    public static async Task RunAsync(CancellationToken stoppingToken, params Task[] loops)
    {
        await await Task.WhenAny(loops);
        if (!stoppingToken.IsCancellationRequested)
        {
            throw new InvalidOperationException("a loop that should run as long as the service ended");
        }

        await Task.WhenAll(loops);
    }
}
