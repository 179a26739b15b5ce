using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>What came of the facts, written down.</summary>
public sealed partial class ConcludeCheckout
{
    private const string WriteFacts = """
        insert into provider_fact (seller_id, provider, fact_id, at, effect, checkout_id, payment_id, refund_id, applied_at)
        select @Seller, @Provider, n.fact_id, n.at, n.effect, n.checkout_id, n.payment_id, n.refund_id, @Now
        from unnest(@Facts, @At, @Effects, @Checkouts, @Payments, @Refunds)
            as n (fact_id, at, effect, checkout_id, payment_id, refund_id)
        order by n.fact_id
        """;
    private const string WriteCheckouts = """
        update checkout c
        set state = n.state, reference = n.reference, payment_id = n.payment_id, reason = n.reason, ended_at = n.ended_at,
            next_look_at = n.next_look_at
        from unnest(@Ids, @States, @References, @Payments, @Reasons, @Ended, @Looks)
            as n (checkout_id, state, reference, payment_id, reason, ended_at, next_look_at)
        where c.seller_id = @Seller and c.checkout_id = n.checkout_id
        """;
    private const string WriteRefunds = """
        update refund r
        set state = n.state, provider_reference = n.theirs, invoice_id = n.invoice_id, reason = n.reason, next_look_at = null
        from unnest(@Payments, @References, @States, @Theirs, @Invoices, @Reasons)
            as n (payment_id, reference, state, theirs, invoice_id, reason)
        where r.seller_id = @Seller and r.payment_id = n.payment_id and r.reference = n.reference
        """;
    private const string KeepRefund = """
        insert into refund (seller_id, payment_id, reference, refund_id, amount, refunded_at, state, provider, provider_reference,
            invoice_id)
        values (@Seller, @PaymentId, @Reference, @RefundId, @Amount, @Now, @State, @Provider, @ProviderReference, @InvoiceId)
        """;

    private async Task WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        var (seller, now, facts) = (account.SellerId.Value, clock.GetUtcNow(), conclusion.Applied);
        await connection.ExecuteAsync(
            new CommandDefinition(
                WriteFacts,
                new
                {
                    Seller = seller,
                    account.Provider,
                    Now = now,
                    Facts = facts.Select(each => each.FactId).ToArray(),
                    At = facts.Select(each => each.At.ToUniversalTime()).ToArray(),
                    Effects = facts.Select(each => each.Effect).ToArray(),
                    Checkouts = facts.Select(each => each.CheckoutId).ToArray(),
                    Payments = facts.Select(each => each.PaymentId?.Value).ToArray(),
                    Refunds = facts.Select(each => each.RefundId).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        var checkouts = conclusion.Checkouts;
        if (checkouts.Count > 0)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    WriteCheckouts,
                    new
                    {
                        Seller = seller,
                        Ids = checkouts.Select(each => each.CheckoutId).ToArray(),
                        States = checkouts.Select(each => each.State).ToArray(),
                        References = checkouts.Select(each => each.Reference).ToArray(),
                        Payments = checkouts.Select(each => each.PaymentId?.Value).ToArray(),
                        Reasons = checkouts.Select(each => each.Reason).ToArray(),
                        Ended = checkouts.Select(each => each.EndedAt?.ToUniversalTime()).ToArray(),
                        Looks = checkouts.Select(each => each.NextLookAt?.ToUniversalTime()).ToArray(),
                    },
                    transaction,
                    cancellationToken: token
                )
            );
        }

        var refunds = conclusion.Refunds.Where(each => !each.IsNew).ToList();
        if (refunds.Count > 0)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    WriteRefunds,
                    new
                    {
                        Seller = seller,
                        Payments = refunds.Select(each => each.PaymentId.Value).ToArray(),
                        References = refunds.Select(each => each.Reference).ToArray(),
                        States = refunds.Select(each => each.State).ToArray(),
                        Theirs = refunds.Select(each => each.ProviderReference).ToArray(),
                        Invoices = refunds.Select(each => each.InvoiceId?.Value).ToArray(),
                        Reasons = refunds.Select(each => each.Reason).ToArray(),
                    },
                    transaction,
                    cancellationToken: token
                )
            );
        }

        foreach (var refund in conclusion.Refunds.Where(each => each.IsNew))
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    KeepRefund,
                    new
                    {
                        Seller = seller,
                        refund.PaymentId,
                        refund.Reference,
                        refund.RefundId,
                        refund.Amount,
                        Now = now,
                        refund.State,
                        account.Provider,
                        refund.ProviderReference,
                        InvoiceId = refund.InvoiceId?.Value,
                    },
                    transaction,
                    cancellationToken: token
                )
            );
        }
    }
}
