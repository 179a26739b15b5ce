using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>What Invoicing would tell Payments of a shop's day.</summary>
internal static class Shop
{
    public const string Email = "c17850@example.com";
    private static int _number;

    public static SellerRegistered Registered(string seller, long version = 1, string? iban = "ES91 2100 0418 4502 0005 1332") =>
        new()
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of(seller),
            Version = version,
            Name = $"Comercios Ñandú {version}, S.L.",
            TradeName = "Ñandú",
            TaxId = "B12345674",
            Address = new Address { City = "Madrid" },
            Iban = iban,
            Bic = "CAIXESBBXXX",
            RegisteredAt = At,
        };

    public static DateTimeOffset At { get; } = new(2026, 11, 23, 10, 15, 30, TimeSpan.FromHours(1));

    public static SalePayment Paid(PaymentMeans means, decimal amount) => new() { Means = means, Amount = amount };

    /// <summary>An invoice that asks for the total, less what was paid with the sale.</summary>
    public static InvoiceIssued Invoice(
        string seller,
        decimal total,
        IReadOnlyList<SalePayment>? payments = null,
        InvoiceKind kind = InvoiceKind.Full,
        InvoiceId? corrects = null,
        string? email = Email,
        decimal? paidAmount = null,
        string currency = "EUR",
        InvoiceCorrection? correction = null
    )
    {
        var number = $"F-{Interlocked.Increment(ref _number)}";
        var paid = paidAmount ?? (payments ?? []).Sum(each => each.Amount);
        return new InvoiceIssued
        {
            EventId = EventId.New(),
            InvoiceId = InvoiceId.New(),
            Kind = total < 0m ? InvoiceKind.Corrective : kind,
            TypeCode = total < 0m ? "381" : "380",
            Status = InvoiceStatus.Issued,
            Number = number,
            Series = "F",
            IssueDate = new DateOnly(2026, 11, 23),
            OperationDate = new DateOnly(2026, 11, 23),
            DueDate = new DateOnly(2026, 12, 23),
            IssuedAt = At,
            SellerId = SellerId.Of(seller),
            SaleIds = [SaleId.Of(number)],
            StoreId = StoreId.Of("S01"),
            Currency = Currency.Of(currency),
            Seller = new InvoiceParty { Name = "Comercios Ñandú, S.L." },
            Contact = email is null ? null : new InvoiceContact { CustomerId = CustomerId.Of("17850"), Email = email },
            Lines = [],
            VatBreakdown = [],
            Totals = new InvoiceTotals
            {
                LineTotal = total,
                AllowanceTotal = 0m,
                ChargeTotal = 0m,
                TotalWithoutVat = total,
                VatTotal = 0m,
                TotalWithVat = total,
                PaidAmount = paid,
                RoundingAmount = 0m,
                AmountDue = total - paid,
            },
            PaymentReference = "RF18539007547034",
            Payments = payments ?? [],
            Corrects = corrects is null ? [] : [new InvoiceReference { InvoiceId = corrects, Number = "F-0" }],
            Correction = correction,
            Fiscal = new FiscalBody
            {
                Regime = "verifactu",
                Environment = SellerEnvironment.Test,
                RecordType = "F1",
                Submission = FiscalSubmission.Pending,
            },
        };
    }

    /// <summary>Tells Payments of it and waits until it has arrived.</summary>
    public static async Task<T> HearAsync<T>(this ServiceHost host, T told)
        where T : IEvent
    {
        await host.PublishAsync(told);
        await host.HasHeardAsync(told);
        return told;
    }

    public static Task HasHeardAsync(this ServiceHost host, params IEvent[] told) =>
        Eventually.EqualAsync(
            (long)told.Length,
            () =>
                host.QueryAsync<long>(
                    "select count(*) from inbox where event_id = any(@Ids)",
                    new { Ids = told.Select(each => each.EventId.Value).ToArray() }
                ),
            "events that have had their effect",
            TimeSpan.FromSeconds(60)
        );

    public static async Task<T> QueryAsync<T>(this ServiceHost host, string sql, object? parameters = null)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(this ServiceHost host, string sql, object? parameters = null)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>What an account of the journal stands at.</summary>
    public static Task<decimal> StandsAsync(this ServiceHost host, string account) =>
        host.QueryAsync<decimal>("select coalesce(sum(amount), 0) from journal_line where account = @account", new { account });

    /// <summary>The answer's body, with its status as expected.</summary>
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> request, int status)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} instead of {status}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public static async Task RefusedAsync(this Task<HttpResponseMessage> request, int status, string code) =>
        Assert.Equal(code, (await request.JsonAsync(status)).Text("code"));

    public static string? Text(this JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static Task<HttpResponseMessage> PayAsync(
        this HttpClient http,
        InvoiceId invoice,
        string amount,
        string reference,
        string means = "transfer"
    ) =>
        http.PostAsJsonAsync(
            "/v1/payments",
            new
            {
                invoiceId = invoice.ToString(),
                means,
                amount,
                reference,
            }
        );

    public static Task<HttpResponseMessage> RefundAsync(this HttpClient http, string payment, string amount, string reference) =>
        http.PostAsJsonAsync($"/v1/payments/{payment}/refunds", new { amount, reference });

    public static Task<JsonElement> BalanceAsync(this HttpClient http, InvoiceId invoice) =>
        http.GetAsync($"/v1/invoices/{invoice}/balance").JsonAsync(200);

    /// <summary>Paid, refunded and open, as one line to compare.</summary>
    public static async Task<string> StandAsync(this HttpClient http, InvoiceId invoice)
    {
        var balance = await http.BalanceAsync(invoice);
        return $"paid {balance.Text("paid")}, refunded {balance.Text("refunded")}, due {balance.Text("amountDue")}";
    }

    /// <summary>
    /// The books agree with themselves: every entry and the trial balance sum to zero, every balance row says what its journal lines say.
    /// </summary>
    public static async Task BooksAgreeAsync(this ServiceHost host)
    {
        Assert.Empty(
            await host.ListAsync<string>(
                "select seller_id || entry_id::text from journal_line group by seller_id, entry_id, currency having sum(amount) <> 0"
            )
        );
        Assert.Equal(0m, await host.QueryAsync<decimal>("select coalesce(sum(amount), 0) from journal_line"));
        Assert.Empty(
            await host.ListAsync<string>(
                """
                select b.invoice_id::text || ' has ' || b.amount_due || ' open, its journal ' || coalesce(j.amount, 0)
                from balance b left join (
                    select e.seller_id, e.invoice_id, sum(l.amount) as amount
                    from journal_entry e join journal_line l using (seller_id, entry_id) where l.account = 'receivable' group by 1, 2
                ) j using (seller_id, invoice_id)
                where b.amount_due <> coalesce(j.amount, 0)
                """
            )
        );
        Assert.Empty(
            await host.ListAsync<string>(
                """
                select b.payment_id::text || ' has ' || b.unallocated || ' left, its journal ' || coalesce(j.amount, 0)
                from payment_balance b left join (
                    select e.seller_id, e.payment_id, -sum(l.amount) as amount
                    from journal_entry e join journal_line l using (seller_id, entry_id) where l.account = 'unallocated' group by 1, 2
                ) j using (seller_id, payment_id)
                where b.unallocated <> coalesce(j.amount, 0)
                """
            )
        );
        Assert.Empty(
            await host.ListAsync<string>(
                """
                select b.invoice_id::text from balance b join invoice i using (seller_id, invoice_id)
                where (select count(*) from settlement s where s.seller_id = b.seller_id and s.invoice_id = b.invoice_id) <> b.settlements
                   or (b.amount_due = 0) <> b.settled
                """
            )
        );
    }

    public static string Coins(this decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>A shop that is open: its service, its key, and its accounts with these providers.</summary>
internal sealed class FakeShop : IAsyncDisposable
{
    public const string Seller = "s1";

    private readonly FakeProvider[] _providers;

    private FakeShop(ServiceHost host, FakeProvider[] providers)
    {
        (Host, _providers) = (host, providers);
        Http = host.As(Seller);
    }

    public ServiceHost Host { get; }

    public HttpClient Http { get; }

    /// <summary>Nothing is asked again before an hour: what happens is what the test does.</summary>
    public static Task<FakeShop> StartAsync(Infrastructure infrastructure, params FakeProvider[] providers) =>
        StartAsync(infrastructure, "01:00:00", providers);

    /// <summary>The first provider comes first.</summary>
    public static async Task<FakeShop> StartAsync(Infrastructure infrastructure, string waits, params FakeProvider[] providers)
    {
        var settings = FakeProvider.Settings(waits, providers);
        var shop = new FakeShop(await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", settings), providers);
        for (var i = 0; i < providers.Length; i++)
        {
            await shop.Http.KeepAsync(providers[i], i + 1);
        }

        return shop;
    }

    /// <summary>An invoice that asks for so much.</summary>
    public async Task<InvoiceId> InvoiceAsync(decimal total) => (await Host.HearAsync(Shop.Invoice(Seller, total))).InvoiceId;

    /// <summary>An invoice that was paid through the first provider.</summary>
    public async Task<(InvoiceId Invoice, Guid Checkout, string Payment)> PaidAsync(decimal amount)
    {
        var invoice = await InvoiceAsync(amount);
        var checkout = await Host.StartAsync(Seller, $"k-{invoice}", invoice);
        await Host.TellAsync(_providers[0], _providers[0].Pay(checkout));
        await Host.CheckoutIsAsync(checkout, "paid");
        var payment = await Host.QueryAsync<Guid>("select payment_id from checkout where checkout_id = @checkout", new { checkout });
        return (invoice, checkout, payment.ToString());
    }

    public void Deconstruct(out ServiceHost host, out HttpClient http) => (host, http) = (Host, Http);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
    }
}
