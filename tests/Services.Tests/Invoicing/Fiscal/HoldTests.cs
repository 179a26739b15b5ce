using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Fiscal;

/// <summary>Chains on hold: found broken at start, or restored and not as the agency has them; and how an operator lifts them.</summary>
public sealed class HoldTests(Infrastructure infra)
{
    [Fact]
    public async Task A_chain_that_is_found_broken_at_start_takes_no_sales_and_others_go_on()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await IssueAsync(shop, 3);
        using var other = await ChainDoorTests.TwinAsync(shop, "A58818501");
        await shop.TamperAsync("update fiscal_record set document = replace(document, '19.90', '1.90') where position = 2");

        await using var again = await RestartAsync(shop);
        var hold = (await HoldsAsync(again)).Single()!;
        using var till = again.As(Shop.Seller);
        using var refused = await till.PostAsJsonAsync("/v1/sales", Shop.Sale("B-1"));
        using var neighbour = again.As("twin");
        using var issued = await neighbour.PostAsJsonAsync("/v1/sales", Shop.Sale("C-1"));

        Assert.Equal(("B12345674", "test", "broken"), (Text(hold, "taxId"), Text(hold, "environment"), Text(hold, "reason")));
        Assert.StartsWith("2 (T-S01-2026-000002):", Text(hold, "detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
        Assert.Equal("INV-FISCAL-03", Text(problem, "code"));
        Assert.DoesNotContain("T-S01", Text(problem, "detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, issued.StatusCode);
        Assert.Equal(3L, await shop.AskAsync<long>("select last from number_series where seller_id = 'nandu'"));
        Assert.Equal("broken", await shop.AskAsync<string>("select kind from fiscal_event"));
        var health = await again.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Entries["fiscal-chains"].Status);
        Assert.Contains("1 fiscal chains", health.Entries["fiscal-chains"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lifted_hold_is_not_placed_again_for_what_the_operator_has_seen()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await IssueAsync(shop, 3);
        await shop.TamperAsync("update fiscal_record set vat_total = 0 where position = 2");
        await using (var again = await RestartAsync(shop))
        {
            await LiftAsync(again, "go-on", "Seen, restored from the export");
            Assert.Equal("T-S01-2026-000004", await SellAsync(again, "B-1"));
        }

        await using (var third = await RestartAsync(shop))
        {
            Assert.Empty(await HoldsAsync(third));
            Assert.Equal("T-S01-2026-000005", await SellAsync(third, "B-2"));
        }

        await shop.TamperAsync("update fiscal_record set vat_total = 0 where position = 3");
        await using var fourth = await RestartAsync(shop);
        Assert.StartsWith("3 (T-S01-2026-000003)", Text((await HoldsAsync(fourth)).Single()!, "detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update fiscal_record set fingerprint = repeat('B', 64) where position = 3")]
    [InlineData("update fiscal_record set total_with_vat = 5 where position = 3")]
    [InlineData("update fiscal_chain set fingerprint = repeat('C', 64)")]
    [InlineData("update fiscal_record set total_with_vat = 5, document = 'gone' where position = 3")]
    public async Task A_damaged_head_is_put_on_hold_when_a_sale_meets_it_and_go_on_hangs_the_next_record_on_what_it_was(string tampering)
    {
        await using var shop = await Shop.OpenAsync(infra);
        await IssueAsync(shop, 3);
        var fingerprint = await shop.AskAsync<string>("select fingerprint from fiscal_record where position = 3");
        await shop.TamperAsync(tampering);

        using var first = await shop.PostAsync(Shop.Sale("B-1"));
        Assert.Contains("INV-FISCAL-02", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await HoldsAsync(shop.Host)).Count == 1, "the chain is on hold");
        using var second = await shop.PostAsync(Shop.Sale("B-1"));
        Assert.Contains("INV-FISCAL-03", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await LiftAsync(shop.Host, "go-on", "The head was put right");
        var next = await shop.IssueAsync(Shop.Sale("B-1"));

        Assert.Equal("T-S01-2026-000004", next.Number);
        Assert.Equal(fingerprint, next.Fiscal.PreviousFingerprint);
        var chain = await ChainDoorTests.ChainAsync(shop.Till);
        // What is damaged stays told; what hangs on it is sound.
        Assert.DoesNotContain(chain["broken"]!.AsArray(), each => each!["position"]!.GetValue<int>() == 4);
        Assert.Equal(3, chain["adopted"]![0]!["position"]!.GetValue<int>());
        Assert.False(chain["adopted"]![0]!["isAgencys"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_lost_head_or_a_whole_lost_chain_goes_on_from_what_is_left()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await IssueAsync(shop, 3);
        await shop.TamperAsync("delete from fiscal_record where position = 3");
        await using (var again = await RestartAsync(shop))
        {
            await LiftAsync(again, "go-on", "Lost");
            Assert.Equal("T-S01-2026-000004", await SellAsync(again, "B-1"));
        }

        Assert.Equal(
            await shop.AskAsync<string>("select fingerprint from fiscal_record where position = 2"),
            await shop.AskAsync<string>("select previous_fingerprint from fiscal_record where position = 4")
        );
        await shop.TamperAsync("delete from fiscal_record");
        await using var third = await RestartAsync(shop);
        await LiftAsync(third, "go-on", "All is lost");
        Assert.Equal("T-S01-2026-000005", await SellAsync(third, "B-2"));
    }

    [Fact]
    public async Task A_restored_chain_that_agrees_lifts_its_hold_itself()
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        var issued = await IssueAsync(shop, 3);
        // The third is still to be sent.
        agency.Last["B12345674"] = Last(issued[1]);

        var standing = await RestoredAsync(shop.Host);

        Assert.Empty(standing);
        var hold = (await HoldsAsync(shop.Host, all: true)).Single()!;
        Assert.Equal(("restored", "agreed"), (Text(hold, "reason"), Text(hold, "liftedHow")));
        Assert.Equal("agreed restored", await shop.AskAsync<string>("select string_agg(kind, ' ' order by kind) from fiscal_event"));
        await shop.IssueAsync(Shop.Sale("B-1"));
    }

    [Fact]
    public async Task Another_database_than_the_one_that_was_here_is_taken_for_restored_and_compared_at_start()
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        var issued = await IssueAsync(shop, 2);
        agency.Last["B12345674"] = Last(issued[1]);
        await shop.TamperAsync("update database_identity set identity = 'another cluster'");

        await using (var again = await RestartAsync(shop, agency))
        {
            await Eventually.TrueAsync(
                async () => (await HoldsAsync(again, all: true)) is [var one] && (string?)one!["liftedHow"] == "agreed",
                "it agrees with the agency"
            );
            Assert.Equal("T-S01-2026-000003", await SellAsync(again, "B-1"));
        }

        agency.Last["B12345674"] = new("T-S01-2026-000009", new(2026, 11, 23), new string('D', 64), shop.Clock.GetUtcNow());
        await shop.TamperAsync("update database_identity set identity = 'another cluster'");
        await using var third = await RestartAsync(shop, agency);
        using var till = third.As(Shop.Seller);
        using var refused = await till.PostAsJsonAsync("/v1/sales", Shop.Sale("B-2"));

        Assert.Contains("INV-FISCAL-03", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () =>
                (await HoldsAsync(third)) is [var one]
                && ((string?)one!["detail"])?.Contains("T-S01-2026-000009", StringComparison.Ordinal) == true,
            "it says what differs"
        );
        await using var fourth = await RestartAsync(shop, agency);
        Assert.Single(await HoldsAsync(fourth));
    }

    [Fact]
    public async Task A_number_that_the_agency_has_and_that_is_still_to_be_given_holds_the_chain_at_start()
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        var issued = await IssueAsync(shop, 2);
        // The files of the database were put back as they were: nothing in it tells.
        await shop.TamperAsync(
            """
            insert into fiscal_answer (tax_id, environment, installation, position, state, answered_at)
            select tax_id, environment, installation, position, 'accepted', now() from fiscal_record where position = 1
            """
        );
        await using (var sound = await RestartAsync(shop, agency))
        {
            Assert.Empty(await HoldsAsync(sound));
        }

        agency.Given.Add("T-S01-2026-000003");
        agency.Last["B12345674"] = new("T-S01-2026-000003", issued[1].IssueDate, new string('D', 64), shop.Clock.GetUtcNow());
        await using var again = await RestartAsync(shop, agency);
        using var till = again.As(Shop.Seller);
        using var refused = await till.PostAsJsonAsync("/v1/sales", Shop.Sale("B-1"));

        Assert.Contains("INV-FISCAL-03", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("restored", Text((await HoldsAsync(again)).Single()!, "reason"));
        await LiftAsync(again, "adopt", "Files of last night");
        Assert.Equal("T-S01-2026-000004", await SellAsync(again, "B-1"));
    }

    [Fact]
    public async Task What_the_agency_has_and_the_backup_lacks_is_adopted_and_no_number_is_given_twice()
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        await IssueAsync(shop, 2);
        var lost = new LastAtAgency("T-S01-2026-000007", new(2026, 11, 23), new string('D', 64), shop.Clock.GetUtcNow());
        agency.Last["B12345674"] = lost;

        var hold = (await RestoredAsync(shop.Host)).Single()!;
        using var refused = await shop.PostAsync(Shop.Sale("B-1"));
        var lifted = await LiftAsync(
            shop.Host,
            "adopt",
            "Backup of last night",
            new JsonObject { ["F-S01-2026"] = 12, ["R-S02-2026"] = 3 }
        );
        var ticket = await shop.IssueAsync(Shop.Sale("B-1"));
        var full = await shop.IssueAsync(Shop.SaleTo("B-2"));

        Assert.Contains(lost.Fingerprint, Text(hold, "detail"), StringComparison.Ordinal);
        Assert.Contains("T-S01-2026-000002", Text(hold, "detail"), StringComparison.Ordinal);
        Assert.Equal(lost.Number, Text(hold["agency"]!, "number"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(("adopt", "Backup of last night"), (Text(lifted, "liftedHow"), Text(lifted, "liftedReason")));
        Assert.Equal(("T-S01-2026-000008", lost.Fingerprint), (ticket.Number, ticket.Fiscal.PreviousFingerprint));
        Assert.Equal("F-S01-2026-000013", full.Number);
        Assert.Equal(3L, await shop.AskAsync<long>("select last from number_series where series = 'R-S02-2026'"));
        var document = await shop.AskAsync<string>("select document from fiscal_record where position = 4");
        Assert.Contains("T-S01-2026-000007", document, StringComparison.Ordinal);
        var chain = await ChainDoorTests.ChainAsync(shop.Till);
        Assert.True(chain["valid"]!.GetValue<bool>(), chain.ToJsonString());
        Assert.Equal(4, chain["records"]!.GetValue<int>());
        Assert.Equal(3, chain["adopted"]![0]!["position"]!.GetValue<int>());
        Assert.True(chain["adopted"]![0]!["isAgencys"]!.GetValue<bool>());
        await using var again = await RestartAsync(shop);
        Assert.Empty(await HoldsAsync(again));
        // Adopted, the agency's record is here: another restore of this state agrees.
        Assert.Empty(await RestoredAsync(shop.Host));
    }

    [Fact]
    public async Task A_chain_that_the_backup_has_not_begun_is_held_too()
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        agency.Last["B12345674"] = new("T-S01-2026-000040", new(2026, 11, 23), new string('D', 64), shop.Clock.GetUtcNow());

        Assert.Single(await RestoredAsync(shop.Host));
        await LiftAsync(shop.Host, "adopt", "Backup from before the first sale");
        var ticket = await shop.IssueAsync(Shop.Sale("B-1"));

        Assert.Equal(("T-S01-2026-000041", new string('D', 64)), (ticket.Number, ticket.Fiscal.PreviousFingerprint));
        Assert.True((await ChainDoorTests.ChainAsync(shop.Till))["valid"]!.GetValue<bool>());
    }

    [Fact]
    public async Task While_the_agency_is_away_a_restored_chain_stays_on_hold_and_go_on_marks_what_follows()
    {
        var agency = new FakeAgency { IsAway = true };
        await using var shop = await OpenAsync(agency);
        await IssueAsync(shop, 2);

        var hold = (await RestoredAsync(shop.Host)).Single()!;
        using var adopt = await AskToLiftAsync(shop.Host, Text(hold, "holdId"), "adopt", "Try");
        await LiftAsync(shop.Host, "go-on", "The shop must not stay shut");
        var next = await shop.IssueAsync(Shop.Sale("B-1"));

        Assert.Contains("is not known: the agency sleeps", Text(hold, "detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, adopt.StatusCode);
        Assert.Contains("INV-FISCAL-16", await adopt.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("T-S01-2026-000003", next.Number);
        Assert.True(await shop.AskAsync<bool>("select incident_since is not null from fiscal_queue"));
        Assert.StartsWith(
            "go-on: The shop must not stay shut",
            await shop.AskAsync<string>("select detail from fiscal_event where kind = 'lifted'"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_was_told_while_the_agency_answered_is_adopted_when_it_is_away()
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        await IssueAsync(shop, 1);
        agency.Last["B12345674"] = new("T-S01-2026-000005", new(2026, 11, 23), new string('D', 64), shop.Clock.GetUtcNow());
        Assert.Single(await RestoredAsync(shop.Host));

        agency.IsAway = true;
        await LiftAsync(shop.Host, "adopt", "As told before");

        Assert.Equal("T-S01-2026-000006", (await shop.IssueAsync(Shop.Sale("B-1"))).Number);
    }

    [Theory]
    [InlineData("update number_series set last = 1", "Series T-S01-2026 is at 1, and the highest number among its invoices is 2")]
    [InlineData("update number_series set last = 9", "Series T-S01-2026 is at 9")]
    public async Task Numbers_that_do_not_agree_keep_the_hold_and_are_never_given_again(string tampering, string expected)
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        await IssueAsync(shop, 2);
        await shop.TamperAsync(tampering);

        var hold = (await RestoredAsync(shop.Host)).Single()!;
        using var adopt = await AskToLiftAsync(shop.Host, Text(hold, "holdId"), "adopt", "x");
        await LiftAsync(shop.Host, "go-on", "Numbers are moved");

        Assert.Contains(expected, Text(hold, "detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, adopt.StatusCode);
        Assert.Contains((await shop.IssueAsync(Shop.Sale("B-1"))).Number, new[] { "T-S01-2026-000003", "T-S01-2026-000010" });
    }

    [Fact]
    public async Task Once_the_agency_answers_the_comparison_is_made_again_by_itself()
    {
        var agency = new FakeAgency { IsAway = true };
        await using var shop = await OpenAsync(agency);
        var issued = await IssueAsync(shop, 1);
        Assert.Single(await RestoredAsync(shop.Host));

        agency.IsAway = false;
        agency.Last["B12345674"] = Last(issued[0]);

        await Eventually.TrueAsync(
            async () =>
            {
                shop.Clock.Advance(TimeSpan.FromSeconds(30));
                return (await HoldsAsync(shop.Host)).Count == 0;
            },
            "the hold lifts itself"
        );
    }

    [Fact]
    public async Task With_several_sellers_of_a_taxpayer_a_lost_series_is_taken_whoever_had_it()
    {
        var agency = new FakeAgency();
        await using var shop = await OpenAsync(agency);
        using var twin = await ChainDoorTests.TwinAsync(shop, "B12345674");
        agency.Last["B12345674"] = new("T-S01.2-2026-000005", new(2026, 11, 23), new string('D', 64), shop.Clock.GetUtcNow());
        Assert.Single(await RestoredAsync(shop.Host));
        await LiftAsync(shop.Host, "adopt", "Backup", new JsonObject { ["T-S01-2026"] = 8 });

        var one = await shop.IssueAsync(Shop.Sale("A-1"));
        var two = JsonNode.Parse(await (await twin.PostAsJsonAsync("/v1/sales", Shop.Sale("B-1"))).Content.ReadAsStringAsync())!;

        Assert.Equal(["T-S01-2026-000009", "T-S01.2-2026-000006"], new[] { one.Number, Text(two, "number") }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_an_operator_cannot_ask_is_refused_with_a_code()
    {
        var agency = new FakeAgency { IsAway = true };
        await using var shop = await OpenAsync(agency);
        await IssueAsync(shop, 1);
        var id = Text((await RestoredAsync(shop.Host)).Single()!, "holdId");

        Assert.Equal("INV-FISCAL-13", await RefusedAsync(id, """{"how":"hope","reason":"x"}"""));
        Assert.Equal("INV-FISCAL-14", await RefusedAsync(id, """{"how":"go-on","reason":" "}"""));
        Assert.Equal("INV-FISCAL-14", await RefusedAsync(id, """{"how":"go-on","reason":"\u0000"}"""));
        Assert.Equal("INV-FISCAL-17", await RefusedAsync(id, """{"how":"go-on","reason":"x","numbers":{"nonsense":1}}"""));
        Assert.Equal("INV-FISCAL-17", await RefusedAsync(id, """{"how":"go-on","reason":"x","numbers":{"T-S01-2026":-1}}"""));
        Assert.Equal("BODY-02", await RefusedAsync(id, """{"how":"go-on","reason":"x","numbers":{"T-S01-2026":"many"}}"""));
        Assert.Equal("BODY-02", await RefusedAsync(id, """{"how":"go-on","reason":"x","numbers":null}"""));
        Assert.Equal("BODY-02", await RefusedAsync(id, """{"how":"go-on"}"""));
        Assert.Equal("BODY-02", await RefusedAsync(id, """{"how":"go-on","reason":"x","force":true}"""));
        Assert.Equal("BODY-01", await RefusedAsync(id, "go on"));
        Assert.Equal("INV-FISCAL-11", await RefusedAsync("7", """{"how":"go-on","reason":"x"}"""));
        Assert.Equal("INV-FISCAL-11", await RefusedAsync(Guid.CreateVersion7().ToString(), """{"how":"go-on","reason":"x"}"""));
        await LiftAsync(shop.Host, "go-on", "x");
        Assert.Equal("INV-FISCAL-12", await RefusedAsync(id, """{"how":"go-on","reason":"x"}"""));
        using var admin = shop.Host.AsAdmin();
        foreach (var query in new[] { "standing=maybe", "cursor=7", "limit=0", "limit=many" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync($"/v1/fiscal/holds?{query}")).StatusCode);
        }

        async Task<string> RefusedAsync(string hold, string json)
        {
            using var operatorsKey = shop.Host.AsAdmin();
            using var answer = await operatorsKey.PostAsync(
                $"/v1/fiscal/holds/{hold}/lift",
                new StringContent(json, System.Text.Encoding.UTF8, "application/json")
            );
            Assert.InRange((int)answer.StatusCode, 400, 499);
            return Text(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, "code");
        }
    }

    [Fact]
    public async Task Operators_see_every_chain_and_page_through_holds()
    {
        var agency = new FakeAgency { IsAway = true };
        await using var shop = await OpenAsync(agency);
        using var other = await ChainDoorTests.TwinAsync(shop, "A58818501");
        await IssueAsync(shop, 2);
        await RestoredAsync(shop.Host);
        using var admin = shop.Host.AsAdmin();

        var chain = JsonNode.Parse(await admin.GetStringAsync("/v1/fiscal/chains"))!["chains"]!.AsArray().Single()!;
        var page = JsonNode.Parse(await admin.GetStringAsync("/v1/fiscal/holds?limit=1"))!;
        var rest = JsonNode.Parse(await admin.GetStringAsync($"/v1/fiscal/holds?limit=1&cursor={page["nextCursor"]}"))!;

        Assert.Equal(("B12345674", "test", "restored"), (Text(chain, "taxId"), Text(chain, "environment"), Text(chain, "reason")));
        Assert.Equal(2, chain["pending"]!.GetValue<int>());
        Assert.Equal(Shop.Seller, chain["sellers"]![0]!.GetValue<string>());
        Assert.NotEqual(Text(page["holds"]![0]!, "taxId"), Text(rest["holds"]![0]!, "taxId"));
        Assert.Null(rest["nextCursor"]);
    }

    private sealed class FakeAgency : IAgencyRecords
    {
        private static readonly FaultCode Away = new("TEST-01", FaultKind.Unavailable, "the agency sleeps.", "la AEAT duerme.");

        public ConcurrentDictionary<string, LastAtAgency> Last { get; } = new();

        public ConcurrentBag<string> Given { get; } = [];

        public bool IsAway { get; set; }

        public Task<Outcome<string?>> FirstGivenAsync(
            string taxId,
            SellerEnvironment environment,
            IReadOnlyList<string> numbers,
            IReadOnlyList<DateOnly> months,
            CancellationToken cancellationToken
        ) => Task.FromResult<Outcome<string?>>(IsAway ? Away.With() : numbers.FirstOrDefault(Given.Contains));

        public Task<Outcome<LastAtAgency?>> LastAsync(
            string taxId,
            SellerEnvironment environment,
            string installation,
            CancellationToken cancellationToken
        )
        {
            Assert.Equal((SellerEnvironment.Test, "01"), (environment, installation));
            return Task.FromResult<Outcome<LastAtAgency?>>(IsAway ? Away.With() : Last.GetValueOrDefault(taxId));
        }
    }

    private static LastAtAgency Last(InvoiceBody invoice) =>
        new(invoice.Number, invoice.IssueDate, invoice.Fiscal.Fingerprint!, invoice.Fiscal.RecordedAt!.Value);

    private Task<Shop> OpenAsync(FakeAgency agency) =>
        Shop.OpenAsync(infra, services: services => services.AddSingleton<IAgencyRecords>(agency));

    private static async Task<List<InvoiceBody>> IssueAsync(Shop shop, int count)
    {
        var issued = new List<InvoiceBody>();
        for (var i = 1; i <= count; i++)
        {
            issued.Add(await shop.IssueAsync(Shop.Sale($"A-{i}")));
        }

        return issued;
    }

    private Task<ServiceHost> RestartAsync(Shop shop, IAgencyRecords? agency = null) =>
        ServiceHost.StartAsync<InvoicingOptions>(
            infra,
            "invoicing",
            new HostSettings
            {
                Beside = shop.Host,
                Services = services =>
                {
                    services.AddSingleton<TimeProvider>(shop.Clock);
                    if (agency is not null)
                    {
                        services.AddSingleton(agency);
                    }
                },
            }
        );

    private static async Task<string> SellAsync(ServiceHost host, string saleId)
    {
        using var till = host.As(Shop.Seller);
        using var answer = await till.PostAsJsonAsync("/v1/sales", Shop.Sale(saleId));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, body);
        return Text(JsonNode.Parse(body)!, "number");
    }

    private static async Task<JsonArray> HoldsAsync(ServiceHost host, bool all = false)
    {
        using var admin = host.AsAdmin();
        return JsonNode.Parse(await admin.GetStringAsync($"/v1/fiscal/holds{(all ? "" : "?standing=true")}"))!["holds"]!.AsArray();
    }

    private static async Task<JsonArray> RestoredAsync(ServiceHost host)
    {
        using var admin = host.AsAdmin();
        using var answer = await admin.PostAsync("/v1/fiscal/restored", null);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["holds"]!.AsArray();
    }

    private static async Task<JsonNode> LiftAsync(ServiceHost host, string how, string reason, JsonObject? numbers = null)
    {
        var hold = (await HoldsAsync(host)).Single()!;
        using var answer = await AskToLiftAsync(host, Text(hold, "holdId"), how, reason, numbers);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<HttpResponseMessage> AskToLiftAsync(
        ServiceHost host,
        string hold,
        string how,
        string reason,
        JsonObject? numbers = null
    )
    {
        using var admin = host.AsAdmin();
        var body = new JsonObject { ["how"] = how, ["reason"] = reason };
        if (numbers is not null)
        {
            body["numbers"] = numbers;
        }

        return await admin.PostAsJsonAsync($"/v1/fiscal/holds/{hold}/lift", body);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
