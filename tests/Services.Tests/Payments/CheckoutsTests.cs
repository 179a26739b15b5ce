using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class CheckoutsTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_double_click_finds_the_same_checkout_and_its_payment_settles_the_invoice_once()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        await using var paid = await host.ListenAsync(InvoicePaid.Exchange);
        var invoice = await shop.InvoiceAsync(121m);

        var clicks = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.TryStartAsync("s1", "page-1", PaymentMeans.Card, invoice)));

        var checkout = Assert.Single(clicks.Select(each => each.Value.CheckoutId!.Value).Distinct());
        Assert.Single(clicks.Select(each => each.Value.Address).Distinct());
        Assert.Equal("order", Assert.Single(clicks[0].Value.Fields!).Key);
        Assert.Equal("121.00", await http.InFlightAsync(invoice));
        var asked = fake.Starts.First();
        Assert.Equal((121.00m, Currency.Eur, PaymentMeans.Card), (asked.Amount, asked.Currency, asked.Means));
        Assert.Equal($"https://facturas.example.com/pay/token/back?checkout={checkout}", asked.ReturnTo.AbsoluteUri);
        Assert.Matches("^[0-9]{4}[0-9A-Z]{8}$", asked.Order);
        Assert.StartsWith("https://payments.example.com/v1/providers/fake/webhook?account=", asked.NotifyAt.AbsoluteUri);

        await host.TellAsync(fake, fake.Pay(checkout));
        await host.CheckoutIsAsync(checkout, "paid");
        Assert.Equal("paid 121.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal("0.00", await http.InFlightAsync(invoice));
        Assert.Equal(invoice, Assert.Single(await paid.AtLeastAsync<InvoicePaid>(1)).InvoiceId);
        // The page is still in another tab, and its button is pressed once more.
        var again = (await host.TryStartAsync("s1", "page-1", PaymentMeans.Card, invoice)).Value;
        Assert.Equal((true, checkout), (again.AlreadyPaid, again.CheckoutId));
        Assert.True((await host.TryStartAsync("s1", "page-2", PaymentMeans.Card, invoice)).Value.AlreadyPaid);
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task One_payment_pays_several_invoices_and_each_gets_its_part()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var first = await shop.InvoiceAsync(100m);
        var second = await shop.InvoiceAsync(50m);
        var dollars = (await host.HearAsync(Shop.Invoice("s1", 10m, currency: "USD"))).InvoiceId;

        Assert.Equal("PAY-CHECKOUT-05", (await host.TryStartAsync("s1", "k0", PaymentMeans.Card, first, dollars)).Fault!.Code.Code);
        Assert.Equal("PAY-CHECKOUT-01", (await host.TryStartAsync("s1", "k0", PaymentMeans.Bizum, dollars)).Fault!.Code.Code);
        var checkout = await host.StartAsync("s1", "k1", first, second);
        await host.TellAsync(fake, fake.Pay(checkout));
        await host.CheckoutIsAsync(checkout, "paid");

        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(first));
        Assert.Equal("paid 50.00, refunded 0.00, due 0.00", await http.StandAsync(second));
        Assert.Equal(150m, await host.QueryAsync<decimal>("select sum(amount) from payment where provider = 'fake'"));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Two_tabs_that_are_both_paid_leave_the_second_payment_to_the_customer_and_somebody_is_told()
    {
        var (fake, complaints) = (new FakeProvider("fake"), new Complaints());
        var settings = FakeProvider.Settings(fake);
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            settings with
            {
                Services = services =>
                {
                    settings.Services!(services);
                    services.AddSingleton<ILoggerProvider>(complaints);
                },
            }
        );
        using var http = host.As("s1");
        await http.KeepAsync(fake);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 60m))).InvoiceId;

        var (first, second) = (await host.StartAsync("s1", "tab-1", invoice), await host.StartAsync("s1", "tab-2", invoice));
        Assert.NotEqual(first, second);
        Assert.Equal("120.00", await http.InFlightAsync(invoice));
        await host.TellAsync(fake, fake.Pay(second), fake.Pay(first));
        await host.CheckoutIsAsync(first, "paid");
        await host.CheckoutIsAsync(second, "paid");

        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal(60m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        await Eventually.TrueAsync(
            () => Task.FromResult(complaints.Of("ConcludeCheckout").Any(each => each.Contains("paid twice", StringComparison.Ordinal))),
            "the second payment is told of"
        );
        await host.FlightsAgreeAsync();
    }

    [Theory]
    [InlineData("70.00", "paid 60.00, refunded 0.00, due 0.00", "10.00")]
    [InlineData("45.50", "paid 45.50, refunded 0.00, due 14.50", "0.00")]
    public async Task Another_amount_than_was_asked_for_is_booked_as_it_was_taken(string taken, string stands, string left)
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var checkout = await host.StartAsync("s1", "k", invoice);

        await host.TellAsync(fake, fake.Pay(checkout, decimal.Parse(taken, CultureInfo.InvariantCulture)));
        await host.CheckoutIsAsync(checkout, "paid");

        Assert.Equal(stands, await http.StandAsync(invoice));
        Assert.Equal(left, (await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance")).Coins());
        Assert.Equal("paid another-amount", await host.CheckoutAsync(checkout));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task A_checkout_whose_answer_was_lost_is_asked_for_again_under_the_same_id()
    {
        var fake = new FakeProvider("fake") { Loses = 1 };
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);

        var lost = await host.TryStartAsync("s1", "k", PaymentMeans.Card, invoice);
        Assert.Equal("PAY-CHECKOUT-02", lost.Fault!.Code.Code);
        Assert.Equal("60.00", await http.InFlightAsync(invoice));
        var found = (await host.TryStartAsync("s1", "k", PaymentMeans.Card, invoice)).Value;

        Assert.NotNull(found.Address);
        Assert.Equal([found.CheckoutId!.Value, found.CheckoutId!.Value], fake.Starts.Select(each => each.CheckoutId));
        // To the letter: a provider refuses a key that comes with other content.
        Assert.Single(fake.Starts.Select(each => (each.Order, each.ReturnTo, each.NotifyAt, each.StartedAt, each.ExpiresAt)).Distinct());
        Assert.Equal("60.00", await http.InFlightAsync(invoice));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Where_the_first_provider_is_down_the_second_takes_over_and_the_first_attempt_is_ended()
    {
        var (first, second) = (new FakeProvider("first") { IsDown = true }, new FakeProvider("second"));
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            FakeProvider.Settings("00:00:00.3", first, second)
        );
        using var http = host.As("s1");
        await http.KeepAsync(first, place: 1);
        await http.KeepAsync(second, place: 2);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 60m))).InvoiceId;

        var started = (await host.TryStartAsync("s1", "k", PaymentMeans.Card, invoice)).Value;
        Assert.Equal("second.example", started.Address!.Host);
        Assert.Equal(2L, await host.QueryAsync<long>("select count(*) from checkout where state = 'open'"));
        Assert.Equal("120.00", await http.InFlightAsync(invoice));
        // The same button again finds the one that was taken over.
        Assert.Equal(started.CheckoutId, (await host.TryStartAsync("s1", "k", PaymentMeans.Card, invoice)).Value.CheckoutId);

        first.IsDown = false;
        await Eventually.EqualAsync("60.00", () => http.InFlightAsync(invoice), "in flight when the first attempt is ended");
        await host.TellAsync(second, second.Pay(started.CheckoutId!.Value));
        await host.CheckoutIsAsync(started.CheckoutId!.Value, "paid");
        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        await host.FlightsAgreeAsync();
    }

    // One that comes late with nothing begun, as far as it saw, met one that was already taking over, and each waited for the other.
    [Fact]
    public async Task Many_presses_at_once_while_a_provider_is_down_all_find_the_one_that_took_over()
    {
        var (first, second) = (new FakeProvider("first") { IsDown = true }, new FakeProvider("second"));
        var settings = FakeProvider.Settings("00:00:00.2", first, second);
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            settings with
            {
                // It is asked each time, however often in vain.
                Configuration = new Dictionary<string, string?>(settings.Configuration) { ["Payments:Checkouts:CallsToJudgeBy"] = "10000" },
            }
        );
        using var http = host.As("s1");
        await http.KeepAsync(first, place: 1);
        await http.KeepAsync(second, place: 2);

        for (var i = 0; i < 15; i++)
        {
            var invoice = (await host.HearAsync(Shop.Invoice("s1", 60m))).InvoiceId;
            var presses = await Task.WhenAll(
                Enumerable.Range(0, 6).Select(_ => host.TryStartAsync("s1", $"k{i}", PaymentMeans.Card, invoice))
            );

            Assert.Single(presses.Select(each => each.Value.CheckoutId).Distinct());
            Assert.All(presses, each => Assert.Equal("second.example", each.Value.Address!.Host));
        }

        Assert.Equal(30L, await host.QueryAsync<long>("select count(*) from checkout"));
        first.IsDown = false;
        await Eventually.EqualAsync(
            15L,
            () => host.QueryAsync<long>("select count(*) from checkout where state = 'open'"),
            "open when the first attempts are ended"
        );
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task A_page_that_comes_while_another_press_takes_over_is_shown_to_nobody()
    {
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (first, second) = (new FakeProvider("first") { Begins = answers.Task }, new FakeProvider("second"));
        await using var shop = await FakeShop.StartAsync(infrastructure, first, second);
        var invoice = await shop.InvoiceAsync(50m);
        var press = shop.Host.TryStartAsync("s1", "k", PaymentMeans.Card, invoice);
        await Eventually.TrueAsync(() => Task.FromResult(!first.Starts.IsEmpty), "the first provider is asked");
        await using var connection = await shop
            .Host.Services.GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await connection.ExecuteAsync("select 1 from checkout where key = 'k' for update", transaction: transaction);
            answers.SetResult();
            // Its answer is there, and waits for the other press.
            await Eventually.TrueAsync(
                async () =>
                    await shop.Host.QueryAsync<int>(
                        """
                        select count(*)::int from pg_locks l join pg_stat_activity a using (pid)
                        where not l.granted and a.datname = current_database()
                        """
                    ) > 0,
                "the first provider's page waits"
            );
            await connection.ExecuteAsync(
                """
                insert into checkout
                select (jsonb_populate_record(null::checkout, to_jsonb(c) || jsonb_build_object('checkout_id', gen_random_uuid(),
                    'attempt', 2, 'provider', 'second', 'order_code', '2222AAAABBBB', 'address', 'https://second.example/pay/taken-over'))).*
                from checkout c where c.key = 'k'
                """,
                transaction: transaction
            );
            await connection.ExecuteAsync(
                "update checkout set expires_at = clock_timestamp() where key = 'k' and attempt = 1",
                transaction: transaction
            );
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("https://second.example/pay/taken-over", (await press).Value.Address!.AbsoluteUri);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_left_alone_and_offered_last()
    {
        var (first, second) = (new FakeProvider("first") { IsDown = true }, new FakeProvider("second"));
        var settings = FakeProvider.Settings(first, second);
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            settings with
            {
                Configuration = new Dictionary<string, string?>(settings.Configuration) { ["Payments:Checkouts:Rest"] = "00:00:05" },
            }
        );
        using var http = host.As("s1");
        await http.KeepAsync(first, place: 1);
        await http.KeepAsync(second, place: 2);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 60m))).InvoiceId;
        var offer = host.Services.GetRequiredService<OfferMeans>();

        Assert.Equal(
            [(PaymentMeans.Card, "first"), (PaymentMeans.Bizum, "first")],
            (await offer.HandleAsync(SellerId.Of("s1"), null, Currency.Eur, CancellationToken.None)).Select(each =>
                (each.Means, each.Provider)
            )
        );
        for (var i = 0; i < 3; i++)
        {
            await host.StartAsync("s1", $"k{i}", invoice);
        }

        var asked = first.Starts.Count;
        await host.StartAsync("s1", "k4", invoice);
        Assert.Equal(asked, first.Starts.Count);
        Assert.Equal(
            ["second", "second"],
            (await offer.HandleAsync(SellerId.Of("s1"), null, Currency.Eur, CancellationToken.None)).Select(each => each.Provider)
        );

        // When it answers again, it is the first again.
        first.IsDown = false;
        var tries = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // Each of another invoice: of one only so many are begun.
                var another = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
                return (await host.TryStartAsync("s1", $"again-{tries++}", PaymentMeans.Card, another)).Value.Address!.Host
                    == "first.example";
            },
            "the first provider is asked again"
        );
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Who_was_declined_and_goes_back_begins_anew_and_the_first_payment_counts_all_the_same()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);

        var declined = await host.StartAsync("s1", "k", invoice);
        await host.TellAsync(fake, fake.Decline(declined));
        await host.CheckoutIsAsync(declined, "failed");
        Assert.Equal("failed card_declined", await host.CheckoutAsync(declined));
        Assert.Equal("0.00", await http.InFlightAsync(invoice));

        var bizum = (await host.TryStartAsync("s1", "k", PaymentMeans.Bizum, invoice)).Value.CheckoutId!.Value;
        Assert.NotEqual(declined, bizum);
        // He tries his card once more on the provider's own page, and is told late.
        await host.TellAsync(fake, fake.Pay(declined));
        await host.CheckoutIsAsync(declined, "paid");
        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal("60.00", await http.InFlightAsync(invoice));
        await host.TellAsync(fake, fake.Decline(bizum));
        await host.CheckoutIsAsync(bizum, "failed");
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Who_comes_back_proves_nothing_and_is_shown_what_the_provider_says()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var checkout = await host.StartAsync("s1", "k", invoice);
        var see = host.Services.GetRequiredService<SeeCheckout>();

        var open = (await see.HandleAsync(SellerId.Of("s1"), checkout, CancellationToken.None)).Value;
        Assert.Equal((CheckoutState.Open, 60.00m, (string?)null), (open.State, open.Amount, open.Reason));
        fake.IsDown = true;
        Assert.Equal(CheckoutState.Open, (await see.HandleAsync(SellerId.Of("s1"), checkout, CancellationToken.None)).Value.State);
        fake.IsDown = false;
        fake.Pay(checkout);
        var paid = (await see.HandleAsync(SellerId.Of("s1"), checkout, CancellationToken.None)).Value;
        Assert.Equal((CheckoutState.Paid, invoice), (paid.State, paid.Invoices.Single()));
        var another = await see.HandleAsync(SellerId.Of("s2"), checkout, CancellationToken.None);
        Assert.Equal("PAY-CHECKOUT-03", another.Fault!.Code.Code);

        var listed = await http.GetAsync($"/v1/checkouts?state=paid&invoiceId={invoice}").JsonAsync(200);
        var shown = Assert.Single(listed.GetProperty("checkouts").EnumerateArray());
        Assert.Equal(("paid", "60.00", "card"), (shown.Text("state"), shown.Text("amount"), shown.Text("means")));
        Assert.Empty((await http.GetAsync("/v1/checkouts?state=open").JsonAsync(200)).GetProperty("checkouts").EnumerateArray());
        await http.GetAsync("/v1/checkouts?state=lost").RefusedAsync(400, "QUERY-01");
        await http.GetAsync("/v1/checkouts?invoiceId=x").RefusedAsync(400, "QUERY-01");
        await http.GetAsync("/v1/checkouts?cursor=x").RefusedAsync(400, "QUERY-01");
        using var stranger = host.As("s2");
        Assert.Empty((await stranger.GetAsync("/v1/checkouts").JsonAsync(200)).GetProperty("checkouts").EnumerateArray());
    }

    [Fact]
    public async Task What_cannot_be_begun_is_refused_and_leaves_nothing_in_flight()
    {
        var fake = new FakeProvider("fake");
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", FakeProvider.Settings(fake));
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 60m))).InvoiceId;
        var start = host.Services.GetRequiredService<StartCheckout>();
        async Task<string> CodeAsync(InvoiceId[] invoices, string key, PaymentMeans means, string path) =>
            (await start.HandleAsync(SellerId.Of("s1"), invoices, key, means, "xx", path, CancellationToken.None)).Fault!.Code.Code;

        Assert.Equal("PAY-CHECKOUT-01", await CodeAsync([invoice], "k", PaymentMeans.Card, "/pay/x"));
        await http.KeepAsync(fake);
        Assert.Equal("PAY-CHECKOUT-01", await CodeAsync([invoice], "k", PaymentMeans.Wallet, "/pay/x"));
        Assert.Equal("PAY-INVOICE-01", await CodeAsync([invoice, InvoiceId.New()], "k", PaymentMeans.Card, "/pay/x"));
        Assert.Equal("PAY-CHECKOUT-06", await CodeAsync([], "k", PaymentMeans.Card, "/pay/x"));
        Assert.Equal("PAY-RPC-01", await CodeAsync([invoice], "", PaymentMeans.Card, "/pay/x"));
        foreach (var path in new[] { "", "pay", "//evil.example/x", "/\\evil.example", "https://evil.example", "/pay/\r\nx", "/pay/@x" })
        {
            Assert.Equal("PAY-CHECKOUT-04", await CodeAsync([invoice], "k", PaymentMeans.Card, path));
        }

        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from checkout"));
        Assert.Equal("0.00", await http.InFlightAsync(invoice));
        await http.DeleteAsync("/v1/providers/fake");
        Assert.Equal("PAY-CHECKOUT-01", await CodeAsync([invoice], "k", PaymentMeans.Card, "/pay/x"));
    }

    [Fact]
    public void What_a_customer_used_last_comes_first_then_the_sellers_order_and_what_is_away_last()
    {
        ProviderChoice[] providers =
        [
            new("stripe", [PaymentMeans.Card, PaymentMeans.Wallet, PaymentMeans.DirectDebit], IsAway: false),
            new("redsys", [PaymentMeans.Card, PaymentMeans.Bizum], IsAway: true),
        ];
        var policy = new PaymentPolicy { Means = [PaymentMeans.Bizum, PaymentMeans.Wallet, PaymentMeans.Card] };

        Assert.Equal(
            ["Wallet stripe", "Card stripe", "DirectDebit stripe", "Bizum redsys"],
            CheckoutOptions.Of(providers, policy, null, Currency.Eur).Select(each => $"{each.Means} {each.Provider}")
        );
        Assert.Equal(
            ["DirectDebit", "Wallet", "Card", "Bizum"],
            CheckoutOptions.Of(providers, policy, PaymentMeans.DirectDebit, Currency.Eur).Select(each => $"{each.Means}")
        );
        Assert.Equal(["Wallet", "Card"], CheckoutOptions.Of(providers, policy, null, Currency.Of("USD")).Select(each => $"{each.Means}"));
        Assert.Equal(["stripe", "redsys"], CheckoutOptions.Takers(providers, PaymentMeans.Card).Select(each => each.Provider));
    }
}
