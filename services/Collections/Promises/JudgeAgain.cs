using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Promises;

/// <summary>Something was told of an invoice only now that may have come in time: promises of it that were not kept are judged again.</summary>
public static class JudgeAgain
{
    // One that is being judged in another transaction is waited for: what it was judged by did not know of this. In the order in which
    // they are judged, so that nobody waits in a circle. Of a mark on one that is not over nothing comes.
    private const string Mark = """
        with marked as (
            select p.seller_id, p.promise_id
            from unnest(@sellers, @invoices, @days) as told (seller_id, invoice_id, day)
            join promise p on p.seller_id = told.seller_id and p.invoice_id = told.invoice_id and p.date >= told.day
            where p.cancelled_at is null and p.standing is distinct from 'kept'
            order by p.date, p.promise_id
            for update of p
        )
        update promise p set judge_again = true from marked
        where p.seller_id = marked.seller_id and p.promise_id = marked.promise_id
        """;

    /// <summary>Marks the promises of these invoices whose day may not have been over when it counts, in the transaction of what is told.</summary>
    public static async Task MarkAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice, DateTimeOffset CountsAt)> told,
        CancellationToken cancellationToken
    )
    {
        var first = told.GroupBy(each => (each.Seller, each.Invoice))
            .Select(invoice => (invoice.Key.Seller, invoice.Key.Invoice, Day: EarliestDay(invoice.Min(each => each.CountsAt))))
            .ToArray();
        if (first.Length > 0)
        {
            await transaction.Connection!.ExecuteAsync(
                new CommandDefinition(
                    Mark,
                    new
                    {
                        sellers = first.Select(each => each.Seller.Value).ToArray(),
                        invoices = first.Select(each => each.Invoice.Value).ToArray(),
                        days = first.Select(each => each.Day).ToArray(),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );
        }
    }

    /// <summary>No place on earth is more than a day behind Greenwich; whoever judges knows the place.</summary>
    private static DateOnly EarliestDay(DateTimeOffset instant)
    {
        var day = DateOnly.FromDateTime(instant.UtcDateTime);
        return day > DateOnly.MinValue ? day.AddDays(-1) : day;
    }
}
