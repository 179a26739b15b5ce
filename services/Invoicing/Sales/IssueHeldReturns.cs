using System.Text;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// A return that waited is issued when its original has come, and refused when it has not come in time; a sale that waited for its chain
/// is issued when that takes records again.
/// </summary>
public sealed partial class IssueHeldReturns(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    PostSale post,
    TellRefusal refuse,
    Outbox outbox,
    WakeHeldReturns held,
    IOptions<InvoicingOptions> options,
    TimeProvider clock,
    ILogger<IssueHeldReturns> log
) : BackgroundService
{
    private const string Ready = """
        select h.seller_id, h.sale_id, h.body, least(h.give_up_at, h.held_at + @hold) <= @now as is_late from held_return h
        where h.give_up_at <= @now or h.give_up_at = 'infinity'
            or exists (select from sale s where s.seller_id = h.seller_id and s.sale_id = h.original_sale_id)
            or exists (select from invoice i where i.seller_id = h.seller_id and i.invoice_id = h.original_invoice_id)
            or exists (select from invoice_number n where n.seller_id = h.seller_id and n.number = h.original_number)
        order by h.held_at limit 500
        """;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private const string LetGo = "delete from held_return where seller_id = @SellerId and sale_id = @SaleId";

    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await IssueReadyAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // They stay held, and are tried again at the next look.
                LogAway(exception, exception.Message);
            }

            // The original may have been issued by another instance: look without a signal too.
            using var pause = new CancellationTokenSource(LookAnyway, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, stoppingToken);
            try
            {
                await held.WaitAsync(either.Token);
                // Of many that follow each other some are looked after together.
                await Task.Delay(Breath, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // No signal within the pause, or the end.
            }
        }
    }

    private async Task IssueReadyAsync(CancellationToken cancellationToken)
    {
        List<Row> ready;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            ready = [.. await connection.QueryAsync<Row>(Ready, new { now = clock.GetUtcNow(), hold = options.Value.HoldReturnsFor })];
        }

        var failures = new List<Exception>();
        foreach (var each in ready)
        {
            try
            {
                await IssueAsync(each, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One return that fails does not hold up the others.
                failures.Add(exception);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private async Task IssueAsync(Row waiting, CancellationToken cancellationToken)
    {
        var sale = Body<SalePosted>.Read(Encoding.UTF8.GetBytes(waiting.Body)).Value;
        var outcome = await post.PostAsync(waiting.SellerId, sale, cancellationToken);
        var isRefused = outcome.Refused(out var fault);
        if (isRefused && fault!.Code.Kind is FaultKind.Unavailable or FaultKind.TooMany)
        {
            // Its chain still takes no records, or more wait than can be issued.
            return;
        }

        if (isRefused && fault!.Code == InvoicingFaults.NoOriginal)
        {
            if (!waiting.IsLate)
            {
                return;
            }

            fault = InvoicingFaults.GaveUp.At("returnOf");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isMine = await connection.ExecuteAsync(LetGo, new { waiting.SellerId, waiting.SaleId }, transaction) > 0;
        if (isMine && isRefused)
        {
            await refuse.RefuseAsync(waiting.SellerId, waiting.SaleId.Value, fault!, transaction, cancellationToken);
        }

        await outbox.CommitAsync(transaction, cancellationToken);
    }

    private sealed record Row
    {
        public required SellerId SellerId { get; init; }

        public required SaleId SaleId { get; init; }

        public required string Body { get; init; }

        public required bool IsLate { get; init; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Held returns wait on: {Reason}")]
    private partial void LogAway(Exception exception, string reason);
}
