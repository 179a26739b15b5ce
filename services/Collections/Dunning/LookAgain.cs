using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Something was told of receivables that may change who is written to: their customers are looked at again.</summary>
public static class LookAgain
{
    private const string Want = """
        insert into look_wanted (seller_id, invoice_id, at) select seller_id, invoice_id, @at
        from unnest(@sellers, @invoices) as told (seller_id, invoice_id)
        """;
    private const string WantAll = $"""
        insert into look_wanted (seller_id, invoice_id, at)
        select seller_id, invoice_id, @now from receivable where seller_id = @seller and opened_at is not null and settled_at is null;
        select pg_notify('{RunDunning.Channel}', '')
        """;
    private const string WantAndWake = $"""
        {Want};
        select pg_notify('{RunDunning.Channel}', '')
        """;

    /// <summary>Everything open of a seller is looked at, in the transaction of what is told: its policies or its clock are others now.</summary>
    public static Task AllOfAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(WantAll, new { seller = seller.Value, now }, transaction, cancellationToken: cancellationToken)
        );

    /// <summary>
    /// Has them looked at from that instant on, in the transaction of what is told; waits for nobody. Without a wake they are looked at
    /// within the minute: what is due in a month is in no hurry.
    /// </summary>
    public static async Task SoonAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> receivables,
        DateTimeOffset at,
        CancellationToken cancellationToken,
        bool wake = true
    )
    {
        if (receivables.Count == 0)
        {
            return;
        }

        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                wake ? WantAndWake : Want,
                new
                {
                    sellers = receivables.Select(each => each.Seller.Value).ToArray(),
                    invoices = receivables.Select(each => each.Invoice.Value).ToArray(),
                    at,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
    }
}
