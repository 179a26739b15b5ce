using Dapper;
using Grpc.Core;
using Grpc.Net.ClientFactory;
using Npgsql;
using RetailInvoicing.Contracts.Grpc.Events;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>
/// What the services told before this one first listened, or what the broker lost, is read from their kept events: at start and now and then.
/// An event that came by the bus already does nothing here. How far each seller's events were all had is written down.
/// </summary>
public sealed partial class CatchUp(
    NpgsqlDataSource database,
    GrpcClientFactory clients,
    ServiceCredentials credentials,
    KeepFacts facts,
    TimeProvider clock,
    ILogger<CatchUp> log
) : BackgroundService
{
    private const int AtOnce = 200;

    /// <summary>
    /// A position is given when an event is written and seen when it commits: one that was slow to commit may stand behind one already
    /// read. So many are read again, which costs a look into the inbox.
    /// </summary>
    private const int ReadAgain = 1000;

    private const string Position = "select position from feed where source = @source";
    private const string Move = """
        insert into feed as known (source, position) values (@source, @position)
        on conflict (source) do update set position = greatest(known.position, excluded.position)
        """;
    private const string MoveSellers = """
        insert into feed_seller as known (source, seller_id, sequence, missed)
        select @source, * from unnest(@sellers, @sequences, @missed) as read (seller_id, sequence, missed) order by seller_id
        on conflict (seller_id, source) do update set
            sequence = greatest(known.sequence, excluded.sequence), missed = known.missed + excluded.missed
        """;
    private const string Had = "select event_id from inbox where consumer = @consumer and event_id = any(@events)";

    private static readonly TimeSpan WhileAway = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhileWell = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeptEvents.Sources.Select(source => FollowAsync(source, stoppingToken)));

    /// <summary>Reads what has not been had of a service; how many there were.</summary>
    public async Task<int> RunAsync(string source, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("CatchUp");
        var request = new ReplayRequest { After = Math.Max(0, await PositionAsync(source, cancellationToken) - ReadAgain) };
        request.Names.Add(KeptEvents.NamesOf(source));
        var events = clients.CreateClient<Events.EventsClient>(source);
        using var call = events.Replay(request, credentials.For(source, OnBehalfOf.System), cancellationToken: cancellationToken);
        var missed = 0;
        var batch = new List<KeptEvent>(AtOnce);
        await foreach (var kept in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            batch.Add(kept);
            if (batch.Count == AtOnce)
            {
                missed += await KeepAsync(source, batch, cancellationToken);
                batch.Clear();
            }
        }

        return missed + await KeepAsync(source, batch, cancellationToken);
    }

    private async Task FollowAsync(string source, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = WhileWell;
            try
            {
                var missed = await RunAsync(source, stoppingToken);
                if (missed > 0)
                {
                    LogCaughtUp(missed, source);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogAway(source, exception.Message);
                pause = WhileAway;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> KeepAsync(string source, List<KeptEvent> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return 0;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var ids = batch.Select(kept => Guid.Parse(kept.EventId)).ToArray();
        var had = (await connection.QueryAsync<Guid>(Had, new { consumer = KeepFacts.Consumer, events = ids })).ToHashSet();
        var missed = batch.Where(kept => !had.Contains(Guid.Parse(kept.EventId))).ToArray();
        // What the bus brings meanwhile is not missed.
        var kept = await Task.WhenAll(missed.Select(each => KeepAsync(each, cancellationToken)));
        var first = missed.Where((_, i) => kept[i]).CountBy(each => each.SellerId).ToDictionary(StringComparer.Ordinal);
        var sellers = batch.GroupBy(each => each.SellerId, StringComparer.Ordinal).ToArray();
        await connection.ExecuteAsync(
            MoveSellers,
            new
            {
                source,
                sellers = sellers.Select(seller => seller.Key).ToArray(),
                sequences = sellers.Select(seller => seller.Max(each => each.Sequence)).ToArray(),
                missed = sellers.Select(seller => (long)first.GetValueOrDefault(seller.Key)).ToArray(),
            }
        );
        await connection.ExecuteAsync(Move, new { source, position = batch[^1].Position });
        return kept.Count(isFirst => isFirst);
    }

    private Task<bool> KeepAsync(KeptEvent kept, CancellationToken cancellationToken)
    {
        var told = KeptEvents.Read(kept);
        return facts.KeepAsync(told, HappenedAt(told.EventId) ?? clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Ours are of version 7, which begins with the millisecond that they were made in.</summary>
    private static DateTimeOffset? HappenedAt(EventId id)
    {
        if (id.Value.Version != 7)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16);
    }

    private async Task<long> PositionAsync(string source, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long>(Position, new { source });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} events that the bus had not brought were read from {Source}")]
    private partial void LogCaughtUp(int count, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept events of {Source} are read later: {Reason}")]
    private partial void LogAway(string source, string reason);
}
