using System.Globalization;
using System.Net.Http.Json;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class DirectDebitsTests(Infrastructure infrastructure)
{
    private const string Reference = "RF18539007547034";

    [Fact]
    public async Task A_batch_collects_what_is_due_once_and_the_same_reference_again_gives_the_same_file()
    {
        var clock = Clock();
        await using var host = await StartAsync(clock);
        using var http = host.As("s1");
        await http.CollectAsync("2026-12-23").RefusedAsync(422, "PAY-DEBIT-01");
        await http.SettleInAsync(host);
        var first = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var second = (await host.HearAsync(Shop.Invoice("s1", 21.50m))).InvoiceId;
        await host.HearAsync(Shop.Invoice("s1", 30m, currency: "GBP"));
        await host.HearAsync(Shop.Invoice("s1", 30m, email: null));

        // Both are due on 23 December.
        await http.CollectAsync("2026-12-22").RefusedAsync(422, "PAY-DEBIT-06");
        var (batch, file) = await http.CollectAsync("2026-12-23", "B-1").FileAsync(201);
        Assert.Empty(Pain008Tests.Breaches(Pain008.Version08, file));
        Assert.Equal([$"FRST {Reference} 100.00", $"RCUR {Reference}-2 21.50"], Debits(file));
        Assert.Equal("100.00", (await http.BalanceAsync(first)).Text("inFlight"));

        Assert.Equal((batch, file), await http.CollectAsync("2026-12-23", "B-1").FileAsync(200));
        Assert.Equal((batch, file), await http.GetAsync($"/v1/direct-debits/{batch}/file").FileAsync(200));
        await http.CollectAsync("2026-12-24", "B-1").RefusedAsync(409, "PAY-REFERENCE-02");
        await http.CollectAsync("2026-12-23", "B-1", format: "02").RefusedAsync(409, "PAY-REFERENCE-02");
        await http.CollectAsync("2026-12-23", "B-1", invoices: [first, second]).RefusedAsync(409, "PAY-REFERENCE-02");
        await http.CollectAsync("2026-12-23", "B-2").RefusedAsync(422, "PAY-DEBIT-06");
        await http.CollectAsync("2026-12-23", "B-2", invoices: [first]).RefusedAsync(422, "PAY-DEBIT-10");

        await http.CollectedAsync(batch).RefusedAsync(422, "PAY-DEBIT-14");
        clock.SetUtcNow(DateTimeOffset.Parse("2026-12-24T09:00:00Z", CultureInfo.InvariantCulture));
        await http.CollectedAsync(batch, "2026-12-22").RefusedAsync(422, "PAY-DEBIT-14");
        await http.CollectedAsync(batch, "2026-12-25").RefusedAsync(422, "PAY-DEBIT-14");
        var after = await http.CollectedAsync(batch).JsonAsync(200);
        Assert.Equal(after.GetRawText(), (await http.CollectedAsync(batch, "2026-12-24").JsonAsync(200)).GetRawText());
        Assert.Equal(
            [$"{Reference} collected 2026-12-23", $"{Reference}-2 collected 2026-12-23"],
            after
                .GetProperty("debits")
                .EnumerateArray()
                .Select(each => $"{each.Text("endToEndId")} {each.Text("state")} {each.Text("collectedOn")}")
        );
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(first));
        Assert.Equal("paid 21.50, refunded 0.00, due 0.00", await http.StandAsync(second));
        Assert.Equal("0.00", (await http.BalanceAsync(first)).Text("inFlight"));
        Assert.Equal(121.50m, await BankAsync(host));
        await http.PostAsync($"/v1/direct-debits/{batch}/cancel", null).RefusedAsync(409, "PAY-DEBIT-12");
        var page = await http.GetAsync("/v1/direct-debits?limit=1").JsonAsync(200);
        var shown = Assert.Single(page.GetProperty("batches").EnumerateArray());
        Assert.Equal((batch, "121.50", 2), (shown.Text("batchId"), shown.Text("amount"), shown.GetProperty("collected").GetInt32()));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task What_is_collected_is_what_is_due_and_what_a_customer_pays_meanwhile_is_left_over()
    {
        var clock = Clock();
        await using var host = await StartAsync(clock);
        using var http = host.As("s1");
        await http.SettleInAsync(host);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        await http.PayAsync(invoice, "40.00", "T-1").JsonAsync(201);

        // 19 December is a Saturday; named, an invoice is collected before it is due.
        var (batch, file) = await http.CollectAsync("2026-12-19", format: "pain.008.001.02", invoices: [invoice]).FileAsync(201);
        Assert.Empty(Pain008Tests.Breaches(Pain008.Version02, file));
        Assert.Equal([$"FRST {Reference} 60.00"], Debits(file));
        Assert.Equal("2026-12-21", Assert.Single(Elements(file, "ReqdColltnDt")).Value);

        await http.PayAsync(invoice, "60.00", "T-2").JsonAsync(201);
        clock.SetUtcNow(DateTimeOffset.Parse("2026-12-21T09:00:00Z", CultureInfo.InvariantCulture));
        await http.CollectedAsync(batch).JsonAsync(200);

        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal(60m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        Assert.Equal("0.00", (await http.BalanceAsync(invoice)).Text("inFlight"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_file_that_is_not_sent_leaves_nothing_in_flight_and_its_mandates_unused()
    {
        await using var host = await StartAsync(Clock());
        using var http = host.As("s1");
        await http.SettleInAsync(host);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var (batch, _) = await http.CollectAsync("2026-12-23").FileAsync(201);

        var cancelled = await http.PostAsync($"/v1/direct-debits/{batch}/cancel", null).JsonAsync(200);
        var again = await http.PostAsync($"/v1/direct-debits/{batch}/cancel", null).JsonAsync(200);

        Assert.Equal(cancelled.GetRawText(), again.GetRawText());
        Assert.Equal("cancelled", cancelled.GetProperty("debits")[0].Text("state"));
        Assert.Equal("0.00", (await http.BalanceAsync(invoice)).Text("inFlight"));
        await http.CollectedAsync(batch).RefusedAsync(409, "PAY-DEBIT-13");
        // What was sent after all is nothing we know of.
        Assert.False(await ReturnAsync(host, Reference, 100m, "AM04"));
        Assert.Equal("first", (await http.GetAsync("/v1/mandates/M-1").JsonAsync(200)).Text("sequence"));
        Assert.Equal([$"FRST {Reference}-2 100.00"], Debits((await http.CollectAsync("2026-12-23").FileAsync(201)).File));
        await http.PostAsync($"/v1/direct-debits/{Guid.CreateVersion7()}/cancel", null).RefusedAsync(404, "PAY-DEBIT-11");
        await http.PostAsync("/v1/direct-debits/x/cancel", null).RefusedAsync(404, "PAY-DEBIT-11");
        await host.BooksAgreeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_returned_debit_opens_its_invoice_again_whether_it_was_booked_as_collected_before_or_not(bool collectedFirst)
    {
        var clock = Clock();
        await using var host = await StartAsync(clock);
        await using var reversed = await host.ListenAsync(PaymentReversed.Exchange);
        using var http = host.As("s1");
        await http.SettleInAsync(host);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var other = (await host.HearAsync(Shop.Invoice("s1", 50m))).InvoiceId;
        var (batch, _) = await http.CollectAsync("2026-12-23").FileAsync(201);
        clock.SetUtcNow(DateTimeOffset.Parse("2026-12-24T09:00:00Z", CultureInfo.InvariantCulture));
        if (collectedFirst)
        {
            await http.CollectedAsync(batch).JsonAsync(200);
        }

        // The bank's fee is in what it took; the same return is told by a notification and by the statement.
        Assert.True(await ReturnAsync(host, Reference, 103.50m, "AM04"));
        Assert.True(await ReturnAsync(host, Reference, 103.50m, "AM04"));
        Assert.False(await ReturnAsync(host, "NOTPROVIDED", 100m, "AM04"));
        Assert.False(await ReturnAsync(host, $"{Reference}-2", 50m, "AM04", "M-2"));
        if (!collectedFirst)
        {
            await http.CollectedAsync(batch).JsonAsync(200);
        }

        Assert.Equal("paid 100.00, refunded 100.00, due 100.00", await http.StandAsync(invoice));
        Assert.Equal("paid 50.00, refunded 0.00, due 0.00", await http.StandAsync(other));
        Assert.Equal("0.00", (await http.BalanceAsync(invoice)).Text("inFlight"));
        Assert.Equal(50m, await BankAsync(host));
        var told = Assert.Single(await reversed.AtLeastAsync<PaymentReversed>(1));
        Assert.Equal((100m, "AM04", (InvoiceId?)invoice), (told.Amount, told.Reason, told.InvoiceId));
        var debit = (await http.GetAsync($"/v1/direct-debits/{batch}").JsonAsync(200)).GetProperty("debits")[0];
        Assert.Equal(("returned", "2026-12-24"), (debit.Text("state"), debit.Text("returnedOn")));
        Assert.Equal(
            ("AM04", "Not enough money on the account", "Saldo insuficiente"),
            (debit.GetProperty("reason").Text("code"), debit.GetProperty("reason").Text("en"), debit.GetProperty("reason").Text("es"))
        );
        Assert.Equal("active", (await http.GetAsync("/v1/mandates/M-1").JsonAsync(200)).Text("state"));

        // Collected again; this time the account is closed, and nothing more can be collected until the customer names another.
        var (_, file) = await http.CollectAsync("2026-12-30").FileAsync(201);
        Assert.Equal([$"RCUR {Reference}-3 100.00"], Debits(file));
        Assert.True(await ReturnAsync(host, $"{Reference}-3", 100m, "AC04", "m-1"));
        var mandate = await http.GetAsync("/v1/mandates/M-1").JsonAsync(200);
        Assert.Equal(("suspended", "AC04"), (mandate.Text("state"), mandate.GetProperty("reason").Text("code")));
        await http.CollectAsync("2026-12-30").RefusedAsync(422, "PAY-DEBIT-06");
        await http.CollectAsync("2026-12-30", invoices: [invoice]).RefusedAsync(422, "PAY-DEBIT-09");
        await http.MandateAsync("M-1", iban: "ES6621000418401234567891").RefusedAsync(409, "PAY-MANDATE-09");
        var amended = await http.MandateAsync("M-1", iban: "ES6621000418401234567891", amendment: true).JsonAsync(200);
        Assert.Equal(("active", "recurring"), (amended.Text("state"), amended.Text("sequence")));
        (_, file) = await http.CollectAsync("2026-12-30").FileAsync(201);
        Assert.Equal("SMNDA", Assert.Single(Elements(file, "OrgnlDbtrAcct")).Value);
        Assert.Equal([$"RCUR {Reference}-4 100.00"], Debits(file));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_line_of_the_bank_that_is_a_collection_of_ours_is_booked_and_any_other_is_not()
    {
        await using var host = await StartAsync(Clock());
        using var http = host.As("s1");
        await http.SettleInAsync(host);
        var first = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var second = (await host.HearAsync(Shop.Invoice("s1", 50m))).InvoiceId;
        var (batch, file) = await http.CollectAsync("2026-12-23").FileAsync(201);
        var groups = Elements(file, "PmtInfId").Select(each => each.Value).ToArray();

        Assert.False(await BankedAsync(host, 149.99m, batch: Elements(file, "MsgId").Single().Value));
        Assert.False(await BankedAsync(host, 100m, endToEndId: "RF00"));
        Assert.False(await BankedAsync(host, 60m));
        // The first debit of the mandate is a group of its own: named, or the only one of that amount.
        Assert.True(await BankedAsync(host, 100m, batch: groups[0]));
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(first));
        Assert.Equal("50.00", (await http.BalanceAsync(second)).Text("inFlight"));
        Assert.True(await BankedAsync(host, 50m, batch: "THE BANKS OWN"));
        Assert.Equal("paid 50.00, refunded 0.00, due 0.00", await http.StandAsync(second));

        // Told again, it is ours and booked already.
        Assert.True(await BankedAsync(host, 150m, batch: $"{Guid.Parse(batch):N}"));
        Assert.Equal(150m, await BankAsync(host));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Whoever_makes_batches_at_the_same_time_an_invoice_is_under_way_once()
    {
        var clock = Clock();
        await using var host = await StartAsync(clock);
        await using var beside = await StartAsync(clock, host);
        using var http = host.As("s1");
        using var other = beside.As("s1");
        await http.SettleInAsync(host);
        var invoices = new List<InvoiceId>();
        for (var i = 0; i < 6; i++)
        {
            invoices.Add((await host.HearAsync(Shop.Invoice("s1", 10m + i))).InvoiceId);
        }

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 24)
                .Select(i =>
                    (i % 2 == 0 ? http : other).CollectAsync(
                        "2026-12-23",
                        i % 3 == 0 ? null : $"B-{i % 5}",
                        i % 4 == 0 ? null : [invoices[i % 6], invoices[(i + 1) % 6]]
                    )
                )
        );

        Assert.All(answers, each => Assert.True((int)each.StatusCode is 200 or 201 or 409 or 422, each.StatusCode.ToString()));
        Assert.Equal(6L, await host.QueryAsync<long>("select count(*) from debit"));
        Assert.Equal(6L, await host.QueryAsync<long>("select count(distinct invoice_id) from debit"));
        Assert.Equal(75m, await host.QueryAsync<decimal>("select sum(in_flight) from balance"));
        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from balance where in_flight <> amount_due"));
        Assert.Equal(1L, await host.QueryAsync<long>("select count(*) from debit where sequence = 'first'"));
    }

    [Fact]
    public async Task What_was_signed_stays_as_it_was_signed()
    {
        await using var host = await StartAsync(Clock());
        using var http = host.As("s1");

        var made = await http.MandateAsync("A/1").JsonAsync(201);
        Assert.Equal(
            ("A/1", "core", "first", "active"),
            (made.Text("mandateId"), made.Text("scheme"), made.Text("sequence"), made.Text("state"))
        );
        Assert.Equal("2029-11-02", made.Text("lapsesAfter"));
        Assert.Equal(made.GetRawText(), (await http.MandateAsync("A/1").JsonAsync(200)).GetRawText());
        Assert.Equal(made.GetRawText(), (await http.GetAsync("/v1/mandates/A%2F1").JsonAsync(200)).GetRawText());
        await http.MandateAsync("A/1", customer: "12345").RefusedAsync(409, "PAY-MANDATE-08");
        await http.MandateAsync("A/1", signedOn: "2026-11-03").RefusedAsync(409, "PAY-MANDATE-08");
        await http.MandateAsync("A/1", scheme: "b2b").RefusedAsync(409, "PAY-MANDATE-08");
        await http.MandateAsync("A/1", sequence: "one-off").RefusedAsync(409, "PAY-MANDATE-08");
        Assert.Equal("Otra", (await http.MandateAsync("A/1", name: "Otra").JsonAsync(200)).Text("name"));
        Assert.Equal("b2b", (await http.MandateAsync("B", scheme: "b2b", sequence: "one-off").JsonAsync(201)).Text("scheme"));

        var page = await http.GetAsync("/v1/mandates?limit=1&customerId=17850").JsonAsync(200);
        Assert.Equal("A/1", Assert.Single(page.GetProperty("mandates").EnumerateArray()).Text("mandateId"));
        page = await http.GetAsync($"/v1/mandates?limit=1&cursor={page.Text("nextCursor")}").JsonAsync(200);
        Assert.Equal("B", Assert.Single(page.GetProperty("mandates").EnumerateArray()).Text("mandateId"));
        Assert.Null(page.Text("nextCursor"));

        Assert.Equal(204, (int)(await http.DeleteAsync("/v1/mandates/A%2F1")).StatusCode);
        Assert.Equal(204, (int)(await http.DeleteAsync("/v1/mandates/A%2F1")).StatusCode);
        Assert.Equal("cancelled", (await http.GetAsync("/v1/mandates/A%2F1").JsonAsync(200)).Text("state"));
        await http.MandateAsync("A/1").RefusedAsync(409, "PAY-MANDATE-10");
        await http.DeleteAsync("/v1/mandates/C").RefusedAsync(404, "PAY-MANDATE-01");
        await http.GetAsync("/v1/mandates/C").RefusedAsync(404, "PAY-MANDATE-01");
    }

    [Fact]
    public async Task What_no_bank_would_take_is_refused_with_its_place()
    {
        await using var host = await StartAsync(Clock());
        using var http = host.As("s1");

        await http.SettingsAsync("ES12ZZZB12345674").RefusedAsync(422, "PAY-DEBIT-02");
        await http.SettingsAsync(iban: "ES9121000418450200051333").RefusedAsync(422, "PAY-MANDATE-03");
        await http.SettingsAsync(leadDays: 0).RefusedAsync(422, "PAY-DEBIT-03");
        await http.SettingsAsync(bic: "CAIXA").RefusedAsync(422, "PAY-MANDATE-04");
        await http.GetAsync("/v1/direct-debit-settings").RefusedAsync(422, "PAY-DEBIT-01");
        var settings = await http.SettingsAsync("es11 zzz b12345674").JsonAsync(200);
        Assert.Equal(("ES11ZZZB12345674", "ES9121000418450200051332"), (settings.Text("creditorId"), settings.Text("iban")));
        Assert.Equal(settings.GetRawText(), (await http.GetAsync("/v1/direct-debit-settings").JsonAsync(200)).GetRawText());

        await http.MandateAsync("M_1").RefusedAsync(422, "PAY-MANDATE-02");
        await http.MandateAsync(new string('M', 36)).RefusedAsync(422, "PAY-MANDATE-02");
        await http.MandateAsync("M", iban: "ES0021000813610123456789").RefusedAsync(422, "PAY-MANDATE-03");
        await http.MandateAsync("M", iban: "GB29NWBK60161331926819").RefusedAsync(422, "PAY-MANDATE-05");
        await http.MandateAsync("M", name: " ").RefusedAsync(422, "PAY-MANDATE-06");
        await http.MandateAsync("M", signedOn: "2026-12-02").RefusedAsync(422, "PAY-MANDATE-07");
        await http.MandateAsync("M", customer: "\0").RefusedAsync(422, "PAY-MANDATE-11");
        await http.MandateAsync("M", scheme: "cor1").RefusedAsync(422, "BODY-02");
        var wrong = await http.MandateAsync("M", name: "", iban: "x").JsonAsync(422);
        Assert.Equal(["name", "iban"], wrong.GetProperty("errors").EnumerateArray().Select(each => each.Text("path")));
        await http.GetAsync("/v1/mandates/M%01").RefusedAsync(404, "PAY-MANDATE-01");
        await http.GetAsync("/v1/mandates?customerId=%00").RefusedAsync(400, "QUERY-01");
        await http.GetAsync("/v1/mandates?cursor=AA").RefusedAsync(400, "QUERY-01");

        await http.MandateAsync("M-1").JsonAsync(201);
        var open = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
        var pounds = (await host.HearAsync(Shop.Invoice("s1", 10m, currency: "GBP"))).InvoiceId;
        var paid = (await host.HearAsync(Shop.Invoice("s1", 10m, [Shop.Paid(PaymentMeans.Card, 10m)]))).InvoiceId;
        var nobodys = (await host.HearAsync(Shop.Invoice("s1", 10m, email: null))).InvoiceId;
        await http.CollectAsync("2026-12-02").RefusedAsync(422, "PAY-DEBIT-04");
        await http.CollectAsync("0001-01-01").RefusedAsync(422, "PAY-DEBIT-04");
        await http.CollectAsync("9999-12-31").RefusedAsync(422, "PAY-DEBIT-05");
        await http.CollectAsync("2026-12-23", format: "pain.001").RefusedAsync(400, "QUERY-01");
        await http.CollectAsync("2026-12-23", "").RefusedAsync(422, "PAY-REFERENCE-01");
        await http.CollectAsync("2026-12-23", invoices: []).RefusedAsync(422, "PAY-DEBIT-15");
        await http.CollectAsync("mañana").RefusedAsync(422, "BODY-02");
        var never = InvoiceId.Of(Guid.Parse("00000000-0000-7000-8000-000000000001"));
        var refused = await http.CollectAsync("2026-12-23", invoices: [open, pounds, paid, nobodys, never]).JsonAsync(422);
        Assert.Equal(
            ["invoiceIds[1] PAY-DEBIT-07", "invoiceIds[2] PAY-DEBIT-08", "invoiceIds[3] PAY-DEBIT-09", "invoiceIds[4] PAY-INVOICE-01"],
            refused
                .GetProperty("errors")
                .EnumerateArray()
                .Select(each => $"{each.Text("path")} {each.Text("code")}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(in_flight) from balance"));
    }

    [Fact]
    public async Task A_seller_sees_and_touches_nothing_of_another()
    {
        await using var host = await StartAsync(Clock());
        using var mine = host.As("s1");
        using var theirs = host.As("s2");
        using var reader = host.As("s1", "invoices:read");
        await mine.SettleInAsync(host);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
        var (batch, _) = await mine.CollectAsync("2026-12-23", "B-1").FileAsync(201);

        await theirs.GetAsync("/v1/mandates/M-1").RefusedAsync(404, "PAY-MANDATE-01");
        await theirs.DeleteAsync("/v1/mandates/M-1").RefusedAsync(404, "PAY-MANDATE-01");
        await theirs.GetAsync($"/v1/direct-debits/{batch}").RefusedAsync(404, "PAY-DEBIT-11");
        await theirs.GetAsync($"/v1/direct-debits/{batch}/file").RefusedAsync(404, "PAY-DEBIT-11");
        await theirs.PostAsync($"/v1/direct-debits/{batch}/cancel", null).RefusedAsync(404, "PAY-DEBIT-11");
        await theirs.CollectedAsync(batch).RefusedAsync(404, "PAY-DEBIT-11");
        Assert.Empty((await theirs.GetAsync("/v1/direct-debits").JsonAsync(200)).GetProperty("batches").EnumerateArray());
        Assert.Empty((await theirs.GetAsync("/v1/mandates").JsonAsync(200)).GetProperty("mandates").EnumerateArray());
        await theirs.SettingsAsync().JsonAsync(200);
        await theirs.CollectAsync("2026-12-23", "B-1", invoices: [invoice]).RefusedAsync(404, "PAY-INVOICE-01");
        await reader.GetAsync("/v1/mandates/M-1").RefusedAsync(403, "AUTH-03");
        Assert.Equal("10.00", (await mine.BalanceAsync(invoice)).Text("inFlight"));
    }

    // A Tuesday, 11:00 in Madrid.
    private static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 12, 1, 10, 0, 0, TimeSpan.Zero));

    private Task<ServiceHost> StartAsync(FakeTimeProvider clock, ServiceHost? beside = null) =>
        ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            new HostSettings
            {
                Beside = beside,
                Services = services =>
                    services
                        .Replace(ServiceDescriptor.Singleton(provider => ActivatorUtilities.CreateInstance<KeepMandate>(provider, clock)))
                        .Replace(ServiceDescriptor.Singleton(provider => ActivatorUtilities.CreateInstance<GetMandate>(provider, clock)))
                        .Replace(
                            ServiceDescriptor.Singleton(provider => ActivatorUtilities.CreateInstance<MakeDirectDebits>(provider, clock))
                        )
                        .Replace(
                            ServiceDescriptor.Singleton(provider => ActivatorUtilities.CreateInstance<CollectDebits>(provider, clock))
                        ),
            }
        );

    /// <summary>Sequence, end to end id and amount of each debit of a file.</summary>
    private static IEnumerable<string> Debits(string file) =>
        Elements(file, "DrctDbtTxInf").Select(debit => $"{In(debit.Parent!, "SeqTp")} {In(debit, "EndToEndId")} {In(debit, "InstdAmt")}");

    private static string In(XElement at, string name) => at.Descendants().First(each => each.Name.LocalName == name).Value;

    private static IEnumerable<XElement> Elements(string file, string name) =>
        XDocument.Parse(file).Descendants().Where(each => each.Name.LocalName == name);

    private static Task<decimal> BankAsync(ServiceHost host) =>
        host.QueryAsync<decimal>("select coalesce(sum(amount), 0) from journal_line where account = 'bank'");

    /// <summary>The bank's statement shows that a debit was returned.</summary>
    private static Task<bool> ReturnAsync(ServiceHost host, string endToEndId, decimal amount, string reason, string? mandate = "M-1") =>
        InTransactionAsync(
            host,
            transaction =>
                host.Services.GetRequiredService<IReturnedDebits>()
                    .ReturnAsync(
                        transaction,
                        SellerId.Of("s1"),
                        new ReturnedDebit
                        {
                            EntryId = Guid.CreateVersion7(),
                            Account = "ES9121000418450200051332",
                            EndToEndId = endToEndId,
                            MandateId = mandate,
                            Amount = amount,
                            Currency = Currency.Eur,
                            ReasonCode = reason,
                            BookedOn = new DateOnly(2026, 12, 24),
                        },
                        CancellationToken.None
                    )
        );

    /// <summary>The bank's statement shows that something came.</summary>
    private static Task<bool> BankedAsync(ServiceHost host, decimal amount, string? batch = null, string? endToEndId = null) =>
        InTransactionAsync(
            host,
            transaction =>
                host.Services.GetRequiredService<CollectDebits>()
                    .CollectAsync(
                        transaction,
                        SellerId.Of("s1"),
                        new BankedCollection
                        {
                            Batch = batch,
                            EndToEndId = endToEndId,
                            Amount = amount,
                            Currency = Currency.Eur,
                            BookedOn = new DateOnly(2026, 12, 23),
                        },
                        CancellationToken.None
                    )
        );

    private static async Task<bool> InTransactionAsync(ServiceHost host, Func<NpgsqlTransaction, Task<bool>> step)
    {
        await using var connection = await host.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var isOurs = await step(transaction);
        await host.Services.GetRequiredService<KeepBooks>().CommitAsync(transaction, CancellationToken.None);
        return isOurs;
    }
}

/// <summary>What a shop asks of its direct debits.</summary>
internal static class DebitCalls
{
    /// <summary>The seller is registered, says who collects, and has the mandate M-1 of its customer.</summary>
    public static async Task SettleInAsync(this HttpClient http, ServiceHost host)
    {
        await host.HearAsync(Shop.Registered("s1"));
        await http.SettingsAsync().JsonAsync(200);
        await http.MandateAsync("M-1").JsonAsync(201);
    }

    public static Task<HttpResponseMessage> SettingsAsync(
        this HttpClient http,
        string creditorId = "ES11ZZZB12345674",
        string iban = "ES91 2100 0418 4502 0005 1332",
        string? bic = null,
        int leadDays = 2
    ) =>
        http.PutAsJsonAsync(
            "/v1/direct-debit-settings",
            new
            {
                creditorId,
                name = "Comercios Ñandú, S.L.",
                iban,
                bic,
                leadDays,
            }
        );

    public static Task<HttpResponseMessage> MandateAsync(
        this HttpClient http,
        string id,
        string customer = "17850",
        string name = "Lucía Peña",
        string iban = "ES79 2100 0813 6101 2345 6789",
        string signedOn = "2026-11-02",
        string? scheme = null,
        string? sequence = null,
        bool amendment = false
    ) =>
        http.PutAsJsonAsync(
            $"/v1/mandates/{Uri.EscapeDataString(id)}",
            new
            {
                customerId = customer,
                name,
                iban,
                signedOn,
                scheme,
                sequence,
                amendment,
            }
        );

    public static Task<HttpResponseMessage> CollectAsync(
        this HttpClient http,
        string collectOn,
        string? reference = null,
        IReadOnlyList<InvoiceId>? invoices = null,
        string? format = null
    ) =>
        http.PostAsJsonAsync(
            format is null ? "/v1/direct-debits" : $"/v1/direct-debits?format={format}",
            new
            {
                collectOn,
                reference,
                invoiceIds = invoices?.Select(each => each.ToString()).ToArray(),
            }
        );

    public static Task<HttpResponseMessage> CollectedAsync(this HttpClient http, string batch, string? on = null) =>
        http.PostAsJsonAsync($"/v1/direct-debits/{batch}/collected", new { collectedOn = on });

    /// <summary>The batch and its file, with its status as expected.</summary>
    public static async Task<(string Batch, string File)> FileAsync(this Task<HttpResponseMessage> request, int status)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/xml", response.Content.Headers.ContentType?.MediaType);
        return (Assert.Single(response.Headers.GetValues("X-Batch-Id")), text);
    }
}
