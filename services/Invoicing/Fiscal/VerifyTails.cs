using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Polly.Registry;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// Before the service is ready, the last records of each chain are verified, and later those of a chain on which no record could be hung; one
/// that is found broken is put on hold. What an operator has seen and lifted is not held against the chain again.
/// </summary>
public sealed partial class VerifyTails(
    NpgsqlDataSource database,
    ReadChain chains,
    HoldChain hold,
    SuspectChains suspects,
    ResiliencePipelineProvider<string> resilience,
    ILogger<VerifyTails> log
) : BackgroundService
{
    private const string Known = """
        select coalesce(array_agg(f), '{}') from fiscal_hold h, unnest(h.findings) f
        where h.tax_id = @tax_id and h.environment = @environment and h.installation = @installation and h.lifted_at is not null
        """;
    private const int Length = 1000;
    private const int MostKept = 5000;

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await resilience
            .GetPipeline(Resilience.Start)
            .ExecuteAsync(
                async token =>
                {
                    var all = await chains.AllAsync(toBegin: false, token);
                    foreach (var chain in all)
                    {
                        await VerifyOnStartAsync(chain, token);
                    }

                    await hold.CountAsync(token);
                    LogVerified(all.Count);
                },
                cancellationToken
            );
        await base.StartAsync(cancellationToken);
    }

    /// <summary>What is wrong with the last records of a chain, besides what an operator has seen already.</summary>
    public async Task<IReadOnlyList<ChainFinding>> FindAsync(ChainState chain, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Known);
        command.Parameters.Add(new("tax_id", chain.Key.TaxId));
        command.Parameters.Add(new("environment", chain.Key.Environment));
        command.Parameters.Add(new("installation", chain.Key.Installation));
        var known = ((string[])(await command.ExecuteScalarAsync(cancellationToken))!).ToHashSet(StringComparer.Ordinal);
        return [.. (await AllAsync(chain, cancellationToken)).Where(finding => !known.Contains(finding.Mark))];
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await VerifyAsync(await suspects.NextAsync(stoppingToken), isSuspect: true, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whoever next wants to hang a record on it tells of it again.
                LogAway(exception);
            }
        }
    }

    private async Task<IReadOnlyList<ChainFinding>> AllAsync(ChainState chain, CancellationToken cancellationToken)
    {
        var findings = new List<ChainFinding>();
        void Keep(ChainFinding finding)
        {
            if (findings.Count < MostKept)
            {
                findings.Add(finding);
            }
        }

        await chains.WalkAsync(
            chain,
            Math.Max(1, chain.Last - Length + 1),
            chain.Last,
            viewer: null,
            tell: Keep,
            pass: _ => { },
            cancellationToken
        );
        return findings;
    }

    private async Task VerifyOnStartAsync(ChainKey chain, CancellationToken cancellationToken)
    {
        try
        {
            await VerifyAsync(chain, isSuspect: false, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !Resilience.IsPassing(exception))
        {
            // One chain that surprises us is no reason to keep every shop shut: its head is looked at before each record all the same.
            LogUnverified(exception, chain);
        }
    }

    private async Task VerifyAsync(ChainKey chain, bool isSuspect, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("VerifyTails");
        var state = await chains.StateAsync(chain, cancellationToken);
        var findings =
            // Where no record can be hung on the head, that an operator has seen it before is no help.
            isSuspect && !ChainWalk.IsHeadSound(state, await chains.AtAsync(chain, state.Last, cancellationToken))
                ? await AllAsync(state, cancellationToken)
                : await FindAsync(state, cancellationToken);
        if (findings.Count > 0)
        {
            await hold.PlaceAsync(
                chain,
                HoldWords.Broken,
                HoldWords.Found(findings),
                [.. findings.Select(finding => finding.Mark)],
                cancellationToken
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Verified the last records of {Count} fiscal chains")]
    private partial void LogVerified(int count);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The fiscal chain {Chain} could not be verified")]
    private partial void LogUnverified(Exception exception, ChainKey chain);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A fiscal chain could not be verified")]
    private partial void LogAway(Exception exception);
}

/// <summary>Whether chains are on hold: the service answers, and somebody has to look.</summary>
public sealed class HoldsHealth(StandingHolds holds) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var byReason = holds.ByReason;
        var count = byReason.Values.Sum();
        return Task.FromResult(
            count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(
                    $"{count} fiscal chains take no records ({string.Join(", ", byReason.Select(each => $"{each.Key}: {each.Value}"))}); see GET /v1/fiscal/holds",
                    data: byReason.ToDictionary(each => each.Key, object (each) => each.Value)
                )
        );
    }
}

/// <summary>Chains that were found broken where a record was to be made: their tail is to be verified, and the chain put on hold.</summary>
public sealed class SuspectChains
{
    private readonly Channel<ChainKey> _chains = Channel.CreateBounded<ChainKey>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly ConcurrentDictionary<ChainKey, bool> _waiting = new();

    /// <summary>Tells of one; again and again is told once.</summary>
    public void Add(ChainKey chain)
    {
        if (_waiting.TryAdd(chain, true) && !_chains.Writer.TryWrite(chain))
        {
            _waiting.TryRemove(chain, out _);
        }
    }

    /// <summary>The next one, once there is one.</summary>
    public async ValueTask<ChainKey> NextAsync(CancellationToken cancellationToken)
    {
        var chain = await _chains.Reader.ReadAsync(cancellationToken);
        _waiting.TryRemove(chain, out _);
        return chain;
    }
}
