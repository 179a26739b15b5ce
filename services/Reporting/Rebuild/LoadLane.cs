using System.Threading.Channels;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Rebuild;

/// <summary>Writes what events say into tables, chunk after chunk; one chunk waits for it at most.</summary>
public sealed class LoadLane
{
    private readonly Channel<IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)>> _chunks = Channel.CreateBounded<
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)>
    >(1);

    /// <summary>Begins.</summary>
    public LoadLane(Func<ChannelReader<IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)>>, Task> write) =>
        Work = Task.Run(() => RunAsync(write));

    /// <summary>Ends when all that was given is written, or why it could not be.</summary>
    public Task Work { get; }

    /// <summary>Gives it a chunk as soon as it takes one; throws where it has failed.</summary>
    public ValueTask GiveAsync(IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told) => _chunks.Writer.WriteAsync(told);

    /// <summary>Nothing more comes.</summary>
    public void End() => _chunks.Writer.TryComplete();

    private async Task RunAsync(Func<ChannelReader<IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)>>, Task> write)
    {
        try
        {
            await write(_chunks.Reader);
        }
        catch (Exception exception)
        {
            _chunks.Writer.TryComplete(exception);
            throw;
        }
    }
}
