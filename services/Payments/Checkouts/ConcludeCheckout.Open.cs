using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>All that facts may move, read under the locks of whoever else has facts of the same.</summary>
public sealed partial class ConcludeCheckout
{
    private const string Known = """
        select fact_id from provider_fact where seller_id = @Seller and provider = @Provider and fact_id = any(@Facts)
        """;

    // Whoever has facts of a checkout waits here for whoever has others: what is read after it is all there is.
    private const string LockCheckouts = $"""
        select {KeptCheckout.Columns}
        from checkout c
        where c.seller_id = @Seller and c.provider = @Provider and c.checkout_id = any(array(
            select unnest(@Ids)
            union all
            select o.checkout_id from checkout o
            where o.seller_id = @Seller and o.provider = @Provider and o.order_code = any(@Orders)
        ))
        order by c.checkout_id for update of c
        """;
    private const string PaymentsOf = """
        select payment_id, provider_reference from payment
        where seller_id = @Seller and provider = @Provider and provider_reference = any(@References)
        order by payment_id
        """;
    private const string AllocationsOf = """
        select payment_id, invoice_id, sum(amount) as amount from allocation
        where seller_id = @Seller and payment_id = any(@Payments)
        group by payment_id, invoice_id order by max(allocated_at), invoice_id
        """;

    // After their payments, as whoever orders a refund does.
    private const string LockRefunds = """
        select payment_id, reference, refund_id, amount, state, provider_reference, invoice_id, reason from refund
        where seller_id = @Seller and payment_id = any(@Payments)
        order by payment_id, reference for update
        """;
    private const string FailuresOf = """
        select refund_id, max(at) as at from provider_fact
        where seller_id = @Seller and payment_id = any(@Payments) and effect = 'refund-failed' and refund_id is not null
        group by refund_id
        """;

    // Gives back the locks that were taken after it.
    private const string BeforeBooks = "before_books";

    // Each time somebody else allocated money of these payments meanwhile.
    private const int MostTries = 20;

    private static CheckoutReference? CheckoutOf(ProviderFact fact) =>
        fact switch
        {
            CheckoutPaid paid => paid.Checkout,
            CheckoutEnded ended => ended.Checkout,
            _ => null,
        };

    private static string? PaymentOf(ProviderFact fact) =>
        fact switch
        {
            CheckoutPaid paid => paid.Reference,
            RefundEnded refund => refund.Payment,
            TakenBack taken => taken.Payment,
            GivenAgain again => again.Payment,
            _ => null,
        };

    private static async Task<List<ProviderFact>> UnknownAsync(
        NpgsqlTransaction transaction,
        ProviderAccount account,
        List<ProviderFact> facts,
        CancellationToken token
    )
    {
        if (facts.Count == 0)
        {
            return facts;
        }

        var known = await transaction.Connection!.QueryAsync<string>(
            new CommandDefinition(
                Known,
                new
                {
                    Seller = account.SellerId.Value,
                    account.Provider,
                    Facts = facts.Select(each => each.FactId).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        var ids = known.ToHashSet(StringComparer.Ordinal);
        return facts.FindAll(each => !ids.Contains(each.FactId));
    }

    private static async Task<List<KeptCheckout>> LockCheckoutsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        IReadOnlyList<CheckoutReference> named,
        CancellationToken token
    ) =>
        (
            await connection.QueryAsync<KeptCheckout>(
                new CommandDefinition(
                    LockCheckouts,
                    new
                    {
                        Seller = account.SellerId.Value,
                        account.Provider,
                        Ids = named.Select(each => each.CheckoutId).OfType<Guid>().Distinct().ToArray(),
                        Orders = named.Where(each => each.CheckoutId is null).Select(each => each.Order).OfType<string>().ToArray(),
                    },
                    transaction,
                    cancellationToken: token
                )
            )
        ).ToList();

    private static async Task<List<PaymentRow>> PaymentsOfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        string[] references,
        CancellationToken token
    ) =>
        (
            await connection.QueryAsync<PaymentRow>(
                new CommandDefinition(
                    PaymentsOf,
                    new
                    {
                        Seller = account.SellerId.Value,
                        account.Provider,
                        References = references,
                    },
                    transaction,
                    cancellationToken: token
                )
            )
        ).ToList();

    /// <summary>
    /// The book at all that the facts may move: the invoices of the checkouts, the payments, and the invoices that have of them or once
    /// had. Invoices are locked before payments, so whose they are is read first and checked under the locks.
    /// </summary>
    private async Task<(Book Book, IReadOnlyList<Allocation> Allocations)> OpenAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        List<KeptCheckout> checkouts,
        List<PaymentRow> payments,
        CancellationToken token
    )
    {
        var paid = checkouts.SelectMany(each => each.Invoices).ToArray();
        if (payments.Count == 0)
        {
            return (await books.OpenAsync(transaction, seller, paid, token), []);
        }

        PaymentId[] ids = [.. payments.Select(each => each.PaymentId).Distinct()];
        await transaction.SaveAsync(BeforeBooks, token);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var expected = await AllocationsOfAsync(transaction, seller, ids, token);
            HashSet<InvoiceId> invoices = [.. paid, .. expected.Select(each => each.InvoiceId)];
            var book = await books.OpenAsync(transaction, seller, invoices, token);
            await books.HoldAsync(transaction, book, ids, token);
            var allocations = await AllocationsOfAsync(transaction, seller, ids, token);
            if (allocations.All(each => invoices.Contains(each.InvoiceId)))
            {
                await transaction.ReleaseAsync(BeforeBooks, token);
                return (book, allocations);
            }

            await transaction.RollbackAsync(BeforeBooks, token);
        }

        throw new InvalidOperationException($"the money of {ids.Length} payments of {seller} was moved again and again meanwhile");
    }

    private static async Task<IReadOnlyList<Allocation>> AllocationsOfAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        PaymentId[] payments,
        CancellationToken token
    ) =>
        [
            .. await transaction.Connection!.QueryAsync<Allocation>(
                new CommandDefinition(
                    AllocationsOf,
                    new { Seller = seller.Value, Payments = payments.Select(each => each.Value).ToArray() },
                    transaction,
                    cancellationToken: token
                )
            ),
        ];

    private static async Task HoldRefundsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        List<PaymentRow> payments,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        var of = new { Seller = account.SellerId.Value, Payments = payments.Select(each => each.PaymentId.Value).Distinct().ToArray() };
        var refunds = (
            await connection.QueryAsync<KeptRefund>(new CommandDefinition(LockRefunds, of, transaction, cancellationToken: token))
        ).ToList();
        refunds.ForEach(conclusion.Hold);
        if (refunds.Count == 0)
        {
            return;
        }

        var failures = await connection.QueryAsync<Failure>(new CommandDefinition(FailuresOf, of, transaction, cancellationToken: token));
        foreach (var failure in failures)
        {
            conclusion.HoldFailure(failure.RefundId, failure.At);
        }
    }
}
