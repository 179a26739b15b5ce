using System.Globalization;
using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// Waits until nothing is under way any more: outboxes and queues are empty, every notice is applied, every refund answered, every line of
/// the bank looked at, and nothing that a provider has taken is unknown. What a payer left open stays open.
/// </summary>
internal sealed class TruthDrain(IReadOnlyList<TruthShop> shops, TruthHeard heard, Action<string> say)
{
    // Longer than the longest pause of TruthRun.Settings: what waits for that pause only seems to stand still.
    private static readonly TimeSpan StandsStill = TimeSpan.FromMinutes(7);
    private static readonly string[] Tellers = ["invoicing", "delivery", "payments", "collections"];

    private readonly string[] _sellers = [.. shops.Select(shop => shop.Id)];

    private EnduranceTarget Target => shops[0].Target;

    /// <summary>True when nothing is under way; false where nothing moves any more.</summary>
    public Task<bool> RunAsync(CancellationToken cancellation) => EnduranceQuiet.WaitAsync(WaitsAsync, StandsStill, say, cancellation);

    /// <summary>Rows of the sellers.</summary>
    public async Task<long> CountAsync(string service, string sql, CancellationToken cancellation)
    {
        await using var connection = await Target.DatabaseAsync(service, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        if (sql.Contains("@sellers", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue("sellers", _sellers);
        }

        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<string> WaitsAsync(CancellationToken cancellation)
    {
        var waits = new List<string>();
        foreach (var teller in Tellers)
        {
            Add($"events of {teller} to be told", await CountAsync(teller, "select count(*) from outbox", cancellation));
        }

        foreach (var queue in await new Broker(Target.System().Messaging!).QueuesAsync(cancellation))
        {
            if (queue.Consumers > 0)
            {
                Add($"in {queue.Queue}", queue.Messages);
            }
        }

        foreach (
            var (what, sql) in new[]
            {
                ("notices to be applied", "select count(*) from provider_notice where seller_id = any(@sellers) and state = 'waiting'"),
                ("refunds to be answered", "select count(*) from refund where seller_id = any(@sellers) and state = 'asked'"),
                (
                    "checkouts to be looked at",
                    "select count(*) from checkout where seller_id = any(@sellers) and state = 'open' and next_look_at <= now() - interval '5 seconds'"
                ),
                (
                    "lines of the bank to be looked at",
                    "select count(*) from bank_entry where seller_id = any(@sellers) and state = 'waiting'"
                ),
                ("debits to be collected", "select count(*) from debit where seller_id = any(@sellers) and state = 'submitted'"),
            }
        )
        {
            Add(what, await CountAsync("payments", sql, cancellation));
        }

        Add("notices of the providers", await ProviderBooks.NoticesUnderWayAsync(Target, cancellation));
        if (waits.Count == 0)
        {
            // What a consumer is at work on stands in no queue's depth.
            const string told = "select count(*) from event where seller_id = any(@sellers) and name = 'payments.invoice-paid.v1'";
            Add("events to be heard from the bus", await CountAsync("payments", told, cancellation) - heard.Messages);
            Add("payments that only the providers know", await UnknownAsync(cancellation));
        }

        return string.Join(", ", waits);

        void Add(string what, long count)
        {
            if (count != 0)
            {
                waits.Add(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}"));
            }
        }
    }

    /// <summary>How much of what the providers took, or have under way, is not in the ledger.</summary>
    private async Task<long> UnknownAsync(CancellationToken cancellation)
    {
        var unknown = 0L;
        foreach (var shop in shops.Where(each => each.StripeAccount is not null))
        {
            var books = await ProviderBooks.ReadAsync(shop, cancellation);
            await using var connection = await Target.DatabaseAsync("payments", cancellation);
            await using var command = new NpgsqlCommand(
                """
                select count(*) from unnest(@ids) as their (id)
                where not exists (select from payment p where p.seller_id = @seller and p.provider_reference = their.id)
                """,
                connection
            )
            {
                Parameters = { new("ids", books.Payments.Select(each => each.Id).ToArray()), new("seller", shop.Id) },
            };
            unknown += books.UnderWay + (long)(await command.ExecuteScalarAsync(cancellation))!;
        }

        return unknown;
    }
}
