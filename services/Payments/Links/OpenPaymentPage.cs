using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers.Sandbox;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// What a payment page shows, of an invoice or of everything open of a customer: what is open, what of it is under way, and every way to
/// pay it.
/// </summary>
public sealed class OpenPaymentPage(
    NpgsqlDataSource database,
    Instruct instruct,
    OfferMeans offerMeans,
    FindOpenItems openItems,
    PayInSandbox sandbox,
    TimeProvider clock
)
{
    private const string InvoiceOf = """
        select i.seller_id, i.invoice_id, i.number, i.currency, i.total_with_vat, b.amount_due, b.in_flight, i.due_date, i.payment_reference,
               i.customer_id, coalesce(s.trade_name, s.name, '') as seller_name
        from invoice i join balance b using (seller_id, invoice_id) left join seller s using (seller_id)
        where i.invoice_id = @InvoiceId and (@Seller::text is null or i.seller_id = @Seller)
          and (@Email::text is null or exists (
              select from contact c where c.seller_id = i.seller_id and c.invoice_id = i.invoice_id and c.email = @Email))
        """;
    private const string SellerName = "select coalesce(trade_name, name) from seller where seller_id = @SellerId";

    // Whoever goes back to the page presses its button under the key of the checkout that is open, and finds that one again.
    private const string UnderWay = """
        select min(c.started_at) as since, (array_agg(c.key order by c.started_at desc) filter (where c.expires_at > @Now))[1] as key
        from checkout_part p join checkout c using (seller_id, checkout_id)
        where p.seller_id = @SellerId and p.invoice_id = any(@Invoices) and c.state = 'open'
        """;

    // What the text of a transfer holds.
    private const int MostReference = 140;

    private static readonly string Transfer = Account.NameOf(PaymentMeans.Transfer);

    /// <summary>The page of an invoice for whoever holds a link to it, signed in as a customer, or works for the seller.</summary>
    public async Task<Outcome<PaymentPage>> HandleAsync(InvoiceId invoice, SellerId? seller, string? customerEmail, CancellationToken token)
    {
        var email = customerEmail is null ? null : Payer.AsKept(customerEmail);
        Shown? shown;
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            shown = await connection.QuerySingleOrDefaultAsync<Shown>(
                InvoiceOf,
                new
                {
                    InvoiceId = invoice,
                    Seller = seller?.Value,
                    Email = email,
                }
            );
        }

        if (shown is null)
        {
            return PaymentsFaults.NoInvoice.With(invoice);
        }

        var due = Money.Of(shown.AmountDue, shown.Currency);
        var transfer = await instruct.HandleAsync(shown.SellerId, invoice, due, shown.PaymentReference, token);
        if (transfer.Refused(out var refused))
        {
            return refused;
        }

        var page = new PaymentPage
        {
            SellerId = shown.SellerId.Value,
            InvoiceId = invoice.ToString(),
            Number = shown.Number,
            Currency = shown.Currency.Code,
            TotalWithVat = Text(shown.TotalWithVat, shown.Currency),
            AmountDue = Text(shown.AmountDue, shown.Currency),
            InFlight = Text(shown.InFlight, shown.Currency),
            Transfer = transfer.Value,
            SellerName = shown.SellerName,
        };
        if (shown.DueDate is { } dueDate)
        {
            page.DueDate = Text(dueDate);
        }

        await OfferAsync(page, shown.SellerId, shown.CustomerId, shown.Currency, token);
        page.Sandbox = await sandbox.IsOfferedAsync(shown.SellerId, token);
        await ShowUnderWayAsync(page, shown.SellerId, [invoice], token);
        // Who proved the address sees what else was sent to it; who holds a link to one invoice, that one.
        if (email is not null && shown.AmountDue > 0m)
        {
            var open = await openItems.HandleAsync(new Payer(shown.SellerId) { Email = email }, token);
            page.AlsoOpen.AddRange(OpenItem.Together(open, invoice).Skip(1).Select(Tell));
        }

        return page;
    }

    /// <summary>The page of everything open of the customer that a link is for, or of what a reminder asked for.</summary>
    public async Task<Outcome<PaymentPage>> HandleAsync(Payer payer, CancellationToken token)
    {
        string? sellerName;
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            sellerName = await connection.QuerySingleOrDefaultAsync<string>(SellerName, new { payer.SellerId });
        }

        if (sellerName is null)
        {
            return PaymentsFaults.NotYet.With() with { RetryAfter = 1 };
        }

        var open = await openItems.HandleAsync(payer, token);
        var together = OpenItem.Together(open, null);
        // One payment is in one currency: what is due first tells which; the next one is for the others.
        var currency = (together.Count > 0 ? together : open).Select(item => item.Currency).FirstOrDefault();
        var due = together.Sum(item => item.AmountDue);
        var page = new PaymentPage
        {
            SellerId = payer.SellerId.Value,
            Currency = currency.Code,
            TotalWithVat = Text(together.Sum(item => item.TotalWithVat), currency),
            AmountDue = Text(due, currency),
            InFlight = Text(open.Where(item => item.Currency == currency).Sum(item => item.InFlight), currency),
            SellerName = sellerName,
            AllOpen = true,
            Asked = payer.AskedId is not null,
        };
        page.AlsoOpen.AddRange(together.Select(Tell));
        var references = string.Join(' ', together.Select(item => item.PaymentReference).Distinct(StringComparer.Ordinal));
        // A transfer that cannot name all that it pays is better made for each invoice.
        if (references.Length is > 0 and <= MostReference)
        {
            var transfer = await instruct.TransferAsync(payer.SellerId, Money.Of(due, currency), references, token);
            if (transfer.Refused(out var refused))
            {
                return refused;
            }

            page.Transfer = transfer.Value;
        }

        await OfferAsync(page, payer.SellerId, payer.CustomerId, currency, token);
        await ShowUnderWayAsync(page, payer.SellerId, [.. open.Select(item => item.InvoiceId)], token);
        return page;
    }

    private async Task OfferAsync(PaymentPage page, SellerId seller, CustomerId? customer, Currency currency, CancellationToken token)
    {
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            // A transfer needs no provider; a seller that prefers it has it shown first.
            if ((await KeepPaymentPolicy.OfAsync(connection, null, seller)).Means is [PaymentMeans.Transfer, ..])
            {
                page.Options.Add(new PaymentOption { Means = Transfer });
            }
        }

        var offered = await offerMeans.HandleAsync(seller, customer, currency, token);
        page.Options.AddRange(offered.Select(each => new PaymentOption { Means = Account.NameOf(each.Means), Provider = each.Provider }));
    }

    private async Task ShowUnderWayAsync(
        PaymentPage page,
        SellerId seller,
        IReadOnlyCollection<InvoiceId> invoices,
        CancellationToken token
    )
    {
        await using var connection = await database.OpenConnectionAsync(token);
        var begun = await connection.QuerySingleAsync<Begun>(
            new CommandDefinition(
                UnderWay,
                new
                {
                    SellerId = seller,
                    Invoices = invoices.Select(invoice => invoice.Value).ToArray(),
                    Now = clock.GetUtcNow(),
                },
                cancellationToken: token
            )
        );
        page.Key = StartPaying.PageKeyOf(begun.Key) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (begun.Since is { } since)
        {
            page.InFlightSince = since.ToString("O", CultureInfo.InvariantCulture);
        }
    }

    private static OpenInvoice Tell(OpenItem item)
    {
        var told = new OpenInvoice
        {
            InvoiceId = item.InvoiceId.ToString(),
            Number = item.Number,
            AmountDue = Text(item.AmountDue, item.Currency),
            InFlight = Text(item.InFlight, item.Currency),
        };
        if (item.DueDate is { } due)
        {
            told.DueDate = Text(due);
        }

        return told;
    }

    private static string Text(decimal amount, Currency currency) => Book.Coins(amount, currency).ToString(CultureInfo.InvariantCulture);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record Shown
    {
        public SellerId SellerId { get; init; }

        public string Number { get; init; } = "";

        public Currency Currency { get; init; }

        public decimal TotalWithVat { get; init; }

        public decimal AmountDue { get; init; }

        public decimal InFlight { get; init; }

        public DateOnly? DueDate { get; init; }

        public string PaymentReference { get; init; } = "";

        public CustomerId? CustomerId { get; init; }

        public string SellerName { get; init; } = "";
    }

    private sealed record Begun
    {
        public DateTimeOffset? Since { get; init; }

        public string? Key { get; init; }
    }
}
