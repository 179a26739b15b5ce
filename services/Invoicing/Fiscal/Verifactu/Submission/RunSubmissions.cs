using System.Collections.Concurrent;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

/// <summary>
/// Looks for chains that have something to send, and works each apart: one taxpayer's outage, slow answer or expired certificate stops no
/// other. Where no address of the agency is configured, records wait.
/// </summary>
public sealed partial class RunSubmissions(
    FiscalQueue queue,
    SubmitRecords submit,
    AgencyClient agency,
    TimeProvider clock,
    ILogger<RunSubmissions> log
) : BackgroundService
{
    // Each keeps a connection for as long as the agency takes to answer.
    private const int MostAtOnce = Postgres.MostKept;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ChainKey, Task> _working = new();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (agency.AddressOf(Contracts.SellerEnvironment.Test) is null && agency.AddressOf(Contracts.SellerEnvironment.Production) is null)
        {
            LogNowhere();
            return;
        }

        try
        {
            using var tick = new PeriodicTimer(Look, clock);
            do
            {
                await StartAsync(stoppingToken, stoppingToken);
            } while (await tick.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }

        // Those at work end with the token; what they leave open is asked for at the next start.
        await Task.WhenAll(_working.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StartAsync(CancellationToken looking, CancellationToken working)
    {
        try
        {
            foreach (var chain in await queue.WaitingAsync(looking))
            {
                if (_working.Count >= MostAtOnce || agency.AddressOf(chain.At) is null || _working.ContainsKey(chain))
                {
                    continue;
                }

                var done = new TaskCompletionSource();
                _working[chain] = done.Task;
                _ = Task.Run(() => WorkAsync(chain, done, working), CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database may be away; the next look finds it.
            LogLook(exception);
        }
    }

    private async Task WorkAsync(ChainKey chain, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        try
        {
            await submit.StepAsync(chain, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
        catch (Exception exception)
        {
            LogStep(exception, chain.TaxId);
        }
        finally
        {
            _working.TryRemove(chain, out _);
            done.SetResult();
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No address of the tax agency is configured (Verifactu:TestAddress, Verifactu:ProductionAddress): records wait"
    )]
    private partial void LogNowhere();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chains with something to send could not be looked for")]
    private partial void LogLook(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Records of {TaxId} could not be submitted")]
    private partial void LogStep(Exception exception, string taxId);
}
