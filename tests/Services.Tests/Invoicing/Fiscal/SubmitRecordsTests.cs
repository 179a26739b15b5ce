using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Simulators;

namespace RetailInvoicing.Services.Tests.Invoicing.Fiscal;

/// <summary>Records on their way to the simulated tax agency, which is told to fail.</summary>
public sealed class SubmitRecordsTests(Infrastructure infra)
{
    private const string Nif = "B12345674";
    private static readonly ChainKey Chain = new(Nif, "Test", "01");

    [Fact]
    public async Task Records_of_every_kind_are_accepted_and_their_csv_is_kept()
    {
        await using var world = await World.OpenAsync(infra);
        var shop = world.Shop;
        await using var accepted = await shop.Host.ListenAsync("invoicing.fiscal-record-accepted.v1");
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var full = await shop.IssueAsync(Shop.SaleTo("A-2"));
        await shop.IssueAsync(Shop.Return("A-3", "A-2", "-1"));
        await shop.ActAsync(
            "/v1/exchanges",
            $$"""{"ticketInvoiceIds":["{{ticket.InvoiceId}}"],"buyer":{"name":"Ana Sol","taxId":"12345678Z"} }"""
        );
        await shop.ActAsync(
            $"/v1/invoices/{full.InvoiceId}/corrections",
            """
            {"method":"substitution","reason":"R4","reasonText":"Precio","lines":[{"sku":"85123A","name":"Portavelas","quantity":"1","unitPrice":"8.00",
             "vat":{"category":"S","rate":"21"}}]}
            """
        );
        var mistake = await shop.IssueAsync(Shop.Sale("A-4"));
        await shop.ActAsync($"/v1/invoices/{mistake.InvoiceId}/cancellation", """{"reason":"Posted twice"}""");
        Assert.Equal(FiscalSubmission.Pending, (await shop.ReadAsync(ticket.InvoiceId)).Fiscal.Submission);

        await world.StepAsync();

        var read = await shop.ReadAsync(ticket.InvoiceId);
        Assert.Equal(FiscalSubmission.Accepted, read.Fiscal.Submission);
        Assert.NotNull(read.Fiscal.Csv);
        Assert.Equal(7, (await accepted.AtLeastAsync(7)).Count);
        var totals = await world.Agency.TotalsAsync(Nif);
        Assert.Equal(7, totals.GetProperty("records").GetInt32());
        Assert.Equal(0, totals.GetProperty("rejected").GetInt32() + totals.GetProperty("acceptedWithErrors").GetInt32());
        Assert.Empty(totals.GetProperty("chain").GetProperty("broken").EnumerateArray());
        // One ticket of 19.90 and an invoice that comes to 8.00 by now: the exchange declares nothing, the cancelled sale nothing.
        Assert.Equal(
            27.90m,
            decimal.Parse(totals.GetProperty("importeTotal").GetString()!, System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    /// <summary>
    /// In a database that was empty a minute ago the planner knows nothing: whatever it may choose to read instead of a key's row, it reads
    /// thousands of times.
    /// </summary>
    [Fact]
    public async Task What_issuing_and_submitting_read_of_each_invoice_does_not_grow_with_their_number()
    {
        const int Sales = 1500;
        await using var world = await World.OpenAsync(infra);
        using var lines = new StringContent(
            string.Join('\n', Enumerable.Range(0, Sales).Select(i => Shop.SaleTo($"A-{i}").ToJsonString()))
        );
        lines.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var imported = await world.Shop.Till.PostAsync("/v1/sales:import", lines);
        Assert.Equal(Sales, (await imported.Content.ReadAsStringAsync()).Split("\"issued\"").Length - 1);
        await world.StepAsync();
        world.Advance(TimeSpan.FromMinutes(2));
        await world.StepAsync();

        await Eventually.EqualAsync(
            $"{Sales} {Sales}",
            () =>
                world.Shop.AskAsync<string>(
                    """
                    select string_agg(n_tup_ins::text, ' ') from pg_stat_user_tables
                    where schemaname = 'invoicing' and relname in ('invoice_number', 'fiscal_answer')
                    """
                ),
            "rows counted"
        );
        var read = await world.Shop.AskAsync<decimal>(
            "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables where schemaname = 'invoicing'"
        );
        Assert.InRange(read / Sales, 0, 40);
    }

    /// <summary>
    /// Each submission keeps a connection while the agency takes its time; with many taxpayers these were all that there were, and every
    /// till was told that the system is away.
    /// </summary>
    [Fact]
    public async Task An_agency_that_does_not_answer_for_any_taxpayer_takes_no_connection_from_those_who_ask()
    {
        await using var world = await World.OpenAsync(infra, certified: false);
        var invoice = await world.Shop.IssueAsync(Shop.SaleTo("A-1"));
        var queue = world.Shop.Host.Services.GetRequiredService<FiscalQueue>();
        var holding = new List<NpgsqlConnection>();
        try
        {
            // Until one more is refused after a while: nobody has more.
            await Assert.ThrowsAsync<NpgsqlException>(async () =>
            {
                while (true)
                {
                    holding.Add((await queue.HoldAsync(new ChainKey($"{holding.Count:00000000}T", "Test", "01"), CancellationToken.None))!);
                }
            });

            var asked = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => world.Shop.ReadAsync(invoice.InvoiceId)));

            Assert.All(asked, each => Assert.Equal(invoice.Number, each.Number));
            Assert.NotNull(await world.Shop.IssueAsync(Shop.SaleTo("A-2")));
            Assert.InRange(holding.Count, 1, Postgres.MostKept);
        }
        finally
        {
            foreach (var held in holding)
            {
                await held.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_and_nothing_is_declared_twice()
    {
        await using var world = await World.OpenAsync(infra);
        var invoice = await world.Shop.IssueAsync(Shop.SaleTo("A-1"));
        await world.Agency.AskForAsync(new { kind = "cut-after", times = 1 });

        await world.StepAsync();
        Assert.Equal(FiscalSubmission.Pending, (await world.Shop.ReadAsync(invoice.InvoiceId)).Fiscal.Submission);
        await world.StepAsync();

        Assert.Equal(FiscalSubmission.Accepted, (await world.Shop.ReadAsync(invoice.InvoiceId)).Fiscal.Submission);
        Assert.Equal(1, (await world.Agency.TotalsAsync(Nif)).GetProperty("records").GetInt32());
    }

    [Theory]
    [InlineData("cut-before")]
    [InlineData("5xx")]
    [InlineData("fault-server")]
    [InlineData("malformed")]
    [InlineData("certificate-refused")]
    public async Task Whatever_fails_is_tried_again_until_it_is_accepted_once(string kind)
    {
        await using var world = await World.OpenAsync(infra);
        var invoice = await world.Shop.IssueAsync(Shop.SaleTo("A-1"));
        await world.Shop.IssueAsync(Shop.Sale("A-2"));
        await world.Agency.AskForAsync(new { kind, times = 1 });

        await world.StepAsync();
        Assert.Equal(1, await world.Shop.AskAsync<int>("select failures from fiscal_queue"));
        for (var i = 0; i < 3; i++)
        {
            await world.StepAsync();
        }

        Assert.Equal(FiscalSubmission.Accepted, (await world.Shop.ReadAsync(invoice.InvoiceId)).Fiscal.Submission);
        var totals = await world.Agency.TotalsAsync(Nif);
        Assert.Equal(2, totals.GetProperty("records").GetInt32());
        Assert.Empty(totals.GetProperty("chain").GetProperty("broken").EnumerateArray());
        Assert.Equal(0, await world.Shop.AskAsync<int>("select failures from fiscal_queue"));
        Assert.Equal(0L, await world.Shop.AskAsync<long>("select count(*) from fiscal_queue where incident_since is not null"));
    }

    [Fact]
    public async Task A_rejected_record_says_why_and_is_stated_again_as_rejected_before()
    {
        await using var world = await World.OpenAsync(infra);
        var shop = world.Shop;
        await using var rejected = await shop.Host.ListenAsync("invoicing.fiscal-record-rejected.v1");
        var invoice = await shop.IssueAsync(Shop.SaleTo("A-1"));
        await world.Agency.ForgetAsync("00017850W");

        Assert.Equal("INV-FISCAL-05", (await shop.RefuseActAsync($"/v1/invoices/{invoice.InvoiceId}/resubmission", "{}")).Code);
        await world.StepAsync();

        var read = await shop.ReadAsync(invoice.InvoiceId);
        Assert.Equal(FiscalSubmission.Rejected, read.Fiscal.Submission);
        var error = Assert.Single(read.Fiscal.Errors!);
        Assert.Matches("^[0-9]{4}$", error.Code);
        Assert.NotEqual("", error.Text);
        Assert.NotEqual("", error.AdviceEs);
        Assert.Contains(error.Code, (await rejected.AtLeastAsync(1))[0].Body, StringComparison.Ordinal);

        (await world.Agency.Control.DeleteAsync("/control/census/00017850W")).EnsureSuccessStatusCode();
        await shop.ActAsync($"/v1/invoices/{invoice.InvoiceId}/resubmission", """{"buyerName":"Cliente Diecisiete"}""");
        var record = await shop.Till.GetStringAsync($"/v1/invoices/{invoice.InvoiceId}/document?format=verifactu");
        Assert.Contains("<Subsanacion>S</Subsanacion><RechazoPrevio>X</RechazoPrevio>", record, StringComparison.Ordinal);
        Assert.Contains("Cliente Diecisiete", record, StringComparison.Ordinal);
        await world.StepAsync();

        Assert.Equal(FiscalSubmission.Accepted, (await shop.ReadAsync(invoice.InvoiceId)).Fiscal.Submission);
        // Accepted, and found out later: an amendment of what the agency has.
        await shop.ActAsync($"/v1/invoices/{invoice.InvoiceId}/resubmission", """{"operationDescription":"Venta de menaje"}""");
        record = await shop.Till.GetStringAsync($"/v1/invoices/{invoice.InvoiceId}/document?format=verifactu");
        Assert.Contains("<Subsanacion>S</Subsanacion><TipoFactura>", record, StringComparison.Ordinal);
        await world.StepAsync();
        Assert.Equal(FiscalSubmission.Accepted, (await shop.ReadAsync(invoice.InvoiceId)).Fiscal.Submission);
        Assert.Empty((await world.Agency.TotalsAsync(Nif)).GetProperty("chain").GetProperty("broken").EnumerateArray());
    }

    [Fact]
    public async Task Without_a_certificate_invoices_are_issued_and_records_wait()
    {
        await using var world = await World.OpenAsync(infra, certified: false);
        var invoice = await world.Shop.IssueAsync(Shop.Sale("A-1"));

        await world.StepAsync();

        Assert.Equal(FiscalSubmission.Pending, (await world.Shop.ReadAsync(invoice.InvoiceId)).Fiscal.Submission);
        Assert.Contains(
            "certificate",
            await world.Shop.AskAsync<string>("select last_failure from fiscal_queue"),
            StringComparison.Ordinal
        );
        await world.CertifyAsync();
        await world.StepAsync();
        Assert.Equal(FiscalSubmission.Accepted, (await world.Shop.ReadAsync(invoice.InvoiceId)).Fiscal.Submission);
        var list = await world.Agency.Control.GetStringAsync($"/control/records/list?nif={Nif}");
        Assert.Contains("S01", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_submission_waits_as_long_as_the_agency_says_unless_a_thousand_records_are_there()
    {
        await using var world = await World.OpenAsync(infra);
        await world.Agency.SetAsync(new { waitSeconds = 60, strict = true });
        var queue = world.Shop.Host.Services.GetRequiredService<FiscalQueue>();
        await world.Shop.IssueAsync(Shop.Sale("A-1"));
        Assert.Equal([Chain], await queue.WaitingAsync(TestContext.Current.CancellationToken));
        await world.StepAsync();
        await world.Shop.IssueAsync(Shop.Sale("A-2"));

        Assert.Empty(await queue.WaitingAsync(TestContext.Current.CancellationToken));
        world.Advance(TimeSpan.FromSeconds(61));
        await Eventually.EqualAsync(
            2L,
            () => world.Shop.AskAsync<long>("select count(*) from fiscal_answer"),
            "answers",
            TimeSpan.FromSeconds(30)
        );
        Assert.Empty((await world.Agency.TotalsAsync(Nif)).GetProperty("violations").EnumerateArray());
    }

    [Fact]
    public async Task A_sender_that_dies_with_a_batch_under_way_leaves_it_to_the_next_which_asks()
    {
        await using var world = await World.OpenAsync(infra);
        var one = await world.Shop.IssueAsync(Shop.Sale("A-1"));
        await world.Agency.AskForAsync(new { kind = "cut-after", times = 1 });
        await world.StepAsync();
        // As a killed process leaves it: under way, and no failure written down.
        await world.Shop.AskAsync<long>(
            "with dead as (update fiscal_queue set failures = 0, not_before = '-infinity' returning 1) select count(*) from dead"
        );
        var two = await world.Shop.IssueAsync(Shop.Sale("A-2"));

        await world.StepAsync();
        await world.StepAsync();

        Assert.Equal(FiscalSubmission.Accepted, (await world.Shop.ReadAsync(one.InvoiceId)).Fiscal.Submission);
        Assert.Equal(FiscalSubmission.Accepted, (await world.Shop.ReadAsync(two.InvoiceId)).Fiscal.Submission);
        Assert.Equal(2, (await world.Agency.TotalsAsync(Nif)).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task One_taxpayer_without_a_certificate_and_one_whose_answers_are_slow_stop_no_other()
    {
        await using var world = await World.OpenAsync(infra);
        var shop = world.Shop;
        var own = await shop.IssueAsync(Shop.Sale("A-1"));
        using var admin = shop.Host.AsAdmin();
        foreach (var (seller, taxId) in new[] { ("bare", "A58818501"), ("slow", "B85905495") })
        {
            var body = Shop.Registration();
            body["taxId"] = taxId;
            Assert.True((await admin.PutAsJsonAsync($"/v1/sellers/{seller}", body)).IsSuccessStatusCode);
            using var till = shop.Host.As(seller);
            var answer = await till.PostAsJsonAsync("/v1/sales", Shop.Sale("A-1"));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        await world.CertifyAsync("slow", "B85905495");
        await world.Agency.AskForAsync(
            new
            {
                kind = "slow",
                nif = "B85905495",
                seconds = 5,
                times = 1,
            }
        );

        // The service's own look starts each chain; nobody waits for anybody.
        world.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(
            async () => (await shop.ReadAsync(own.InvoiceId)).Fiscal.Submission == FiscalSubmission.Accepted,
            "the taxpayer with nothing wrong has its answer",
            TimeSpan.FromSeconds(30)
        );
        await Eventually.EqualAsync(
            1L,
            () => shop.AskAsync<long>("select count(*) from fiscal_queue where tax_id = 'A58818501' and failures > 0"),
            "the one without a certificate has failed",
            TimeSpan.FromSeconds(30)
        );
        Assert.Equal(0L, await shop.AskAsync<long>("select count(*) from fiscal_answer where tax_id = 'A58818501'"));
    }

    [Fact]
    public async Task The_agencys_last_record_of_this_installation_is_asked_for()
    {
        await using var world = await World.OpenAsync(infra);
        var asking = world.Shop.Host.Services.GetRequiredService<IAgencyRecords>();
        Assert.Null((await LastAsync()).Value);
        await world.Shop.IssueAsync(Shop.Sale("A-1"));
        var last = await world.Shop.IssueAsync(Shop.Sale("A-2"));
        await world.StepAsync();

        Assert.Equal((last.Number, last.Fiscal.Fingerprint), ((await LastAsync()).Value!.Number, (await LastAsync()).Value!.Fingerprint));
        Assert.Equal(last.Number, (await GivenAsync("T-S01-2026-000003", last.Number)).Value);
        Assert.Null((await GivenAsync("T-S01-2026-000003")).Value);
        await world.Agency.AskForAsync(
            new
            {
                kind = "5xx",
                times = 1,
                on = "query",
            }
        );
        Assert.Equal("INV-FISCAL-19", (await LastAsync()).Fault!.Code.Code);

        Task<RetailInvoicing.ServiceDefaults.Outcome<string?>> GivenAsync(params string[] numbers) =>
            asking.FirstGivenAsync(Nif, SellerEnvironment.Test, numbers, [new(2026, 11, 1)], TestContext.Current.CancellationToken);

        Task<RetailInvoicing.ServiceDefaults.Outcome<LastAtAgency?>> LastAsync() =>
            asking.LastAsync(Nif, SellerEnvironment.Test, "01", TestContext.Current.CancellationToken);
    }

    /// <summary>A shop, and a tax agency that it sends to.</summary>
    private sealed class World(Agency agency, FakeTimeProvider agencyClock, Shop shop) : IAsyncDisposable
    {
        public Shop Shop => shop;

        public void Advance(TimeSpan time)
        {
            agencyClock.Advance(time);
            shop.Clock.Advance(time);
        }

        public Simulators.AgencyClient Agency => agency.Client;

        public static async Task<World> OpenAsync(Infrastructure infra, bool certified = true)
        {
            var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 15, 31, TimeSpan.Zero));
            var agency = await Simulators.Agency.StartAsync(clock);
            var world = new World(agency, clock, await Shop.OpenAsync(infra, configuration: agency.Client.Configuration));
            if (certified)
            {
                await world.CertifyAsync();
            }

            return world;
        }

        public Task<bool> StepAsync() =>
            Shop.Host.Services.GetRequiredService<SubmitRecords>().StepAsync(Chain, TestContext.Current.CancellationToken);

        public async Task CertifyAsync(string seller = Shop.Seller, string nif = Nif)
        {
            using var certificate = ClientCertificates.Make(null, $"VATES-{nif}", fromDays: -30, untilDays: 30);
            var file = certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "p");
            using var admin = Shop.Host.AsAdmin();
            var answer = await admin.PutAsJsonAsync(
                $"/v1/sellers/{seller}/certificate",
                new { pkcs12 = Convert.ToBase64String(file), password = "p" }
            );
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await Shop.DisposeAsync();
            await agency.DisposeAsync();
        }
    }
}
