using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>Payouts that are told: announced once, and those that failed announced back.</summary>
public sealed partial class ConcludeCheckout
{
    private const string AnnouncePayouts = """
        insert into payout (seller_id, provider, reference, currency, amount, fees, arrives_on, statement, announced_at)
        select @Seller, @Provider, n.reference, n.currency, n.amount, n.fees, n.arrives_on, n.statement, @Now
        from unnest(@References, @Currencies, @Amounts, @Fees, @Days, @Statements)
            as n (reference, currency, amount, fees, arrives_on, statement)
        order by n.reference
        on conflict do nothing
        returning reference
        """;
    private const string LockPayouts = """
        select reference, currency, amount from payout
        where seller_id = @Seller and provider = @Provider and reference = any(@References)
        order by reference for update
        """;

    // What the bank has shown it will show going away again; what it has not it may show both ways.
    private const string ComeBack = """
        insert into payout (seller_id, provider, reference, currency, amount, statement, state, reason, announced_at)
        select seller_id, provider, reference || ':returned', currency, -amount, statement,
               case when state = 'arrived' then 'announced' else 'failed' end, @Reason, @Now
        from payout where seller_id = @Seller and provider = @Provider and reference = @Reference
        on conflict do nothing
        """;
    private const string Fail = """
        update payout set state = case when state = 'announced' then 'failed' else state end, reason = @Reason
        where seller_id = @Seller and provider = @Provider and reference = @Reference
        """;

    private async Task HoldPayoutsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        List<ProviderFact> facts,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        var payouts = facts.OfType<PaidOut>().DistinctBy(each => each.Reference).ToList();
        if (payouts.Count > 0)
        {
            await AnnouncePayoutsAsync(connection, transaction, account, payouts, conclusion, token);
        }

        var failed = facts.OfType<PayoutFailed>().Select(each => each.Reference).Distinct(StringComparer.Ordinal).ToArray();
        if (failed.Length == 0)
        {
            return;
        }

        var named = new
        {
            Seller = account.SellerId.Value,
            account.Provider,
            References = failed,
        };
        foreach (
            var payout in await connection.QueryAsync<KeptPayout>(
                new CommandDefinition(LockPayouts, named, transaction, cancellationToken: token)
            )
        )
        {
            conclusion.Hold(payout);
        }
    }

    private async Task AnnouncePayoutsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        List<PaidOut> payouts,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        var announced = await connection.QueryAsync<string>(
            new CommandDefinition(
                AnnouncePayouts,
                new
                {
                    Seller = account.SellerId.Value,
                    account.Provider,
                    Now = clock.GetUtcNow(),
                    References = payouts.Select(each => each.Reference).ToArray(),
                    Currencies = payouts.Select(each => each.Currency.Code).ToArray(),
                    Amounts = payouts.Select(each => each.Amount).ToArray(),
                    Fees = payouts.Select(each => each.Fees).ToArray(),
                    Days = payouts.Select(each => each.ArrivesOn).ToArray(),
                    Statements = payouts.Select(each => each.Statement).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        foreach (var reference in announced)
        {
            conclusion.HoldPayout(reference);
        }
    }

    private async Task WriteFailedPayoutsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        foreach (var payout in conclusion.FailedPayouts)
        {
            var failed = new
            {
                Seller = account.SellerId.Value,
                account.Provider,
                payout.Reference,
                payout.Reason,
                Now = clock.GetUtcNow(),
            };
            await connection.ExecuteAsync(new CommandDefinition(ComeBack, failed, transaction, cancellationToken: token));
            await connection.ExecuteAsync(new CommandDefinition(Fail, failed, transaction, cancellationToken: token));
        }
    }
}
