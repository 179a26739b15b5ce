using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>What an invoice asked for, what was paid and given back, and what is open: amountDue = asked - paid + refunded.</summary>
public sealed class GetBalance(NpgsqlDataSource database, AwaitInvoice arrival)
{
    private const string BalancesOf = """
        select i.seller_id, i.invoice_id, i.currency, i.total_with_vat, b.paid, b.refunded, b.in_flight, b.amount_due, b.version
        from invoice i join balance b using (seller_id, invoice_id)
        where i.invoice_id = any(@Invoices) and (@Seller::text is null or i.seller_id = @Seller)
          and (@Stores::text[] is null or i.store_id = any(@Stores))
          and (@Email::text is null or exists (
              select from contact c where c.seller_id = i.seller_id and c.invoice_id = i.invoice_id and c.email = @Email))
        """;
    private const string PaymentsOn = """
        select a.invoice_id, p.payment_id, p.means, p.provider, p.currency, sum(a.amount) as amount, p.received_at
        from allocation a join payment p using (seller_id, payment_id)
        where a.seller_id = any(@Sellers) and a.invoice_id = any(@Invoices)
        group by a.invoice_id, p.seller_id, p.payment_id
        having sum(a.amount) <> 0
        order by p.received_at, p.payment_id
        """;

    /// <summary>
    /// The balances of these invoices that the seller, the customer's address or both may see; others are left out. So are those of other
    /// stores where some are named, and those whose store nobody told.
    /// </summary>
    public async Task<IReadOnlyList<BalanceAnswer>> HandleAsync(
        IReadOnlyCollection<InvoiceId> invoices,
        SellerId? seller,
        string? customerEmail,
        CancellationToken token,
        string[]? stores = null
    )
    {
        await using var connection = await database.OpenConnectionAsync(token);
        var wanted = invoices.Select(each => each.Value).ToArray();
        var balances = (
            await connection.QueryAsync<BalanceAnswer>(
                BalancesOf,
                new
                {
                    Invoices = wanted,
                    Seller = seller?.Value,
                    Stores = stores,
                    Email = customerEmail?.Trim().ToLowerInvariant(),
                }
            )
        ).ToArray();
        var facts = (
            await connection.QueryAsync<PaymentOnInvoice>(
                PaymentsOn,
                new { Sellers = balances.Select(each => each.SellerId.Value).Distinct().ToArray(), Invoices = wanted }
            )
        ).ToLookup(each => each.InvoiceId);
        return [.. balances.Select(each => each.InCoins([.. facts[each.InvoiceId]]))];
    }

    /// <summary>One of the seller's own.</summary>
    public async Task<Outcome<BalanceAnswer>> HandleAsync(Caller caller, InvoiceId invoice, CancellationToken token)
    {
        await arrival.HandleAsync(caller.SellerId, invoice, token);
        return await HandleAsync([invoice], caller.SellerId, null, token) is [var balance]
            ? balance
            : PaymentsFaults.NoInvoice.With(invoice) with
            {
                RetryAfter = 1,
            };
    }
}

/// <summary>An invoice's balance as its answer tells it.</summary>
public sealed record BalanceAnswer
{
    /// <summary>Whose invoice it is.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public InvoiceId InvoiceId { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>BT-112.</summary>
    public decimal TotalWithVat { get; init; }

    /// <summary>Payments and credit that it took.</summary>
    public decimal Paid { get; init; }

    /// <summary>What of them was given back.</summary>
    public decimal Refunded { get; init; }

    /// <summary>Under way at a provider.</summary>
    public decimal InFlight { get; init; }

    /// <summary>What is open.</summary>
    public decimal AmountDue { get; init; }

    /// <summary>Counts up with every change.</summary>
    public long Version { get; init; }

    /// <summary>What was paid, one by one.</summary>
    public IReadOnlyList<PaymentOnInvoice> Payments { get; init; } = [];

    /// <summary>The same with its currency's decimals and its payments.</summary>
    public BalanceAnswer InCoins(IReadOnlyList<PaymentOnInvoice> payments) =>
        this with
        {
            TotalWithVat = Book.Coins(TotalWithVat, Currency),
            Paid = Book.Coins(Paid, Currency),
            Refunded = Book.Coins(Refunded, Currency),
            InFlight = Book.Coins(InFlight, Currency),
            AmountDue = Book.Coins(AmountDue, Currency),
            Payments = [.. payments.Select(each => each with { Amount = Book.Coins(each.Amount, Currency) })],
        };
}

/// <summary>What a payment put on an invoice.</summary>
public sealed record PaymentOnInvoice
{
    /// <summary>The invoice.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public InvoiceId InvoiceId { get; init; }

    /// <summary>The payment or credit.</summary>
    public PaymentId PaymentId { get; init; }

    /// <summary>How it was paid.</summary>
    public string Means { get; init; } = "";

    /// <summary>Who took it.</summary>
    public string Provider { get; init; } = "";

    /// <summary>How much of it this invoice took, less what was given back.</summary>
    public decimal Amount { get; init; }

    /// <summary>When it was received.</summary>
    public DateTimeOffset ReceivedAt { get; init; }
}
