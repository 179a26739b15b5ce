namespace RetailInvoicing.Portal.SignIn;

/// <summary>Wakes the mailing of links when one was just asked for in this process.</summary>
public sealed class LinkSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    /// <summary>A link was asked for.</summary>
    public void Raise()
    {
        try
        {
            _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // Raised already; one waking does for both.
        }
    }

    /// <summary>Waits for the next one, or until it is time to look anyway.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _raised.WaitAsync(atMost, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _raised.Dispose();
}
