using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class IssueInvoiceTests(Infrastructure infra)
{
    [Fact]
    public async Task Sixty_four_tills_at_once_leave_no_gap_and_no_double_and_one_chain()
    {
        await using var shop = await Shop.OpenAsync(infra);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).SelectMany(i => new[] { shop.PostAsync(Shop.Sale($"A-{i}")), shop.PostAsync(Shop.Sale($"A-{i}")) })
        );

        Assert.Equal(64, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(64, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(64L, await shop.AskAsync<long>("select count(distinct number) from invoice"));
        Assert.Equal("T-S01-2026-000064", await shop.AskAsync<string>("select max(number) from invoice"));
        Assert.Equal(64L, await shop.AskAsync<long>("select last from fiscal_chain"));
        Assert.Equal(
            63L,
            await shop.AskAsync<long>(
                "select count(*) from fiscal_record r join fiscal_record p on p.position = r.position - 1 and p.fingerprint = r.previous_fingerprint"
            )
        );
        Assert.Equal(64L, await shop.AskAsync<long>("select count(*) from event where name = 'invoicing.invoice-issued.v1'"));
    }

    [Fact]
    public async Task Sixty_four_clients_on_several_series_and_two_instances_make_one_chain_without_fork_or_gap()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var twin = await ServiceHost.StartAsync<InvoicingOptions>(
            infra,
            "invoicing",
            new HostSettings { Beside = shop.Host, Services = services => services.AddSingleton<TimeProvider>(shop.Clock) }
        );
        using var other = twin.As(Shop.Seller);
        // Tickets, full invoices and returns of three stores: seven series, one taxpayer.
        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async client =>
                {
                    var till = client % 2 == 0 ? shop.Till : other;
                    for (var i = 0; i < 4; i++)
                    {
                        var sale = i % 2 == 0 ? Shop.Sale($"{client}-{i}") : Shop.SaleTo($"{client}-{i}");
                        sale["storeId"] = $"S0{client % 3 + 1}";
                        await PostAsync(till, sale);
                    }

                    var back = Shop.Return($"{client}-back", $"{client}-1", "-1");
                    back["storeId"] = $"S0{client % 3 + 1}";
                    await PostAsync(till, back);
                })
        );

        Assert.Equal(320L, await shop.AskAsync<long>("select last from fiscal_chain"));
        Assert.Equal(320L, await shop.AskAsync<long>("select count(distinct position) from fiscal_record"));
        Assert.Equal(
            319L,
            await shop.AskAsync<long>(
                """
                select count(*) from fiscal_record r join fiscal_record b on b.position = r.position - 1
                where r.previous_fingerprint = b.fingerprint and r.recorded_at >= b.recorded_at
                """
            )
        );
        Assert.Equal(
            0L,
            await shop.AskAsync<long>(
                """
                select count(*) from (select series, count(*) as issued, max(right(number, 6)::int) as last from invoice group by series) s
                where issued <> last
                """
            )
        );

        static async Task PostAsync(HttpClient till, System.Text.Json.Nodes.JsonObject sale)
        {
            var content = new StringContent(sale.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            var answer = await till.PostAsync("/v1/sales", content);
            Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_clock_behind_the_chain_refuses_until_it_is_right_and_nothing_is_numbered()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.AskAsync<long>(
            "with moved as (update fiscal_chain set recorded_at = recorded_at + interval '5 minutes' returning 1) select count(*) from moved"
        );

        var answer = await shop.PostAsync(Shop.Sale("A-2"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("INV-FISCAL-01", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1L, await shop.AskAsync<long>("select last from number_series"));
        shop.Clock.Advance(TimeSpan.FromMinutes(4.5));
        var issued = await shop.IssueAsync(Shop.Sale("A-2"));
        Assert.Equal("T-S01-2026-000002", issued.Number);
    }

    [Fact]
    public async Task A_last_link_that_is_not_sound_stops_the_chain_and_nothing_is_numbered()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.AskAsync<long>(
            "with tampered as (update fiscal_record set vat_total = vat_total + 1 returning 1) select count(*) from tampered"
        );

        var answer = await shop.PostAsync(Shop.Sale("A-2"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("INV-FISCAL-02", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1L, await shop.AskAsync<long>("select last from number_series"));
    }

    [Fact]
    public async Task A_failed_attempt_consumes_no_number()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.AskAsync<long>("with x as (select 1) select count(*) from x");
        await using (
            var breakIt = shop.Host.Database.CreateCommand(
                "alter table event add constraint broken check (name <> 'invoicing.invoice-issued.v1') not valid"
            )
        )
        {
            await breakIt.ExecuteNonQueryAsync();
        }

        Assert.Equal(HttpStatusCode.InternalServerError, (await shop.PostAsync(Shop.Sale("A-2"))).StatusCode);
        await using (var mend = shop.Host.Database.CreateCommand("alter table event drop constraint broken"))
        {
            await mend.ExecuteNonQueryAsync();
        }

        Assert.Equal("T-S01-2026-000002", (await shop.IssueAsync(Shop.Sale("A-2"))).Number);
        Assert.Equal(2L, await shop.AskAsync<long>("select last from fiscal_chain"));
    }

    [Theory]
    [InlineData("update invoice set body = ''")]
    [InlineData("delete from invoice")]
    [InlineData("update fiscal_record set fingerprint = ''")]
    [InlineData("delete from fiscal_record")]
    [InlineData("delete from sale")]
    [InlineData("update sale set sale_id = ''")]
    [InlineData("delete from number_series")]
    [InlineData("delete from correction")]
    public async Task The_service_itself_cannot_change_what_was_issued(string sql)
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var asTheService = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(shop.Host.ConnectionString)
            {
                Options = "-c role=invoicing_app -c search_path=invoicing",
            }.ConnectionString
        );
        await using var command = asTheService.CreateCommand(sql);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task Two_sellers_of_one_taxpayer_share_a_chain_and_no_number()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        (
            await admin.PutAsync("/v1/sellers/twin", new StringContent(Shop.Registration().ToJsonString(), null, "application/json"))
        ).EnsureSuccessStatusCode();
        using var twin = shop.Host.As("twin");
        var first = await shop.IssueAsync(Shop.Sale("A-1"));

        var answer = await twin.PostAsync("/v1/sales", new StringContent(Shop.Sale("A-1").ToJsonString(), null, "application/json"));

        var second = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("T-S01.2-2026-000001", second["number"]!.GetValue<string>());
        Assert.Equal(first.Fiscal.Fingerprint, second["fiscal"]!["previousFingerprint"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, (await twin.GetAsync($"/v1/invoices/{first.InvoiceId}")).StatusCode);
    }

    [Fact]
    public async Task Going_to_production_starts_new_series_and_a_new_chain()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        var production = Shop.Registration();
        production["environment"] = "production";
        using var admin = shop.Host.AsAdmin();
        (
            await admin.PutAsync($"/v1/sellers/{Shop.Seller}", new StringContent(production.ToJsonString(), null, "application/json"))
        ).EnsureSuccessStatusCode();

        var invoice = await shop.IssueAsync(Shop.Sale("A-2"));

        Assert.Equal("T-S01-2026-000001", invoice.Number);
        Assert.Null(invoice.Fiscal.PreviousFingerprint);
        Assert.StartsWith("https://www2.agenciatributaria.gob.es/", invoice.Fiscal.QrUrl, StringComparison.Ordinal);
        Assert.EndsWith("TS012026000001", invoice.PaymentReference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_fiscal_regime_nothing_is_recorded_and_nothing_is_to_be_sent()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["regime"] = "none");

        var invoice = await shop.IssueAsync(Shop.Sale("A-1"));

        Assert.Equal(("none", FiscalSubmission.NotRequired), (invoice.Fiscal.Regime, invoice.Fiscal.Submission));
        Assert.Null(invoice.Fiscal.Fingerprint);
        Assert.Equal(0L, await shop.AskAsync<long>("select count(*) from fiscal_record"));
    }
}
