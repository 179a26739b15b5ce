using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// Customers of whom something was told are looked at no later than that asks for, and what their planned notices wait for is looked at
/// again.
/// </summary>
public sealed class MoveCustomersUp(NpgsqlDataSource database, TimeProvider clock)
{
    private const int AtOnce = 5000;

    // Each one's customer by its key: as a join all receivables would be read for each of many batches.
    private const string TakeWanted = """
        select w.look_id, w.seller_id, w.invoice_id, w.at,
            (select r.customer_key from receivable r where r.seller_id = w.seller_id and r.invoice_id = w.invoice_id) as customer_key
        from look_wanted w
        order by w.look_id
        limit @atOnce
        for update of w skip locked
        """;

    // A customer that is held is moved later: until then the wish stays.
    private const string MoveUp = """
        with wanted as (
            select seller_id, customer_key, min(at) as at
            from unnest(@sellers::text[], @customers::text[], @instants::timestamptz[]) as told (seller_id, customer_key, at)
            group by seller_id, customer_key
        ), added as (
            insert into dunning_customer (seller_id, customer_key, look_at)
            select seller_id, customer_key, at from wanted order by seller_id, customer_key
            on conflict do nothing
            returning seller_id, customer_key
        ), free as (
            select c.seller_id, c.customer_key, w.at from dunning_customer c join wanted w using (seller_id, customer_key)
            for update of c skip locked
        ), moved as (
            update dunning_customer c set look_at = least(coalesce(c.look_at, f.at), f.at)
            from free f where c.seller_id = f.seller_id and c.customer_key = f.customer_key
            returning c.seller_id, c.customer_key
        )
        select seller_id, customer_key from added union all select seller_id, customer_key from moved
        """;

    // What a notice waits for may have been told: of its invoices, or that a message that counted for the cap never went.
    private const string WakeNotices = """
        update notice set next_attempt_at = @now
        where notice_id in (
            select n.notice_id from notice n
            join unnest(@sellers::text[], @customers::text[]) as told (seller_id, customer_key)
                on told.seller_id = n.seller_id and told.customer_key = n.customer_key
            where n.issued_at is null and n.failed_at is null and n.waits_because is not null and n.next_attempt_at > @now
              and (
                  n.waits_because = 'cap'
                  or exists (
                      select from dunning_step s
                      join unnest(@told_sellers::text[], @invoices::uuid[]) as heard (seller_id, invoice_id)
                          on heard.seller_id = s.seller_id and heard.invoice_id = s.invoice_id
                      where s.notice_id = n.notice_id and s.state = 'planned'
                  )
              )
            for update of n skip locked
        )
        """;
    private const string Forget = "delete from look_wanted where look_id = any(@ids)";

    /// <summary>Moves up all of whom something was told.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await MoveUpAsync(cancellationToken)) { }
    }

    /// <summary>Moves up customers of whom something was told; true where there may be more.</summary>
    private async Task<bool> MoveUpAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var wanted = (
            await connection.QueryAsync<Wanted>(
                new CommandDefinition(TakeWanted, new { atOnce = AtOnce }, transaction, cancellationToken: cancellationToken)
            )
        ).AsList();
        if (wanted.Count == 0)
        {
            return false;
        }

        var known = wanted.Where(each => each.CustomerKey is not null).ToArray();
        var moved = (
            await connection.QueryAsync<(string Seller, string Customer)>(
                new CommandDefinition(
                    MoveUp,
                    new
                    {
                        sellers = known.Select(each => each.SellerId.Value).ToArray(),
                        customers = known.Select(each => each.CustomerKey).ToArray(),
                        instants = known.Select(each => each.At.ToUniversalTime()).ToArray(),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToHashSet();
        var done = wanted.Where(each => each.CustomerKey is null || moved.Contains((each.SellerId.Value, each.CustomerKey))).ToArray();
        await connection.ExecuteAsync(
            new CommandDefinition(
                WakeNotices,
                new
                {
                    sellers = moved.Select(each => each.Seller).ToArray(),
                    customers = moved.Select(each => each.Customer).ToArray(),
                    told_sellers = done.Select(each => each.SellerId.Value).ToArray(),
                    invoices = done.Select(each => each.InvoiceId.Value).ToArray(),
                    now = clock.GetUtcNow(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await connection.ExecuteAsync(
            new CommandDefinition(
                Forget,
                new { ids = done.Select(each => each.LookId).ToArray() },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        // What is held stays, and keeps nobody behind it waiting.
        return wanted.Count == AtOnce && done.Length > 0;
    }

    private sealed record Wanted
    {
        public long LookId { get; init; }

        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public DateTimeOffset At { get; init; }

        public string? CustomerKey { get; init; }
    }
}
