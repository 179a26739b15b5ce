using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// The seller says that it will not send a file: nothing of its invoices is under way any more, and its mandates count as not used by it.
/// Of a file that was sent it gives up what the bank never answered.
/// </summary>
public sealed partial class CancelDirectDebits(NpgsqlDataSource database, KeepBooks books, ILogger<CancelDirectDebits> log)
{
    // With this lock no batch is made meanwhile, which would take a mandate's first debit for made.
    private const string HoldCreditor = "select 1 from direct_debit_settings where seller_id = @SellerId for update";
    private const string InvoicesOf = "select invoice_id from debit where seller_id = @SellerId and batch_id = @BatchId";
    private const string Cancel = """
        update debit set state = 'cancelled', waits_for = null, next_check_on = null
        where seller_id = @SellerId and batch_id = @BatchId and state = any(@States)
        """;

    /// <summary>Cancels it; again, it is the same.</summary>
    public async Task<Outcome<DebitBatch>> HandleAsync(Caller caller, Guid batch, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("CancelDirectDebits");
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var named = new { caller.SellerId, BatchId = batch };
        await connection.ExecuteAsync(HoldCreditor, named, transaction);
        var invoices = (await connection.QueryAsync<InvoiceId>(InvoicesOf, named, transaction)).ToList();
        var book = await books.OpenAsync(transaction, caller.SellerId, invoices, token);
        // Debits change under their invoices' locks only, so that what is found after them is so.
        if (await GetDirectDebits.ReadAsync(connection, transaction, caller.SellerId, batch) is not { Debits: { } debits } before)
        {
            return PaymentsFaults.NoDebitBatch.With(batch);
        }

        // Of a file that was sent, those that the bank never answered can still be given up.
        var isSent = before.Collected > 0 || before.Returned > 0;
        if (isSent && before.Unanswered == 0)
        {
            return PaymentsFaults.DebitBatchSent.With(batch);
        }

        foreach (var debit in debits.Where(each => !isSent && each.State == Debit.IsSubmitted))
        {
            book.End(debit.InvoiceId, debit.Amount);
        }

        string[] states = isSent ? [Debit.IsUnanswered] : [Debit.IsSubmitted, Debit.IsUnanswered];
        var given = new
        {
            caller.SellerId,
            BatchId = batch,
            States = states,
        };
        await connection.ExecuteAsync(Cancel, given, transaction);
        var after = (await GetDirectDebits.ReadAsync(connection, transaction, caller.SellerId, batch))!;
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogCancelled(batch, caller.SellerId);
        return after;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {BatchId} of direct debits was cancelled by {SellerId}")]
    private partial void LogCancelled(Guid batchId, SellerId sellerId);
}
