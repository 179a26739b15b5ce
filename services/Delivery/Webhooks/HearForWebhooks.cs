using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>
/// Every event that some webhook wants is kept with its bytes and queued for that webhook, once. Only events that somebody wants are heard:
/// the queue is bound to their exchanges, and to others as webhooks change, here or by another instance.
/// </summary>
public sealed partial class HearForWebhooks(
    NpgsqlDataSource database,
    IConfiguration configuration,
    WakeWebhooks wake,
    WebhookOptions options,
    TimeProvider clock,
    ILogger<HearForWebhooks> log
) : BackgroundService
{
    /// <summary>Its queue.</summary>
    public const string Queue = "delivery-tell-webhooks";

    private const int MostTogether = 128;
    private const ushort MostInHand = 2 * MostTogether;

    // Of two instances one binds at a time, each by what is committed then: neither unbinds what the other has just bound.
    private const string OneAtATime = "select pg_advisory_xact_lock(72658)";
    private const string Wanted = "select distinct unnest(events) from webhook where is_enabled";

    // A webhook that is being removed waits for this, or this for its removal: nothing is queued for one that is gone.
    private const string QueueOnce = """
        with told as (
            select * from unnest(@sellers, @events, @names, @bodies, @customers, @traces)
                as t (seller_id, event_id, name, body, customer_id, trace_parent)
        ), wanted as (
            select t.*, w.webhook_id from told t
            join webhook w on w.seller_id = t.seller_id and w.is_enabled and w.events && array[t.name, '*']
            order by w.seller_id, w.webhook_id
            for key share of w
        ), kept as (
            insert into webhook_event (seller_id, event_id, name, body, customer_id, trace_parent, told_at)
            select distinct on (seller_id, event_id) seller_id, event_id, name, body, customer_id, trace_parent, @now
            from wanted order by seller_id, event_id
            on conflict do nothing
        )
        insert into webhook_delivery (seller_id, event_id, webhook_id, name, due_at, created_at)
        select seller_id, event_id, webhook_id, name, @now, @now from wanted order by seller_id, event_id, webhook_id
        on conflict do nothing
        """;

    private static readonly TimeSpan BindAnyway = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly Counter<long> Queued = Telemetry.Meter.CreateCounter<long>("delivery.webhooks.queued");

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var broker = new Uri(
            configuration.GetConnectionString("messaging") ?? throw new InvalidOperationException("ConnectionStrings:messaging is not set")
        );
        var pause = TimeSpan.FromMilliseconds(100);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await UntilWantedAsync(broker, stoppingToken);
                await using var queue = await EventQueue.OpenAsync(broker, Queue, MostInHand, stoppingToken);
                pause = TimeSpan.FromMilliseconds(100);
                await HearAsync(queue, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Database or broker are away: the queue keeps what was told.
                LogAway(exception.GetBaseException().Message);
                await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Nobody who has no webhook pays for a connection; a queue of an earlier run is emptied all the same.</summary>
    private async Task UntilWantedAsync(Uri broker, CancellationToken stoppingToken)
    {
        if (await EventQueue.ExistsAsync(broker, Queue, stoppingToken))
        {
            return;
        }

        while (true)
        {
            await using (var connection = await database.OpenConnectionAsync(stoppingToken))
            {
                if ((await connection.QueryAsync<string>(Wanted)).Any())
                {
                    return;
                }
            }

            await wake.WaitForChangeAsync(options.LookForChanges, stoppingToken);
        }
    }

    private async Task HearAsync(EventQueue queue, CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] loops = [FollowAsync(queue, either.Token), KeepAsync(queue, either.Token)];
        await Task.WhenAny(loops);
        await either.CancelAsync();
        await Task.WhenAll(loops);
    }

    /// <summary>Follows what webhooks want.</summary>
    private async Task FollowAsync(EventQueue queue, CancellationToken cancellationToken)
    {
        IReadOnlySet<string>? before = null;
        var boundAt = DateTimeOffset.MinValue;
        var isChanged = true;
        while (true)
        {
            var look = wake.BeginLook();
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ExecuteAsync(OneAtATime, transaction: transaction);
                var wanted = WebhookEvents.Of((await connection.QueryAsync<string>(Wanted, transaction: transaction)).AsList());
                if (isChanged || before is null || !wanted.SetEquals(before) || clock.GetUtcNow() - boundAt >= BindAnyway)
                {
                    await queue.HearAsync(wanted, WebhookEvents.All.Where(each => !wanted.Contains(each)), cancellationToken);
                    (before, boundAt) = (wanted, clock.GetUtcNow());
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // What is in hand stays there: opening the queue anew counts against each of them, and too often makes dead letters of
                // them. Where the line itself is broken, whoever takes from it finds out.
                LogAway(exception.Message);
                before = null;
            }
            finally
            {
                look.TrySetResult();
            }

            isChanged = await wake.WaitForChangeAsync(options.LookForChanges, cancellationToken);
        }
    }

    /// <summary>Keeps what comes.</summary>
    private async Task KeepAsync(EventQueue queue, CancellationToken cancellationToken)
    {
        while (true)
        {
            await KeepAsync(queue, await queue.TakeAsync(MostTogether, cancellationToken), cancellationToken);
        }
    }

    private async Task KeepAsync(EventQueue queue, IReadOnlyList<EventMessage> come, CancellationToken cancellationToken)
    {
        var told = new List<HeardEvent>(come.Count);
        foreach (var each in come)
        {
            if (HeardEvent.Of(each.Name, each.Body, each.TraceParent) is { } heard)
            {
                told.Add(heard);
            }
            else
            {
                LogUnreadable(each.Name);
            }
        }

        if (told.Count == 0 || await QueueAsync(told, cancellationToken) is not { } failure)
        {
            await queue.DoneAsync(come[^1], cancellationToken);
            wake.Wake();
        }
        else if (come.Count > 1)
        {
            // Nothing of them stands: one of them takes nobody with it.
            foreach (var each in come)
            {
                await KeepAsync(queue, [each], cancellationToken);
            }
        }
        else
        {
            LogPutAside(failure, come[0].Name);
            await queue.PutAsideAsync(come[0], cancellationToken);
        }
    }

    /// <summary>All in one statement, however long the database is away; nothing, or why it will never do.</summary>
    private async Task<Exception?> QueueAsync(List<HeardEvent> told, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                Queued.Add(await QueueOnceAsync(told, cancellationToken));
                return null;
            }
            catch (Exception away) when (Resilience.IsPassing(away) && !cancellationToken.IsCancellationRequested)
            {
                LogAway(away.Message);
                await Task.Delay(pause, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                return failure;
            }
        }
    }

    private async Task<int> QueueOnceAsync(List<HeardEvent> told, CancellationToken cancellationToken)
    {
        static NpgsqlParameter Texts(string name, IEnumerable<string?> values) =>
            new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };

        await using var command = database.CreateCommand(QueueOnce);
        command.Parameters.Add(Texts("sellers", told.Select(each => each.SellerId.Value)));
        command.Parameters.Add(
            new NpgsqlParameter("events", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            {
                Value = told.Select(each => each.EventId.Value).ToArray(),
            }
        );
        command.Parameters.Add(Texts("names", told.Select(each => each.Name)));
        command.Parameters.Add(
            new NpgsqlParameter("bodies", NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = told.Select(each => each.Body).ToArray() }
        );
        command.Parameters.Add(Texts("customers", told.Select(each => each.CustomerId)));
        command.Parameters.Add(Texts("traces", told.Select(each => each.TraceParent)));
        command.Parameters.Add(new NpgsqlParameter("now", NpgsqlDbType.TimestampTz) { Value = clock.GetUtcNow().UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events for webhooks wait: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came on {Exchange} is no event of a seller; no webhook is told of it")]
    private partial void LogUnreadable(string exchange);

    [LoggerMessage(Level = LogLevel.Error, Message = "An event of {Exchange} could not be kept for webhooks and is put aside")]
    private partial void LogPutAside(Exception exception, string exchange);
}
