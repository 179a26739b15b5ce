using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.ClientFactory;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Events;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Rebuild;

/// <summary>An event read again: its position in its service's events, and when it became known, if it did and is not in the next set.</summary>
public sealed record EventAgain(string Source, long Position, IEvent Event, DateTimeOffset? KnownAt, bool IsLoaded);

/// <summary>
/// Kept events of a service, read again in chunks; while one chunk is written the next are read and understood, each on a core of its own.
/// </summary>
public sealed class ReadEvents(NpgsqlDataSource database, GrpcClientFactory clients, ServiceCredentials credentials)
{
    // Small: what is understood and not yet written is what the garbage collector walks through each time.
    private const int ChunkEvents = 250;
    private const int ChunkBytes = 2 * 1024 * 1024;
    private const int ChunksAhead = 3;

    private const string Known = $"""
        select o.event_id, o.known_at, n.event_id is not null
        from {BuildTables.Now}.known_event o left join {BuildTables.Next}.known_event n on n.event_id = o.event_id
        where o.event_id = any(@events)
        """;

    /// <summary>The events after a position, of one seller or all.</summary>
    public async IAsyncEnumerable<IReadOnlyList<EventAgain>> RunAsync(
        string source,
        long after,
        SellerId? seller,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var chunks = Channel.CreateBounded<Task<IReadOnlyList<EventAgain>>>(ChunksAhead);
        var reads = Task.Run(() => ReadAsync(source, after, seller, chunks.Writer, ends.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in chunks.Reader.ReadAllAsync(cancellationToken))
            {
                yield return await chunk;
            }
        }
        finally
        {
            await ends.CancelAsync();
        }

        await reads;
    }

    private async Task ReadAsync(
        string source,
        long after,
        SellerId? seller,
        ChannelWriter<Task<IReadOnlyList<EventAgain>>> chunks,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var request = new ReplayRequest { After = after };
            request.Names.Add(KeptEvents.NamesOf(source));
            if (seller is { } one)
            {
                request.SellerId = one.Value;
            }

            var events = clients.CreateClient<Events.EventsClient>(source);
            using var call = events.Replay(request, credentials.For(source, OnBehalfOf.System), cancellationToken: cancellationToken);
            var (chunk, bytes) = (new List<KeptEvent>(ChunkEvents), 0);
            await foreach (var kept in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                chunk.Add(kept);
                bytes += kept.Body.Length;
                if (chunk.Count == ChunkEvents || bytes > ChunkBytes)
                {
                    await chunks.WriteAsync(Understand(source, chunk, cancellationToken), cancellationToken);
                    (chunk, bytes) = (new List<KeptEvent>(ChunkEvents), 0);
                }
            }

            if (chunk.Count > 0)
            {
                await chunks.WriteAsync(Understand(source, chunk, cancellationToken), cancellationToken);
            }

            chunks.Complete();
        }
        catch (Exception exception)
        {
            chunks.TryComplete(exception);
        }
    }

    private Task<IReadOnlyList<EventAgain>> Understand(string source, List<KeptEvent> chunk, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                var known = await KnownAsync([.. chunk.Select(kept => Guid.Parse(kept.EventId))], cancellationToken);
                var understood = new List<EventAgain>(chunk.Count);
                foreach (var kept in chunk)
                {
                    var had = known.TryGetValue(Guid.Parse(kept.EventId), out var at);
                    understood.Add(
                        new EventAgain(source, kept.Position, KeptEvents.Read(kept), had ? at.KnownAt : null, had && at.IsLoaded)
                    );
                }

                return (IReadOnlyList<EventAgain>)understood;
            },
            cancellationToken
        );

    private async Task<Dictionary<Guid, (DateTimeOffset KnownAt, bool IsLoaded)>> KnownAsync(
        Guid[] events,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(Known);
        command.Parameters.Add(new("events", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = events });
        var known = new Dictionary<Guid, (DateTimeOffset, bool)>(events.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known[reader.GetGuid(0)] = (await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken), reader.GetBoolean(2));
        }

        return known;
    }

    /// <summary>How many invoice lines an event has.</summary>
    public static int LinesOf(IEvent told) => told is InvoiceIssued issued ? issued.Lines.Count : 0;
}
