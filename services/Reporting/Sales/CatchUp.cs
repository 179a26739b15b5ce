using System.Text.Json;
using Dapper;
using Grpc.Core;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Events;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>
/// What Invoicing told before this service first listened, or what the broker lost, is read from Invoicing's kept events: at start and
/// now and then. An event that came by the bus already does nothing here.
/// </summary>
public sealed partial class CatchUp(
    NpgsqlDataSource database,
    Events.EventsClient events,
    ServiceCredentials credentials,
    ProjectSale projectSale,
    ProjectCancellation projectCancellation,
    TimeProvider clock,
    ILogger<CatchUp> log
) : BackgroundService
{
    private const string Source = "invoicing";
    private const int AtOnce = 200;

    /// <summary>
    /// A position is given when an event is written and seen when it commits: one that was slow to commit may stand behind one already
    /// read. So many are read again, which costs a look into the inbox.
    /// </summary>
    private const int ReadAgain = 1000;

    private const string Position = "select position from feed_position where source = @source";
    private const string Move = """
        insert into feed_position as known (source, position) values (@source, @position)
        on conflict (source) do update set position = greatest(known.position, excluded.position)
        """;
    private const string Had = "select event_id from inbox where consumer = any(@consumers) and event_id = any(@events)";

    private static readonly string[] Names = [InvoiceIssued.Exchange, InvoiceCancelled.Exchange];
    private static readonly string[] Consumers = [ProjectSale.Queue, ProjectCancellation.Queue];
    private static readonly TimeSpan WhileAway = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhileWell = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = WhileWell;
            try
            {
                var missed = await RunAsync(stoppingToken);
                if (missed > 0)
                {
                    LogCaughtUp(missed);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogAway(exception.Message);
                pause = WhileAway;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads what has not been had; how many there were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("CatchUp");
        var request = new ReplayRequest { After = Math.Max(0, await PositionAsync(cancellationToken) - ReadAgain) };
        request.Names.Add(Names);
        using var call = events.Replay(request, credentials.For(Source, OnBehalfOf.System), cancellationToken: cancellationToken);
        var missed = 0;
        var batch = new List<KeptEvent>(AtOnce);
        await foreach (var kept in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            batch.Add(kept);
            if (batch.Count == AtOnce)
            {
                missed += await ProjectAsync(batch, cancellationToken);
                batch.Clear();
            }
        }

        return missed + await ProjectAsync(batch, cancellationToken);
    }

    private async Task<int> ProjectAsync(List<KeptEvent> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return 0;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var ids = batch.Select(kept => Guid.Parse(kept.EventId)).ToArray();
        var had = (await connection.QueryAsync<Guid>(Had, new { consumers = Consumers, events = ids })).ToHashSet();
        var missed = batch.Where(kept => !had.Contains(Guid.Parse(kept.EventId))).ToArray();
        await Task.WhenAll(
            missed.Select(kept =>
                kept.Name == InvoiceIssued.Exchange
                    ? projectSale.ProjectAsync(Read<InvoiceIssued>(kept), cancellationToken)
                    : projectCancellation.ProjectAsync(Read<InvoiceCancelled>(kept), cancellationToken)
            )
        );
        await connection.ExecuteAsync(Move, new { source = Source, position = batch[^1].Position });
        return missed.Length;
    }

    private async Task<long> PositionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long>(Position, new { source = Source });
    }

    private static TEvent Read<TEvent>(KeptEvent kept)
        where TEvent : class => JsonSerializer.Deserialize<TEvent>(kept.Body.Span, Wire.Tolerant)!;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} events that the bus had not brought were read from Invoicing")]
    private partial void LogCaughtUp(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Invoicing's kept events are read later: {Reason}")]
    private partial void LogAway(string reason);
}
