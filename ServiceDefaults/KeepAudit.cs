using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Writes the audit: what waits goes down together, in one statement, so that many acts at once cost one commit.
/// </summary>
/// <remarks>
/// How it was decided: an act's row is written when its status is known and before its answer leaves, so that nobody is told of an act which
/// the audit does not know; the answer waits for that one statement. Where the database does not take it within two seconds the act is done
/// all the same and cannot be undone: the answer goes, the row stays here and is tried until it is down, and meanwhile the service's health is
/// degraded and says so. A row that can never be written, because the process ends first or too many wait, goes whole into the log as
/// critical. A process that is killed between an act's commit and its row has answered nobody; whoever asks again by the same key gets the
/// act's row then, and the act itself is told by its event. A look at data waits for nothing: it is queued the same way.
/// </remarks>
internal sealed partial class KeepAudit(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    TimeProvider clock,
    ILogger<KeepAudit> log
) : BackgroundService, IHealthCheck
{
    private const string Write = """
        insert into audit (audit_id, seller_id, at, who, role, act, subject, status, trace_id)
        select * from unnest(@ids, @sellers, @at, @who, @roles, @acts, @subjects, @statuses, @traces)
        on conflict do nothing
        """;

    private const int Together = 256;
    private const int Most = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(5);

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(Most) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );
    private volatile string? _trouble;

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _trouble is { } why ? HealthCheckResult.Degraded($"the audit waits to be written: {why}") : HealthCheckResult.Healthy()
        );

    /// <summary>Keeps a row; waits until it is written where that is wanted, and no longer than an answer may.</summary>
    public async Task KeepAsync(AuditEntry entry, bool wait)
    {
        var waiting = new Waiting(entry, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_waiting.Writer.TryWrite(waiting))
        {
            LogLost(Told(entry));
            return;
        }

        if (!wait)
        {
            return;
        }

        try
        {
            await waiting.Written.Task.WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            LogLate(entry.Act, entry.AuditId);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(Together);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                Take(batch);
                while (batch.Count > 0 && !await TryWriteAsync(batch, stoppingToken))
                {
                    await Task.Delay(Pause, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await EndAsync(batch);
        }
    }

    /// <summary>The service ends: what waits is written in the time there is, or told whole to the log.</summary>
    private async Task EndAsync(List<Waiting> batch)
    {
        _waiting.Writer.TryComplete();
        using var time = new CancellationTokenSource(ToEnd, clock);
        do
        {
            Take(batch);
            while (batch.Count > 0 && !await TryWriteAsync(batch, time.Token))
            {
                if (time.IsCancellationRequested)
                {
                    batch.ForEach(each => LogLost(Told(each.Entry)));
                    batch.Clear();
                }
            }
        } while (_waiting.Reader.Count > 0);
    }

    private void Take(List<Waiting> batch)
    {
        while (batch.Count < Together && _waiting.Reader.TryRead(out var next))
        {
            batch.Add(next);
        }
    }

    /// <summary>Whether the batch is dealt with.</summary>
    private async Task<bool> TryWriteAsync(List<Waiting> batch, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(batch, cancellationToken);
        }
        catch (PostgresException refused) when (!Resilience.IsPassing(refused) && batch.Count > 1)
        {
            // One that the database never takes does not hold up the others.
            foreach (var each in batch.ToArray())
            {
                if (!await TryWriteAsync([each], cancellationToken))
                {
                    return false;
                }

                batch.Remove(each);
            }
        }
        catch (PostgresException refused) when (!Resilience.IsPassing(refused))
        {
            LogRefused(refused.MessageText);
            LogLost(Told(batch[0].Entry));
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException)
        {
            _trouble = away.Message;
            LogAway(batch.Count, away.Message);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        _trouble = null;
        batch.ForEach(each => each.Written.TrySetResult());
        batch.Clear();
        return true;
    }

    private async Task WriteAsync(List<Waiting> batch, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Write);
        Add("ids", NpgsqlDbType.Uuid, entry => entry.AuditId);
        Add("sellers", NpgsqlDbType.Text, entry => entry.SellerId);
        Add("at", NpgsqlDbType.TimestampTz, entry => entry.At.ToUniversalTime());
        Add("who", NpgsqlDbType.Text, entry => entry.Who);
        Add("roles", NpgsqlDbType.Text, entry => entry.Role);
        Add("acts", NpgsqlDbType.Text, entry => entry.Act);
        Add("subjects", NpgsqlDbType.Text, entry => entry.Subject);
        Add("statuses", NpgsqlDbType.Integer, entry => entry.Status);
        Add("traces", NpgsqlDbType.Text, entry => entry.TraceId);
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add<T>(string name, NpgsqlDbType type, Func<AuditEntry, T> value) =>
            command.Parameters.Add(
                new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = batch.Select(each => value(each.Entry)).ToArray() }
            );
    }

    private static string Told(AuditEntry entry) => JsonSerializer.Serialize(entry, Wire.Tolerant);

    private sealed record Waiting(AuditEntry Entry, TaskCompletionSource Written);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A row of the audit is written nowhere else: {Row}")]
    private partial void LogLost(string row);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Act} was answered before its row {AuditId} of the audit was written; it is tried on"
    )]
    private partial void LogLate(string act, Guid auditId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} rows of the audit wait: {Reason}")]
    private partial void LogAway(int count, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database refuses a row of the audit: {Reason}")]
    private partial void LogRefused(string reason);
}
