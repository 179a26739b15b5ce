using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Search;

/// <summary>
/// Gathers the words that invoices are found by, beside their issuing: in the order of their ids, some moments behind, because the
/// transaction of a smaller id may commit later, and now and then once more what was long under way. One instance gathers at a time; after
/// an end, or where there were invoices before there was this, it goes on where it was.
/// </summary>
public sealed partial class GatherTerms(NpgsqlDataSource database, PublicAddress address, TimeProvider clock, ILogger<GatherTerms> log)
    : BackgroundService
{
    private const int AtOnce = 500;

    private const string OneAtATime = $"select pg_try_advisory_xact_lock({KeepTerms.Gathering})";
    private const string Next = $"""
        select {ReadInvoice.Columns} from {ReadInvoice.Tables}
        where i.invoice_id > (select least(e.invoice_id, uuid_at(@again)) from invoice_search_end e)
          and not exists (select from invoice_search s where s.seller_id = i.seller_id and s.invoice_id = i.invoice_id)
        order by i.invoice_id
        limit @most
        """;

    private const string KeepEnd = """
        update invoice_search_end set invoice_id = greatest(invoice_id, least(coalesce(@last::uuid, uuid_at(@settled)), uuid_at(@settled)))
        """;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // What a transaction takes at the most before it commits; and what it takes where the database stood still.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Late = TimeSpan.FromHours(2);

    private DateTimeOffset _againAt;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Look, clock);
        try
        {
            do
            {
                await GatherAsync(stoppingToken);
            } while (await tick.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    /// <summary>Gathers all that there is; of how many invoices.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isAgain = now >= _againAt;
        var gathered = 0;
        int? batch;
        for (; (batch = await GatherBatchAsync(now, isAgain ? Late : Settled, cancellationToken)) > 0; gathered += batch.Value) { }

        // Where another has it in hand nothing was looked at.
        if (isAgain && batch is not null)
        {
            _againAt = now + Again;
        }

        return gathered;
    }

    private async Task GatherAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogLater(exception, exception.Message);
        }
    }

    private async Task<int?> GatherBatchAsync(DateTimeOffset now, TimeSpan back, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var only = new NpgsqlCommand(OneAtATime, connection, transaction);
        if (await only.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return null;
        }

        var invoices = new List<InvoiceBody>();
        await using (var next = new NpgsqlCommand(Next, connection, transaction))
        {
            next.Parameters.Add(new("again", NpgsqlDbType.TimestampTz) { Value = (now - back).ToUniversalTime() });
            next.Parameters.Add(new("most", AtOnce));
            await using var reader = await next.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                invoices.Add(ReadInvoice.From(reader, address));
            }
        }

        await KeepTerms.RunAsync(transaction, invoices, cancellationToken);
        await using var end = new NpgsqlCommand(KeepEnd, connection, transaction);
        end.Parameters.Add(
            new("last", NpgsqlDbType.Uuid) { Value = invoices.Count == AtOnce ? invoices[^1].InvoiceId.Value : DBNull.Value }
        );
        end.Parameters.Add(new("settled", NpgsqlDbType.TimestampTz) { Value = (now - Settled).ToUniversalTime() });
        await end.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return invoices.Count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The words that invoices are found by wait: {Reason}")]
    private partial void LogLater(Exception exception, string reason);
}
