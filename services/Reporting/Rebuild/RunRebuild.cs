using System.Diagnostics;
using System.Threading.Channels;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Rebuild;

/// <summary>The login that owns the tables.</summary>
public sealed record RebuildLogin(string ConnectionString);

/// <summary>
/// Makes all that follows from events again, from the events that the services keep, in a set of tables beside the one that goes on serving and
/// hearing; says whether every row is the same, and puts it in the place of the old one. Each event is known from when it first was, so what a
/// report said at an instant outlives it.
/// </summary>
public sealed partial class RunRebuild(
    RebuildLogin login,
    ReadEvents events,
    NpgsqlDataSource database,
    KeepFacts facts,
    TimeProvider clock,
    ILogger<RunRebuild> log
) : BackgroundService
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    private const int MostRounds = 20;
    private const int FewMissing = 200;

    // As long as an event may take from its position to its commit.
    private const int ReadAgain = 1000;

    private const string MyTurn = "select pg_try_advisory_lock(72658)";
    private const string MyTurnIsOver = "select pg_advisory_unlock(72658)";
    private const string Ask = """
        insert into rebuild (rebuild_id, seller_id, state, started_at)
        select @id, @seller, 'waiting', @at
        where not exists (select from rebuild where state not in ('done', 'failed'))
        """;
    private const string Tell = """
        update rebuild set state = @state, events = @events, lines = @lines, finished_at = @finishedAt, is_equal = @isEqual, differs = @differs,
            reason = @reason, built_in_ms = @builtInMs
        where rebuild_id = @rebuildId
        """;
    private const string Last = "select * from rebuild order by started_at desc limit 1";
    private const string Stopped = """
        update rebuild set state = 'failed', reason = 'the service stopped', finished_at = @at where state not in ('done', 'failed')
        """;
    private const string CopyKnown = $"copy {BuildTables.Next}.known_event (event_id, seller_id, known_at) from stdin (format binary)";
    private const string Missing = $"""
        select count(*) from {BuildTables.Now}.known_event o
        where (@seller::text is null or o.seller_id = @seller)
          and not exists (select from {BuildTables.Next}.known_event n where n.event_id = o.event_id)
        """;

    // Whoever keeps facts writes here first.
    private const string HoldWriters = $"lock table {BuildTables.Now}.known_event in exclusive mode";
    private const string QuickSession = """
        set synchronous_commit = off; set work_mem = '128MB'; set maintenance_work_mem = '256MB'; set lock_timeout = '10s'
        """;

    private readonly Channel<RebuildState> _asked = Channel.CreateUnbounded<RebuildState>();

    private IReadOnlyList<string> Tables => ["known_event", .. facts.Projections.SelectMany(projection => projection.Tables)];

    /// <summary>Asks for a rebuild of all, or of one seller; refused while one is under way.</summary>
    public async Task<Outcome<RebuildState>> AskAsync(SellerId? seller, CancellationToken cancellationToken)
    {
        var asked = new RebuildState
        {
            RebuildId = Guid.CreateVersion7(),
            SellerId = seller?.Value,
            State = "waiting",
            StartedAt = clock.GetUtcNow(),
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var taken = await connection.ExecuteAsync(
            Ask,
            new
            {
                id = asked.RebuildId,
                seller = asked.SellerId,
                at = asked.StartedAt,
            }
        );
        if (taken == 0)
        {
            return ReportingFaults.RebuildUnderWay.With();
        }

        _asked.Writer.TryWrite(asked);
        return asked;
    }

    /// <summary>The last one that was asked for.</summary>
    public async Task<RebuildState?> LastAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RebuildState>(Last);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ForgetStoppedAsync(stoppingToken);
        await foreach (var asked in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            await RunAsync(asked, stoppingToken);
        }
    }

    /// <summary>The rebuild, to its end; what came of it is told and kept.</summary>
    public async Task<RebuildState> RunAsync(RebuildState asked, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("RunRebuild");
        var state = asked;
        try
        {
            await using var owner = await OwnerAsync(cancellationToken);
            if (!await owner.ExecuteScalarAsync<bool>(MyTurn))
            {
                state = state with { State = "failed", Reason = "another instance is rebuilding" };
            }
            else
            {
                try
                {
                    state = await RebuildAsync(owner, state, cancellationToken);
                }
                finally
                {
                    // A connection that goes back to its pool keeps its locks until somebody else takes it.
                    if (owner.FullState == System.Data.ConnectionState.Open)
                    {
                        await owner.ExecuteAsync(MyTurnIsOver);
                    }
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception);
            state = state with { State = "failed", Reason = exception.Message };
        }

        state = state with { FinishedAt = clock.GetUtcNow() };
        await TellAsync(state, cancellationToken);
        LogDone(state.State, state.Events, state.Lines, state.BuiltInMs, state.IsEqual);
        return state;
    }

    private async Task<RebuildState> RebuildAsync(NpgsqlConnection owner, RebuildState state, CancellationToken cancellationToken)
    {
        SellerId? seller = state.SellerId is null ? null : SellerId.Of(state.SellerId);
        var began = Stopwatch.GetTimestamp();
        foreach (var projection in facts.Projections)
        {
            projection.BeginLoad();
        }

        var appended = facts.Projections.SelectMany(projection => projection.Appended).ToArray();
        await BuildTables.MakeAsync(owner, Tables);
        await BuildTables.MakeKeysAsync(owner, [.. Tables.Except(appended)]);
        // What becomes known from now on is kept in the order that it becomes known, after the rest has been added up.
        var horizon = clock.GetUtcNow();
        var places = new Dictionary<string, long>();
        foreach (var source in KeptEvents.Sources)
        {
            state = await LoadAsync(source, seller, horizon, places, state, cancellationToken);
        }

        var rows = Stopwatch.GetElapsedTime(began);
        state = await TellAsync(state with { State = "adding-up" }, cancellationToken);
        await MakeKeysAsync(cancellationToken);
        var keys = Stopwatch.GetElapsedTime(began) - rows;
        await Task.WhenAll(
            facts.Projections.Select(projection =>
                ApplyAsync(transaction => projection.MakeSumsAsync(transaction, cancellationToken), cancellationToken)
            )
        );
        var sums = Stopwatch.GetElapsedTime(began) - rows - keys;
        LogBuilt(rows.TotalMilliseconds, keys.TotalMilliseconds, sums.TotalMilliseconds);
        state = state with { BuiltInMs = (long)(rows + keys + sums).TotalMilliseconds };
        await BuildTables.MakeIndexesAsync(owner, Tables);
        state = await TellAsync(state with { State = "comparing" }, cancellationToken);
        for (var round = 0; round < MostRounds && await CatchUpAsync(seller, places, cancellationToken) > FewMissing; round++) { }

        var differs = await CompareAsync(seller, places, cancellationToken);
        state = await TellAsync(state with { State = "swapping", IsEqual = differs.Count == 0, Differs = [.. differs] }, cancellationToken);
        await SwapAsync(owner, seller, places, isEqual: differs.Count == 0, cancellationToken);
        return state with { State = "done" };
    }

    private async Task<RebuildState> LoadAsync(
        string source,
        SellerId? seller,
        DateTimeOffset horizon,
        Dictionary<string, long> places,
        RebuildState state,
        CancellationToken cancellationToken
    )
    {
        var last = 0L;
        long? setAside = null;
        var toldAt = Stopwatch.GetTimestamp();
        var lanes = facts
            .Projections.Skip(1)
            .Select(projection =>
                Lane((transaction, told) => projection.LoadAsync(transaction, told, cancellationToken), cancellationToken)
            )
            .Append(Lane((transaction, told) => CopyKnownAsync(transaction.Connection!, told, cancellationToken), cancellationToken))
            .ToArray();
        try
        {
            await foreach (var chunk in events.RunAsync(source, 0, seller, cancellationToken))
            {
                // What was never heard, or is later than the beginning, comes when the rest has been added up.
                var told = chunk.Where(each => each.KnownAt <= horizon).Select(each => (each.Event, each.KnownAt!.Value)).ToArray();
                setAside ??= chunk.FirstOrDefault(each => !(each.KnownAt <= horizon))?.Position;
                last = chunk[^1].Position;
                // Sellers first, since others read them.
                if (told.Any(each => each.Event is SellerRegistered))
                {
                    await ApplyAsync(
                        transaction => facts.Projections[0].LoadAsync(transaction, told, cancellationToken),
                        cancellationToken
                    );
                }

                foreach (var lane in lanes)
                {
                    await lane.GiveAsync(told);
                }

                state = state with
                {
                    State = "reading",
                    Events = state.Events + told.Length,
                    Lines = state.Lines + told.Sum(each => (long)ReadEvents.LinesOf(each.Event)),
                };
                if (Stopwatch.GetElapsedTime(toldAt) > TellEvery)
                {
                    toldAt = Stopwatch.GetTimestamp();
                    state = await TellAsync(state, cancellationToken);
                }
            }
        }
        finally
        {
            foreach (var lane in lanes)
            {
                lane.End();
            }

            await Task.WhenAll(lanes.Select(lane => lane.Work));
        }

        places[source] = Math.Max(0, Math.Min(last - ReadAgain, (setAside ?? last) - 1));
        return state;
    }

    /// <summary>One that writes chunk after chunk in a transaction of its own, while others are at other chunks.</summary>
    private LoadLane Lane(
        Func<NpgsqlTransaction, IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)>, Task> write,
        CancellationToken cancellationToken
    ) =>
        new(chunks =>
            ApplyAsync(
                async transaction =>
                {
                    await foreach (var told in chunks.ReadAllAsync(cancellationToken))
                    {
                        await write(transaction, told);
                    }
                },
                cancellationToken
            )
        );

    /// <summary>In a transaction of its own. Nobody reads these tables yet.</summary>
    private async Task ApplyAsync(Func<NpgsqlTransaction, Task> work, CancellationToken cancellationToken)
    {
        await using var connection = await OwnerAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await work(transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The keys of what was only appended, as many at a time as there are cores to sort them.</summary>
    private Task MakeKeysAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            facts.Projections.SelectMany(projection => projection.Appended),
            cancellationToken,
            async (table, ends) =>
            {
                await using var connection = await OwnerAsync(ends);
                await BuildTables.MakeKeysAsync(connection, [table]);
            }
        );

    /// <summary>
    /// What became known meanwhile, in the order that it did; how many there were. What nobody had heard of is heard now, and is among those
    /// of the next look.
    /// </summary>
    private async Task<int> CatchUpAsync(SellerId? seller, Dictionary<string, long> places, CancellationToken cancellationToken)
    {
        var missing = new List<EventAgain>();
        var unheard = 0;
        foreach (var source in KeptEvents.Sources)
        {
            var last = places[source];
            await foreach (var chunk in events.RunAsync(source, places[source], seller, cancellationToken))
            {
                last = chunk[^1].Position;
                missing.AddRange(chunk.Where(each => each is { KnownAt: not null, IsLoaded: false }));
                var never = chunk.Where(each => each.KnownAt is null).ToArray();
                unheard += never.Length;
                if (!_isHolding)
                {
                    await Task.WhenAll(never.Select(each => facts.KeepAsync(each.Event, clock.GetUtcNow(), cancellationToken)));
                }
            }

            if (unheard == 0)
            {
                places[source] = Math.Max(places[source], last - ReadAgain);
            }
        }

        foreach (var batch in missing.OrderBy(each => each.KnownAt).Select(each => (each.Event, each.KnownAt!.Value)).Chunk(500))
        {
            await using var connection = await OwnerAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var projection in facts.Projections)
            {
                await projection.KeepAsync(transaction, batch, cancellationToken);
            }

            await CopyKnownAsync(connection, batch, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return missing.Count + (_isHolding ? 0 : unheard);
    }

    private bool _isHolding;

    /// <summary>Holds whoever keeps facts until both sets say the same events.</summary>
    private async Task HoldAsync(
        NpgsqlTransaction transaction,
        SellerId? seller,
        Dictionary<string, long> places,
        CancellationToken cancellationToken
    )
    {
        await transaction.Connection!.ExecuteAsync(HoldWriters, transaction: transaction);
        _isHolding = true;
        try
        {
            await CatchUpAsync(seller, places, cancellationToken);
        }
        finally
        {
            _isHolding = false;
        }

        var missing = await transaction.Connection!.ExecuteScalarAsync<long>(
            new CommandDefinition(Missing, new { seller = seller?.Value }, transaction, commandTimeout: 0)
        );
        if (missing > 0)
        {
            throw new InvalidOperationException(
                $"{missing} events that were heard are no longer kept by their services: nothing was swapped"
            );
        }
    }

    /// <summary>Compares as of one moment, while the old set goes on hearing.</summary>
    private async Task<IReadOnlyList<string>> CompareAsync(
        SellerId? seller,
        Dictionary<string, long> places,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await OwnerAsync(cancellationToken);
        NpgsqlTransaction snapshot;
        await using (var holder = await OwnerAsync(cancellationToken))
        {
            await using var holds = await holder.BeginTransactionAsync(cancellationToken);
            await HoldAsync(holds, seller, places, cancellationToken);
            snapshot = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            await reader.ExecuteScalarAsync<int>("select 1", transaction: snapshot);
        }

        await using (snapshot)
        {
            return await CompareTables.RunAsync(snapshot, Tables, seller?.Value, cancellationToken);
        }
    }

    private async Task SwapAsync(
        NpgsqlConnection owner,
        SellerId? seller,
        Dictionary<string, long> places,
        bool isEqual,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            await CatchUpAsync(seller, places, cancellationToken);
            try
            {
                await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
                await HoldAsync(transaction, seller, places, cancellationToken);
                if (seller is null)
                {
                    await BuildTables.SwapAsync(transaction, Tables);
                }
                else if (!isEqual)
                {
                    await BuildTables.ReplaceAsync(transaction, Tables, seller.Value.Value);
                }

                await transaction.CommitAsync(cancellationToken);
                break;
            }
            catch (PostgresException busy) when (attempt < MostRounds && busy.SqlState is "55P03" or "40P01")
            {
                // Somebody reads for long: they finish first.
                LogBusy(busy.MessageText);
            }
        }

        if (seller is null)
        {
            await BuildTables.DropOldAsync(owner, Tables);
        }
        else
        {
            await owner.ExecuteAsync($"drop schema {BuildTables.Next} cascade");
        }
    }

    private static async Task CopyKnownAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        await using var rows = await connection.BeginBinaryImportAsync(CopyKnown, cancellationToken);
        foreach (var (told1, knownAt) in told)
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(told1.EventId.Value, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(told1.SellerId.Value, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(knownAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    private async Task<NpgsqlConnection> OwnerAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(login.ConnectionString)
            {
                SearchPath = $"{BuildTables.Next},{BuildTables.Now}",
                ApplicationName = "reporting-rebuild",
                Timeout = 5,
                CommandTimeout = 0,
                MaxPoolSize = 12,
                // Rows come by the megabyte.
                WriteBufferSize = 256 * 1024,
            }.ConnectionString
        );
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(QuickSession);
        return connection;
    }

    private async Task ForgetStoppedAsync(CancellationToken cancellationToken)
    {
        await using var owner = await OwnerAsync(cancellationToken);
        if (await owner.ExecuteScalarAsync<bool>(MyTurn))
        {
            await owner.ExecuteAsync(
                Stopped.Replace("rebuild set", $"{BuildTables.Now}.rebuild set", StringComparison.Ordinal),
                new { at = clock.GetUtcNow() }
            );
            await owner.ExecuteAsync(MyTurnIsOver);
        }
    }

    private async Task<RebuildState> TellAsync(RebuildState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Tell,
            new
            {
                rebuildId = state.RebuildId,
                state = state.State,
                events = state.Events,
                lines = state.Lines,
                finishedAt = state.FinishedAt,
                isEqual = state.IsEqual,
                differs = state.Differs,
                reason = state.Reason,
                builtInMs = state.BuiltInMs,
            }
        );
        return state;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The rebuild failed")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tables made again: rows {Rows:0} ms, keys {Keys:0} ms, sums {Sums:0} ms")]
    private partial void LogBuilt(double rows, double keys, double sums);

    [LoggerMessage(Level = LogLevel.Information, Message = "The swap waits for who reads: {Reason}")]
    private partial void LogBusy(string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Rebuild {State}: {Events} events with {Lines} lines in {Milliseconds} ms, equal: {IsEqual}"
    )]
    private partial void LogDone(string state, long events, long lines, long? milliseconds, bool? isEqual);
}
