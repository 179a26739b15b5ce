using System.Collections.Concurrent;
using Dapper;
using Npgsql;
using Polly.Registry;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// A database that was restored from a backup does not say so, and would give numbers again. It is noticed by two things before the service
/// is ready: it is not the database that was here (another cluster, timeline or table), or the tax agency has a number that is still to
/// be given. Then chains are put on hold and compared, as where an operator says that it was restored.
/// </summary>
public sealed partial class NoticeRestore(
    NpgsqlDataSource database,
    ReadChain chains,
    HoldChain hold,
    TakeRestored restored,
    CompareRestored compare,
    IAgencyRecords agency,
    ResiliencePipelineProvider<string> resilience,
    TimeProvider clock,
    ILogger<NoticeRestore> log
) : BackgroundService
{
    // A dump makes its tables anew, a recovery begins a timeline, a copy elsewhere is another cluster.
    private const string Identity = """
        select concat_ws('/', (select system_identifier from pg_control_system()), (select timeline_id from pg_control_checkpoint()),
            'fiscal_record'::regclass::oid)
        """;
    private const string Kept = "select identity from database_identity";
    private const string Keep = """
        insert into database_identity as d (identity, noticed_at) values (@identity, @now)
        on conflict (one) do update set identity = excluded.identity, noticed_at = excluded.noticed_at
        """;

    // What was never sent the agency cannot have.
    private const string Sent = "select distinct tax_id, environment, installation from fiscal_answer";
    private const string Series = """
        select series, last from number_series
        where tax_id = @TaxId and environment = @Environment and year >= @year order by last desc limit 10
        """;
    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ChainKey, bool> _toAsk = new();
    private bool _toCompare;

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await resilience
            .GetPipeline(Resilience.Start)
            .ExecuteAsync(
                async token =>
                {
                    await LookAsync(token);
                    await using var connection = await database.OpenConnectionAsync(token);
                    foreach (var (taxId, environment, installation) in await connection.QueryAsync<(string, string, string)>(Sent))
                    {
                        _toAsk[new ChainKey(taxId, environment, installation)] = true;
                    }
                },
                cancellationToken
            );
        // Whoever does not answer at once is asked again while sales go on: a shop must not stay shut.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await AskAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { }
        catch (Exception exception) when (Resilience.IsPassing(exception))
        {
            LogAway(exception);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Look, clock);
        try
        {
            do
            {
                try
                {
                    await LookAsync(stoppingToken);
                    await AskAsync(stoppingToken);
                    if (_toCompare)
                    {
                        await compare.AllAsync(stoppingToken);
                        _toCompare = false;
                    }
                }
                catch (Exception exception) when (exception is NpgsqlException || Resilience.IsPassing(exception))
                {
                    // The next look will do.
                    LogAway(exception);
                }
            } while (await tick.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var identity = (await connection.ExecuteScalarAsync<string>(Identity))!;
        var kept = await connection.ExecuteScalarAsync<string?>(Kept);
        if (kept == identity)
        {
            return;
        }

        if (kept is not null)
        {
            LogAnother(kept, identity);
            await restored.HoldAllAsync(cancellationToken);
            _toCompare = true;
        }

        await connection.ExecuteAsync(Keep, new { identity, now = clock.GetUtcNow() });
    }

    private Task AskAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            _toAsk.Keys,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (chain, token) =>
            {
                if (await IsAnsweredAsync(chain, token))
                {
                    _toAsk.TryRemove(chain, out _);
                }
            }
        );

    private async Task<bool> IsAnsweredAsync(ChainKey chain, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var state = await chains.StateAsync(chain, cancellationToken);
        var since = state.RecordedAt ?? now;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var series = await connection.QueryAsync<(string Series, long Last)>(
            Series,
            new
            {
                chain.TaxId,
                chain.Environment,
                year = since.Year,
            }
        );
        var asking = await agency.FirstGivenAsync(
            chain.TaxId,
            chain.At,
            [.. series.Select(each => InvoiceNumber.Of(each.Series, each.Last + 1))],
            [.. new[] { since, now }.Select(at => new DateOnly(at.Year, at.Month, 1)).Distinct()],
            cancellationToken
        );
        if (asking.Refused(out _))
        {
            return false;
        }

        if (asking.Value is { } number)
        {
            await hold.PlaceAsync(chain, HoldWords.Restored, HoldWords.GivenBefore(number), [], cancellationToken);
            _toCompare = true;
        }

        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "This is another database ({Identity}) than the one that was here ({Kept}): restored?"
    )]
    private partial void LogAnother(string kept, string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the database was restored could not be looked at")]
    private partial void LogAway(Exception exception);
}
