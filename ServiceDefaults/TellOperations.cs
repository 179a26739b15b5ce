using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Tells whoever operates the system how the service is. It answers also while its database or the broker is away, and says which: that is
/// when it is asked.
/// </summary>
public sealed partial class TellOperations(
    ServiceName service,
    NpgsqlDataSource database,
    HealthCheckService health,
    IEnumerable<IOperationsPart> parts,
    IServiceProvider provider,
    ILogger<TellOperations> log
)
{
    private const string Scripts = """
        select count(*), coalesce(max(scriptname collate "C"), '') from schema_version
        """;

    // The oldest is the first: positions ascend.
    private const string Outbox = """
        select (select count(*) from outbox),
            (select occurred_at from event where event_id = (select event_id from outbox order by position limit 1))
        """;

    // An event's id begins with the millisecond it was made in; the key leads to the newest of each consumer.
    private const string Heard = """
        select q.name, (select i.event_id from inbox i where i.consumer = q.name order by i.event_id desc limit 1)
        from unnest(@queues) as q (name)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>How it is now.</summary>
    public async Task<ServiceState> HandleAsync(CancellationToken cancellationToken)
    {
        var away = new List<string>();
        var tables = provider.GetService<KeptTables>()?.Tables ?? SharedTables.None;
        var queues = provider.GetService<OwnQueues>();
        var report = await health.CheckHealthAsync(cancellationToken);
        var scripts = TryAsync("database", away, ScriptsAsync, cancellationToken);
        var outbox = tables.HasFlag(SharedTables.Outbox)
            ? TryAsync("database", away, OutboxAsync, cancellationToken)
            : Task.FromResult<OutboxState?>(null);
        var broker = queues is null
            ? Task.FromResult<Seen?>(null)
            : TryAsync("broker", away, token => QueuesAsync(queues, token), cancellationToken);
        var heard =
            queues is not null && tables.HasFlag(SharedTables.Inbox)
                ? TryAsync("database", away, token => HeardAsync(queues.Names, token), cancellationToken)
                : Task.FromResult<Dictionary<string, DateTimeOffset>?>(null);
        var told = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (await TryAsync(part.Name, away, part.TellAsync, cancellationToken) is { } node)
            {
                told[part.Name] = node;
            }
        }

        await Task.WhenAll(scripts, outbox, broker, heard);
        var times = await heard ?? [];
        return new ServiceState
        {
            Service = service.Value,
            Version = VersionOf(service.Value),
            Health = report.Status.ToString(),
            Complaints =
            [
                .. report
                    .Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Status.ToString()}"),
            ],
            Migrations = await scripts,
            Outbox = await outbox,
            Queues = (await broker)
                ?.Queues.Select(queue => times.TryGetValue(queue.Queue, out var at) ? queue with { HeardAt = at } : queue)
                .ToList(),
            Dead = (await broker)?.Dead ?? [],
            Away = [.. away.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Parts = told,
        };
    }

    private static string VersionOf(string service)
    {
        var assembly = Migrations.AssemblyOf(service);
        return assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString()
            ?? "";
    }

    private async Task<T?> TryAsync<T>(string name, List<string> away, Func<CancellationToken, Task<T>> ask, CancellationToken outer)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(outer);
        patience.CancelAfter(Patience);
        try
        {
            return await ask(patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception exception) when (!outer.IsCancellationRequested)
        {
            LogAway(name, exception.Message);
            lock (away)
            {
                away.Add(name);
            }

            return null;
        }
    }

    private async Task<MigrationState> ScriptsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Scripts);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new MigrationState(reader.GetInt64(0), reader.GetString(1));
    }

    private async Task<OutboxState> OutboxAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Outbox);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new OutboxState(
            reader.GetInt64(0),
            await reader.IsDBNullAsync(1, cancellationToken) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken)
        );
    }

    private async Task<Dictionary<string, DateTimeOffset>> HeardAsync(IReadOnlyList<string> queues, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Heard);
        command.Parameters.Add(new("queues", queues.ToArray()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var heard = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!await reader.IsDBNullAsync(1, cancellationToken) && reader.GetGuid(1) is { Version: 7 } id)
            {
                var milliseconds = Convert.ToInt64(id.ToString("N")[..12], 16);
                heard[reader.GetString(0)] = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            }
        }

        return heard;
    }

    private static async Task<Seen> QueuesAsync(OwnQueues queues, CancellationToken cancellationToken)
    {
        await using var connection = await ReadDeadLetters.ConnectAsync(queues, cancellationToken);
        var seen = new List<QueueState>();
        var dead = new List<DeadQueue>();
        foreach (var queue in queues.Names)
        {
            if (await AskAsync(connection, queue, cancellationToken) is { } here)
            {
                seen.Add(new QueueState(queue, here.MessageCount, here.ConsumerCount));
            }

            // Most are not there, of which the broker complains in its log: only while somebody looks.
            foreach (var ending in DeadLetter.Endings)
            {
                if (await AskAsync(connection, queue + ending, cancellationToken) is { MessageCount: > 0 } letters)
                {
                    dead.Add(new DeadQueue(queue + ending, letters.MessageCount));
                }
            }
        }

        return new Seen(seen, dead);
    }

    private static async Task<QueueDeclareOk?> AskAsync(IConnection broker, string queue, CancellationToken cancellationToken)
    {
        // One each: a question for a queue that is not there closes the channel it is asked on.
        await using var channel = await broker.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    private sealed record Seen(IReadOnlyList<QueueState> Queues, IReadOnlyList<DeadQueue> Dead);

    [LoggerMessage(Level = LogLevel.Warning, Message = "How {Part} stands cannot be told: {Reason}")]
    private partial void LogAway(string part, string reason);
}
