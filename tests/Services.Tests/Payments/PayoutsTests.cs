using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>What providers pay out, take and have again, until the bank's lines show it: nothing stays with the provider that it has not.</summary>
public sealed class PayoutsTests(Infrastructure infrastructure)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_negative_payout_is_taken_from_the_bank_and_leaves_nothing_with_the_provider()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShopAsync(fake);
        var (host, http) = shop;
        var (_, checkout, _) = await shop.PaidAsync(100m);
        await host.TellAsync(fake, Payout("po_1", 98.25m, 1.75m));
        await host.TellAsync(fake, FakeProvider.TakeBack(checkout, 18m));
        await host.TellAsync(fake, Payout("po_2", -20m, 2m));
        await host.NothingWaitsAsync();
        Assert.Equal(0m, await host.StandsAsync("provider:fake"));
        Assert.Equal(78.25m, await host.StandsAsync("payouts-in-transit"));

        var answer = await ImportAsync(http, Line("98.25", "CRDT", "B1") + Line("20.00", "DBIT", "B2")).JsonAsync(200);

        Assert.Equal(2, answer.GetProperty("statements")[0].GetProperty("matched").GetInt32());
        await StandAsync(host, provider: 0m, transit: 0m, bank: 78.25m, fees: 3.75m);
        Assert.Equal(["po_1 arrived", "po_2 arrived"], await PayoutsAsync(host));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payout_that_failed_is_the_providers_again_and_paid_out_another_time(bool failureFirst)
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShopAsync(fake);
        var (host, http) = shop;
        await shop.PaidAsync(100m);
        ProviderFact[] told = [Payout("po_1", 98.25m, 1.75m), Failed("po_1")];
        foreach (var fact in failureFirst ? told.Reverse() : told)
        {
            await host.TellAsync(fake, fact);
        }

        await host.NothingWaitsAsync();
        await StandAsync(host, provider: 98.25m, transit: 0m, bank: 0m, fees: 1.75m);
        Assert.Equal(["po_1 failed", "po_1:returned failed"], await PayoutsAsync(host));

        await host.TellAsync(fake, Payout("po_2", 98.25m, 0m), Failed("po_1"));
        await host.NothingWaitsAsync();
        await ImportAsync(http, Line("98.25", "CRDT", "B1")).JsonAsync(200);

        await StandAsync(host, provider: 0m, transit: 0m, bank: 98.25m, fees: 1.75m);
        Assert.Equal(["po_1 failed", "po_1:returned failed", "po_2 arrived"], await PayoutsAsync(host));
    }

    [Fact]
    public async Task A_payout_of_so_many_payments_that_asking_takes_long_holds_up_nothing_and_is_booked_when_all_of_it_is_known()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShopAsync(fake);
        var host = shop.Host;
        var (_, checkout, _) = await shop.PaidAsync(100m);
        var (asked, all) = (0, new TaskCompletionSource<PaidOut?>(TaskCreationOptions.RunContinuationsAsynchronously));
        fake.SaysOfPayouts = _ =>
        {
            Interlocked.Increment(ref asked);
            return all.Task;
        };

        await host.TellAsync(fake, Payout("po_1", 98.25m, 0m));
        await Eventually.EqualAsync(
            "what payout po_1 is made of is still being asked",
            () => host.QueryAsync<string>("select reason from provider_notice where state = 'waiting'"),
            "the payout is put off"
        );
        await host.TellAsync(fake, FakeProvider.TakeBack(checkout, 18m));
        await Eventually.EqualAsync(82m, () => host.StandsAsync("provider:fake"), "what else is told is booked");

        all.SetResult(Payout("po_1", 98.25m, 1.75m));
        await host.NothingWaitsAsync();
        Assert.Equal(98.25m, await host.StandsAsync("payouts-in-transit"));
        Assert.Equal(1.75m, await host.StandsAsync("fees"));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_payout_that_the_bank_sends_back_after_it_had_arrived_leaves_the_bank_by_its_line()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShopAsync(fake);
        var (host, http) = shop;
        await shop.PaidAsync(100m);
        await host.TellAsync(fake, Payout("po_1", 98.25m, 1.75m));
        await host.NothingWaitsAsync();
        await ImportAsync(http, Line("98.25", "CRDT", "B1")).JsonAsync(200);
        await host.TellAsync(fake, Failed("po_1"));
        await host.NothingWaitsAsync();
        Assert.Equal(["po_1 arrived", "po_1:returned announced"], await PayoutsAsync(host));
        await StandAsync(host, provider: 98.25m, transit: -98.25m, bank: 98.25m, fees: 1.75m);

        await ImportAsync(http, Line("98.25", "DBIT", "B2"), "S2").JsonAsync(200);

        await StandAsync(host, provider: 98.25m, transit: 0m, bank: 0m, fees: 1.75m);
        Assert.Equal(["po_1 arrived", "po_1:returned arrived"], await PayoutsAsync(host));
    }

    [Fact]
    public async Task A_failed_payout_that_the_bank_shows_there_and_back_comes_to_nothing()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShopAsync(fake);
        var (host, http) = shop;
        await shop.PaidAsync(100m);
        await host.TellAsync(fake, Payout("po_1", 98.25m, 1.75m), Failed("po_1"));
        await host.NothingWaitsAsync();

        var answer = await ImportAsync(http, Line("98.25", "CRDT", "B1") + Line("98.25", "DBIT", "B2")).JsonAsync(200);

        Assert.Equal(2, answer.GetProperty("statements")[0].GetProperty("matched").GetInt32());
        await StandAsync(host, provider: 98.25m, transit: 0m, bank: 0m, fees: 1.75m);
    }

    [Theory]
    [InlineData("<Chrgs><Rcrd><Amt Ccy=\"EUR\">0.50</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>", "")]
    [InlineData(
        "<Chrgs><Rcrd><Amt Ccy=\"EUR\">0.50</Amt></Rcrd></Chrgs>",
        "<AmtDtls><TxAmt><Amt Ccy=\"EUR\">98.25</Amt></TxAmt></AmtDtls>"
    )]
    public async Task What_the_bank_keeps_of_a_payout_is_a_fee_and_the_payout_is_found_all_the_same(string charges, string amounts)
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShopAsync(fake);
        var (host, http) = shop;
        await shop.PaidAsync(100m);
        await host.TellAsync(fake, Payout("po_1", 98.25m, 1.75m));
        await host.NothingWaitsAsync();
        var details =
            amounts.Length > 0 ? $"<NtryDtls><TxDtls>{amounts}<RmtInf><Ustrd>FAKE PAYOUT</Ustrd></RmtInf></TxDtls></NtryDtls>" : "";
        var line = CamtFiles.Entry("97.75", reference: "B1", inner: $"{charges}{details}<AddtlNtryInf>FAKE PAYOUT</AddtlNtryInf>");

        await ImportAsync(http, line).JsonAsync(200);
        var again = await ImportAsync(http, line, "S2").JsonAsync(200);

        Assert.Equal(0, again.GetProperty("statements")[0].GetProperty("new").GetInt32());
        await StandAsync(host, provider: 0m, transit: 0m, bank: 97.75m, fees: 2.25m);
        Assert.Equal(
            ["98.25 payout", "0.50 charge"],
            (await http.GetAsync("/v1/bank-entries?state=matched").JsonAsync(200))
                .GetProperty("items")
                .EnumerateArray()
                .Select(each => $"{each.Text("amount")} {each.Text("matchedAs")}")
                .OrderDescending(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task What_the_bank_keeps_of_a_batch_of_customers_payments_is_a_fee_and_each_invoice_gets_what_was_paid()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await host.HearAsync(Shop.Registered("s1"));
        using var http = host.As("s1");
        var one = await host.HearAsync(Shop.Invoice("s1", 10m) with { PaymentReference = "RF18539007547034" });
        var two = await host.HearAsync(Shop.Invoice("s1", 20m) with { PaymentReference = "RF712348231" });
        static string Detail(string amount, string reference) =>
            $"<TxDtls><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Ana</Nm></Pty></Dbtr></RltdPties>"
            + $"<RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>";
        var details = Detail("10.00", one.PaymentReference) + Detail("20.00", two.PaymentReference);

        await ImportAsync(
                http,
                CamtFiles.Entry(
                    "29.40",
                    reference: "B1",
                    inner: $"<Chrgs><Rcrd><Amt Ccy=\"EUR\">0.60</Amt></Rcrd></Chrgs><NtryDtls>{details}</NtryDtls>"
                )
            )
            .JsonAsync(200);

        Assert.Equal("paid 10.00, refunded 0.00, due 0.00", await http.StandAsync(one.InvoiceId));
        Assert.Equal("paid 20.00, refunded 0.00, due 0.00", await http.StandAsync(two.InvoiceId));
        Assert.Equal((29.40m, 0.60m), (await host.StandsAsync("bank"), await host.StandsAsync("fees")));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Stripe_pays_out_fails_and_collects_and_its_account_comes_to_nothing()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepStripeAsync();
        var (_, checkout, _) = await shop.PaidAsync(100m);

        var first = await PayOutAsync(shop, collects: false);
        await Eventually.EqualAsync(first.Amount, () => shop.Host.StandsAsync("payouts-in-transit"), "the payout is told");
        Assert.Equal(0m, await shop.Host.StandsAsync("provider:stripe"));
        var fees = await shop.Host.StandsAsync("fees");
        Assert.Equal(100m - first.Amount, fees);

        await shop
            .Stripe.Control.PostAsJsonAsync($"/control/payouts/{first.Id}/fail", new { code = "account_closed" }, Token)
            .JsonAsync(200);
        await Eventually.EqualAsync(first.Amount, () => shop.Host.StandsAsync("provider:stripe"), "it is told to have failed");
        Assert.Equal(
            "account_closed",
            await shop.Host.QueryAsync<string>("select reason from payout where reference = @Id", new { first.Id })
        );

        var second = await PayOutAsync(shop, collects: false);
        Assert.Equal(first.Amount, second.Amount);
        await Eventually.EqualAsync(0m, () => shop.Host.StandsAsync("provider:stripe"), "it is paid out another time");

        // A dispute takes the money and a fee: nothing is there to take them of.
        await shop
            .Stripe.Control.PostAsJsonAsync("/control/disputes", new { checkoutId = checkout, amount = 10_000 }, Token)
            .JsonAsync(200);
        await Eventually.EqualAsync(-100m, () => shop.Host.StandsAsync("provider:stripe"), "the dispute is told");
        var third = await PayOutAsync(shop, collects: true);
        Assert.Equal(-120m, third.Amount);
        await Eventually.EqualAsync(0m, () => shop.Host.StandsAsync("provider:stripe"), "what lacked is collected");
        Assert.Equal(fees + 20m, await shop.Host.StandsAsync("fees"));

        await ImportAsync(
                shop.Http,
                Line(second.Amount.Coins(), "CRDT", "B1", "STRIPE PAYOUT") + Line("120.00", "DBIT", "B2", "STRIPE PAYOUT")
            )
            .JsonAsync(200);
        Assert.Equal(0m, await shop.Host.StandsAsync("payouts-in-transit"));
        Assert.Equal(second.Amount - 120m, await shop.Host.StandsAsync("bank"));
        await shop.Host.FlightsAgreeAsync();
    }

    /// <summary>Whose account is known, so that its bank's files are taken.</summary>
    private async Task<FakeShop> FakeShopAsync(FakeProvider fake)
    {
        var shop = await FakeShop.StartAsync(infrastructure, fake);
        await shop.Host.HearAsync(Shop.Registered(FakeShop.Seller));
        return shop;
    }

    private static PaidOut Payout(string reference, decimal amount, decimal fees) =>
        new()
        {
            FactId = $"payout:{reference}",
            At = TimeProvider.System.GetUtcNow(),
            Reference = reference,
            Amount = amount,
            Currency = Currency.Eur,
            Fees = fees,
            ArrivesOn = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime),
            Statement = "FAKE PAYOUT",
        };

    private static PayoutFailed Failed(string reference) =>
        new()
        {
            FactId = $"payout-failed:{reference}",
            At = TimeProvider.System.GetUtcNow(),
            Reference = reference,
            Reason = "account_closed",
        };

    private static string Line(string amount, string direction, string reference, string words = "FAKE PAYOUT") =>
        CamtFiles.Entry(
            amount,
            direction,
            reference: reference,
            inner: $"<NtryDtls><TxDtls><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls>",
            day: TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        );

    private static async Task<HttpResponseMessage> ImportAsync(HttpClient http, string entries, string id = "S1")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(CamtFiles.Statement(entries, id)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        return await http.PostAsync("/v1/bank-statements", content, Token);
    }

    private static async Task<(string Id, decimal Amount)> PayOutAsync(SimulatedShop shop, bool collects)
    {
        var made = await shop
            .Stripe.Control.PostAsJsonAsync("/control/payouts", new { account = SimulatedStripe.AccountId, collects }, Token)
            .JsonAsync(200);
        var payout = Assert.Single(made.EnumerateArray());
        return (payout.Text("id")!, decimal.Parse(payout.Text("amount")!, CultureInfo.InvariantCulture));
    }

    private static async Task StandAsync(ServiceHost host, decimal provider, decimal transit, decimal bank, decimal fees)
    {
        Assert.Equal(
            (provider, transit, bank, fees),
            (
                await host.StandsAsync("provider:fake"),
                await host.StandsAsync("payouts-in-transit"),
                await host.StandsAsync("bank"),
                await host.StandsAsync("fees")
            )
        );
        await host.BooksAgreeAsync();
    }

    private static Task<IReadOnlyList<string>> PayoutsAsync(ServiceHost host) =>
        host.ListAsync<string>("select reference || ' ' || state from payout order by reference");
}
