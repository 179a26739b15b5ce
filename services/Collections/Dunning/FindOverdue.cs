using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A receivable is overdue, once, from the first minute of the day after its due date in the seller's zone; its customer is looked at then.</summary>
public sealed class FindOverdue(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    private const int AtOnce = 1000;

    private const string Zones = "select distinct time_zone from seller";
    private const string MarkOverdue = """
        with overdue as (
            select r.seller_id, r.invoice_id
            from unnest(@zones, @todays) as zone (time_zone, today)
            join seller s on s.time_zone = zone.time_zone
            join receivable r on r.seller_id = s.seller_id and r.due_date < zone.today
            where r.opened_at is not null and r.settled_at is null and r.overdue_at is null
            limit @atOnce
            for update of r skip locked
        )
        update receivable r set overdue_at = @now
        from overdue o where r.seller_id = o.seller_id and r.invoice_id = o.invoice_id
        returning r.*
        """;

    /// <summary>Finds all that are overdue now; how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("FindOverdue");
        var found = 0;
        int batch;
        do
        {
            batch = await FindBatchAsync(cancellationToken);
            found += batch;
        } while (batch == AtOnce);
        return found;
    }

    private async Task<int> FindBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var days = (await connection.QueryAsync<string>(Zones, transaction: transaction))
            .Select(zone => (Zone: zone, Today: SellerDay.At(now, zone)))
            .Where(day => day.Today is not null)
            .ToArray();
        var overdue = (
            await connection.QueryAsync<Receivable>(
                MarkOverdue,
                new
                {
                    zones = days.Select(day => day.Zone).ToArray(),
                    todays = days.Select(day => day.Today!.Value).ToArray(),
                    now,
                    atOnce = AtOnce,
                },
                transaction
            )
        ).AsList();
        if (overdue.Count == 0)
        {
            return 0;
        }

        await LookAgain.SoonAsync(
            transaction,
            [.. overdue.Select(receivable => (receivable.SellerId, receivable.InvoiceId))],
            now,
            cancellationToken
        );
        await outbox.AppendAsync(
            transaction,
            [
                // Two instances lock the sellers' sequences in one order, so neither waits for the other in a circle.
                .. overdue
                    .OrderBy(receivable => receivable.SellerId.Value, StringComparer.Ordinal)
                    .ThenBy(receivable => receivable.DueDate)
                    .Select(receivable => new ReceivableOverdue
                    {
                        EventId = EventId.New(),
                        SellerId = receivable.SellerId,
                        InvoiceId = receivable.InvoiceId,
                        Currency = receivable.Currency,
                        AmountDue = Money.Of(receivable.AmountDue, receivable.Currency).Amount,
                        DueDate = receivable.DueDate!.Value,
                        OverdueAt = now,
                    }),
            ],
            cancellationToken
        );
        await outbox.CommitAsync(transaction, cancellationToken);
        return overdue.Count;
    }
}
