using RetailInvoicing.Benchmarks.Delivery;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>
/// A system of a class's own whose mails go to a server that its tests stop, resume and question; started by the first that wants it.
/// </summary>
public sealed class MailSystem : IAsyncDisposable
{
    private readonly Lazy<Task<StartedSystem>> _started;

    /// <summary>Opens the server; the system follows when it is wanted.</summary>
    public MailSystem() => _started = new(() => StartedSystem.StartAsync(["--empty=true", $"--Parameters:smtp-url={Sink.Url}"]));

    /// <summary>The system, ready.</summary>
    public Task<StartedSystem> Started => _started.Value;

    /// <summary>The server that its mails go to.</summary>
    internal SmtpSink Sink { get; } = SmtpSink.Start();

    /// <summary>Stops both.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated && _started.Value.IsCompletedSuccessfully)
        {
            await (await _started.Value).DisposeAsync();
        }

        await Sink.DisposeAsync();
    }
}
