using System.Text;
using System.Text.Json;
using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Collections;
using RetailInvoicing.Collections.Promises;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using Rpc = RetailInvoicing.Contracts.Grpc.Collections;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Holds, promises, plans, disputes and claims: who, when and why, and what is refused by which code.</summary>
public sealed class ActsTests(Infrastructure infrastructure)
{
    // Morning in Madrid; Told's invoices are of the day before yesterday.
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_cannot_be_is_refused_by_its_code_and_nothing_is_written()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts, new FakeTimeProvider(Now));
        var (open, paid) = (Told.Invoice("s1", 100m), Told.Invoice("s1", 100m));
        await TellAsync(host, Told.Seller("s1"), open, paid, Told.Allocated(paid, 2, 0m));
        using var http = host.As("s1");
        using var reader = host.As("s1", Scopes.InvoicesRead);
        using var other = host.As("s2");
        var (o, p) = ($"/v1/receivables/{open.InvoiceId}", $"/v1/receivables/{paid.InvoiceId}");
        var long501 = new string('x', 501);
        (HttpClient By, string Path, string Body, int Status, string Code)[] refusals =
        [
            (reader, $"{o}/holds", """{"reason":"x"}""", 403, "AUTH-03"),
            (other, $"{o}/holds", """{"reason":"x"}""", 404, "COL-RECEIVABLE-01"),
            (http, "/v1/receivables/x/holds", """{"reason":"x"}""", 404, "COL-RECEIVABLE-01"),
            (http, $"{p}/holds", """{"reason":"x"}""", 409, "COL-HOLD-02"),
            (http, $"{o}/holds", """{"reason":" "}""", 422, "COL-HOLD-01"),
            (http, $"{o}/holds", $$"""{"reason":"{{long501}}"}""", 422, "COL-HOLD-01"),
            (http, $"{o}/holds", """{"reason":"x","until":"2026-11-24"}""", 422, "COL-HOLD-03"),
            (http, $"{o}/holds", """{"reason":"x","until":"2031-11-26"}""", 422, "COL-HOLD-05"),
            (http, $"{o}/holds", """{"reason":"x","until":"9999-12-31"}""", 422, "COL-HOLD-05"),
            (http, $"{o}/holds", """{"reason":"x","until":"yesterday"}""", 422, "BODY-02"),
            (http, $"{o}/holds", """{"reason":"x","til":"2026-11-24"}""", 422, "BODY-02"),
            (http, "/v1/customers/c9/holds", """{"reason":"x"}""", 404, "COL-CUSTOMER-01"),
            (other, "/v1/customers/c1/holds", """{"reason":"x"}""", 404, "COL-CUSTOMER-01"),
            (http, "/v1/customers/c1/holds", """{"reason":"x","until":"2026-01-01"}""", 422, "COL-HOLD-03"),
            (http, "/v1/customers/c1/holds", """{"reason":"x","until":"9999-12-31"}""", 422, "COL-HOLD-05"),
            (reader, $"{o}/promises", """{"date":"2026-12-01"}""", 403, "AUTH-03"),
            (other, $"{o}/promises", """{"date":"2026-12-01"}""", 404, "COL-RECEIVABLE-01"),
            (http, $"{o}/promises", """{"date":"2026-11-24","amount":"10.00"}""", 422, "COL-PROMISE-01"),
            (http, $"{o}/promises", """{"date":"2036-11-24","amount":"10.00"}""", 422, "COL-PROMISE-02"),
            (http, $"{o}/promises", """{"date":"2026-12-01","amount":"0"}""", 422, "COL-PROMISE-03"),
            (http, $"{o}/promises", """{"date":"2026-12-01","amount":"100.01"}""", 422, "COL-PROMISE-03"),
            (http, $"{o}/promises", """{"date":"2026-12-01","amount":"1.001"}""", 422, "COL-PROMISE-03"),
            (http, $"{o}/promises", """{"date":"2026-12-01","why":""}""", 422, "COL-ACT-01"),
            (http, $"{p}/promises", """{"date":"2026-12-01"}""", 409, "COL-PROMISE-04"),
            (http, $"{o}/plans", """{"instalments":[]}""", 422, "COL-PLAN-01"),
            (http, $"{o}/plans", """{"instalments":[null]}""", 422, "COL-PLAN-01"),
            (http, $"{o}/plans", """{"instalments":null}""", 422, "BODY-02"),
            (
                http,
                $"{o}/plans",
                """{"instalments":[{"date":"2026-12-02","amount":"50.00"},{"date":"2026-12-01","amount":"50.00"}]}""",
                422,
                "COL-PLAN-02"
            ),
            (
                http,
                $"{o}/plans",
                """{"instalments":[{"date":"2026-12-01","amount":"50.00"},{"date":"2027-01-01","amount":"49.99"}]}""",
                422,
                "COL-PLAN-03"
            ),
            (http, $"{o}/plans", """{"instalments":[{"date":"2026-11-24","amount":"100.00"}]}""", 422, "COL-PROMISE-01"),
            (http, $"{p}/plans", """{"instalments":[{"date":"2026-12-01","amount":"1.00"}]}""", 409, "COL-PROMISE-04"),
            (http, $"{o}/disputes", """{"reason":""}""", 422, "COL-ACT-01"),
            (http, $"{o}/disputes", """{"reason":"roto","lineId":"9"}""", 422, "COL-DISPUTE-02"),
            (http, $"{o}/disputes", """{"reason":"roto","amount":"0.00"}""", 422, "COL-DISPUTE-04"),
            (http, $"{o}/disputes", """{"reason":"roto","amount":"100.01"}""", 422, "COL-DISPUTE-04"),
            (http, $"{p}/disputes", """{"reason":"roto"}""", 409, "COL-DISPUTE-01"),
            (http, $"{o}/disputes/{Guid.CreateVersion7()}/resolution", """{"outcome":"accepted","why":"x"}""", 404, "COL-DISPUTE-06"),
            (http, $"{o}/disputes/x/resolution", """{"outcome":"accepted","why":"x"}""", 404, "COL-DISPUTE-06"),
            (http, $"{o}/disputes/x/resolution", """{"outcome":"won","why":"x"}""", 422, "COL-DISPUTE-08"),
            (http, $"{o}/acts", """{"kind":"sing","why":"x"}""", 422, "COL-ACT-02"),
            (http, $"{o}/acts", """{"kind":"call","why":" "}""", 422, "COL-ACT-01"),
            (http, $"{o}/write-off", """{"reason":"x","amount":"100.01"}""", 422, "COL-WRITEOFF-01"),
            (http, $"{o}/write-off", """{"reason":"x","amount":"0"}""", 422, "COL-WRITEOFF-01"),
            (http, $"{o}/write-off", """{"reason":""}""", 422, "COL-ACT-01"),
            (http, $"{p}/write-off", """{"reason":"x"}""", 409, "COL-WRITEOFF-02"),
            (http, $"{o}/write-off/{Guid.CreateVersion7()}/approval", "{}", 404, "COL-WRITEOFF-06"),
            (http, $"{o}/write-off/{Guid.CreateVersion7()}/refusal", "{}", 422, "COL-ACT-01"),
            (http, $"{o}/claims", "{}", 422, "COL-CLAIM-01"),
            (http, $"{o}/claims", """{"kinds":["tax"]}""", 422, "COL-CLAIM-04"),
            (http, $"{o}/claims", """{"kinds":[]}""", 422, "COL-CLAIM-04"),
            (http, $"{o}/claims/{Guid.CreateVersion7()}/payment", "{}", 404, "COL-CLAIM-05"),
            (http, $"{o}/claims/{Guid.CreateVersion7()}/waiver", "{}", 422, "COL-ACT-01"),
            (http, $"{o}/promises", "{", 400, "BODY-01"),
        ];
        foreach (var (by, path, body, status, code) in refusals)
        {
            await RefusedAsync(PostAsync(by, path, body), status, code, $"{path} {body}");
        }

        await RefusedAsync(http.DeleteAsync($"{o}/holds/x"), 404, "COL-HOLD-04", "release");
        await RefusedAsync(
            http.DeleteAsync($"/v1/customers/c1/holds/{Guid.CreateVersion7()}"),
            404,
            "COL-HOLD-04",
            "release of a customer"
        );
        await RefusedAsync(http.DeleteAsync($"{o}/promises/{Guid.CreateVersion7()}"), 404, "COL-PROMISE-07", "cancel");
        await RefusedAsync(http.GetAsync($"{o}/interest"), 422, "COL-CLAIM-01", "interest of a consumer");
        await RefusedAsync(http.GetAsync("/v1/acts?invoiceId=x"), 400, "QUERY-01", "acts");
        await RefusedAsync(http.GetAsync("/v1/acts?cursor=x"), 400, "QUERY-01", "acts");
        await RefusedAsync(http.GetAsync("/v1/acts?limit=0"), 400, "QUERY-01", "acts");
        await RefusedAsync(http.GetAsync("/v1/write-offs?state=lost"), 400, "QUERY-01", "write-offs");
        await RefusedAsync(http.GetAsync("/v1/ageing?asOf=2026-11-26"), 422, "COL-AGEING-01", "ageing to come");
        await RefusedAsync(http.GetAsync("/v1/ageing?asOf=today"), 400, "QUERY-01", "ageing");
        await RefusedAsync(http.GetAsync("/v1/customers/c9/statement"), 404, "COL-CUSTOMER-01", "statement");
        await RefusedAsync(other.GetAsync("/v1/customers/c1/statement"), 404, "COL-CUSTOMER-01", "another seller's statement");
        await RefusedAsync(http.GetAsync("/v1/customers/c1/statement?from=2026-12-01&to=2026-11-01"), 422, "COL-STATEMENT-01", "backwards");
        await RefusedAsync(http.GetAsync("/v1/customers/c1/statement?format=xml"), 422, "COL-STATEMENT-04", "format");
        await RefusedAsync(http.GetAsync("/v1/customers/c1/statement?from=x"), 400, "QUERY-01", "from");
        await RefusedAsync(
            PutAsync(http, "/v1/collections-settings", """{"writeOffWithoutApprovalUpTo":"-1"}"""),
            422,
            "COL-SETTINGS-01",
            "limit"
        );
        await RefusedAsync(
            PutAsync(http, "/v1/interest-rates/2026-07-01", """{"mainRefinancingRate":2,"source":"x"}"""),
            403,
            "AUTH-03",
            "rate"
        );
        using var admin = host.AsAdmin();
        (string Half, string Body, int Status, string Code)[] rates =
        [
            ("2026-08-01", """{"mainRefinancingRate":"2","source":"x"}""", 422, "COL-RATE-01"),
            ("x", """{"mainRefinancingRate":"2","source":"x"}""", 422, "COL-RATE-01"),
            ("2025-07-01", """{"mainRefinancingRate":"2","source":"x"}""", 409, "COL-RATE-02"),
            ("2027-01-01", """{"mainRefinancingRate":"2","source":"x"}""", 422, "COL-RATE-03"),
            ("2026-07-01", """{"mainRefinancingRate":"200","source":"x"}""", 422, "COL-RATE-04"),
            ("2026-07-01", """{"mainRefinancingRate":"2","source":""}""", 422, "COL-ACT-01"),
            ("2026-07-01", """{"mainRefinancingRate":"2","source":"x","by":" "}""", 422, "COL-ACT-01"),
            ("2026-07-01", """{"mainRefinancingRate":"2","source":"x","why":"a\u0000b"}""", 422, "COL-ACT-01"),
        ];
        foreach (var (half, body, status, code) in rates)
        {
            await RefusedAsync(PutAsync(admin, $"/v1/interest-rates/{half}", body), status, code, $"{half} {body}");
        }

        foreach (var table in new[] { "act", "hold", "customer_hold", "promise", "dispute", "write_off", "claim", "interest_rate" })
        {
            Assert.Equal(0L, await ScalarAsync<long>(host, $"select count(*) from {table}"));
        }
    }

    [Fact]
    public async Task A_hold_stands_until_its_last_day_or_its_release_and_says_who_when_and_why()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(Now);
        await using var host = await StartAsync(counterparts, clock);
        var (one, two) = (Told.Invoice("s1", 100m), Told.Invoice("s1", 50m));
        await TellAsync(host, Told.Seller("s1"), one, two);
        using var http = host.As("s1");

        var ofDay = await JsonAsync(
            PostAsync(http, $"/v1/receivables/{one.InvoiceId}/holds", """{"reason":"Reclama","until":"2026-11-26"}"""),
            201
        );
        Assert.Equal("Reclama", Assert.Single((await ItemAsync(host, one)).Holds).Reason);
        Assert.Empty((await ItemAsync(host, two)).Holds);

        // The last day is over in Madrid.
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 26, 22, 59, 59, TimeSpan.Zero));
        Assert.Single((await ItemAsync(host, one)).Holds);
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 26, 23, 0, 0, TimeSpan.Zero));
        Assert.Empty((await ItemAsync(host, one)).Holds);

        var ofAll = await JsonAsync(PostAsync(http, "/v1/customers/c1/holds", """{"reason":"En concurso"}"""), 201);
        Assert.Equal([true, true], (await ItemsAsync(host)).Select(item => item.Holds.Single().OfCustomer));
        var released = await http.DeleteAsync($"/v1/customers/c1/holds/{ofAll.GetProperty("holdId")}?why=Convenio");
        Assert.Equal(204, (int)released.StatusCode);
        Assert.Equal(204, (int)(await http.DeleteAsync($"/v1/customers/c1/holds/{ofAll.GetProperty("holdId")}")).StatusCode);
        Assert.All(await ItemsAsync(host), item => Assert.Empty(item.Holds));

        var acts = (await JsonAsync(http.GetAsync("/v1/acts?customerId=c1"), 200)).GetProperty("items");
        Assert.Equal(
            ["hold-released Convenio", "hold-placed En concurso", "hold-placed Reclama"],
            acts.EnumerateArray().Select(act => $"{act.GetProperty("kind")} {act.GetProperty("why")}")
        );
        Assert.All(acts.EnumerateArray(), act => Assert.Equal("key", act.GetProperty("byKind").GetString()));
        var ofInvoice = (await JsonAsync(http.GetAsync($"/v1/acts?invoiceId={one.InvoiceId}"), 200)).GetProperty("items");
        Assert.Equal(
            ofDay.GetProperty("holdId").GetString(),
            Assert.Single(ofInvoice.EnumerateArray()).GetProperty("body").GetProperty("holdId").GetString()
        );
    }

    [Fact]
    public async Task A_promise_is_told_once_judged_when_its_day_is_over_and_counts_for_the_customers_score()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(Now);
        await using var host = await StartAsync(counterparts, clock);
        await using var promised = await host.ListenAsync(PromiseMade.Exchange);
        var (kept, part, broken) = (Told.Invoice("s1", 100m), Told.Invoice("s1", 100m), Told.Invoice("s1", 100m));
        await TellAsync(host, Told.Seller("s1"), kept, part, broken);
        using var http = host.As("s1");
        foreach (var invoice in new[] { kept, part, broken })
        {
            var made = await JsonAsync(
                PostAsync(
                    http,
                    $"/v1/receivables/{invoice.InvoiceId}/promises",
                    """{"date":"2026-11-27","amount":"60.00","why":"Llamó"}"""
                ),
                201
            );
            Assert.Equal(("open", "60.00"), (made.GetProperty("standing").GetString(), made.GetProperty("amount").GetString()));
        }

        // What is promised cannot be promised again; the rest can.
        await RefusedAsync(
            PostAsync(http, $"/v1/receivables/{kept.InvoiceId}/promises", """{"date":"2026-11-28","amount":"40.01"}"""),
            422,
            "COL-PROMISE-03",
            "more than is left"
        );
        await RefusedAsync(
            PostAsync(http, $"/v1/receivables/{kept.InvoiceId}/plans", """{"instalments":[{"date":"2026-12-01","amount":"100.00"}]}"""),
            409,
            "COL-PROMISE-05",
            "a plan beside a promise"
        );
        Assert.Equal(new OpenPromise(new DateOnly(2026, 11, 27), 60m), (await ItemAsync(host, kept)).OpenPromise);

        await TellAsync(
            host,
            Told.Allocated(kept, 2, 40m) with
            {
                AllocatedAt = new DateTimeOffset(2026, 11, 27, 22, 0, 0, TimeSpan.Zero),
            },
            Told.Allocated(part, 2, 80m) with
            {
                AllocatedAt = new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero),
            },
            // Midnight in Madrid is past.
            Told.Allocated(broken, 2, 40m) with
            {
                AllocatedAt = new DateTimeOffset(2026, 11, 27, 23, 0, 0, TimeSpan.Zero),
            }
        );
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 22, 59, 59, TimeSpan.Zero));
        Assert.Equal(0, await JudgeAsync(host));
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 23, 0, 0, TimeSpan.Zero));
        await Eventually.EqualAsync(
            3L,
            async () =>
            {
                await JudgeAsync(host);
                return await ScalarAsync<long>(host, "select count(*) from promise where judged_at is not null");
            },
            "promises judged"
        );

        async Task<string> StandingAsync(InvoiceIssued invoice)
        {
            var list = await JsonAsync(http.GetAsync($"/v1/receivables/{invoice.InvoiceId}/promises"), 200);
            var item = Assert.Single(list.GetProperty("items").EnumerateArray());
            return $"{item.GetProperty("standing")} {item.GetProperty("keptAmount")}";
        }

        Assert.Equal("kept 60.00", await StandingAsync(kept));
        Assert.Equal("partial 20.00", await StandingAsync(part));
        Assert.Equal("broken 0.00", await StandingAsync(broken));
        var score = (await JsonAsync(http.GetAsync("/v1/customers/c1/promises"), 200)).GetProperty("score");
        // (1 + 1/2 + 1) / (3 + 2)
        Assert.Equal("0.500", score.GetProperty("keptShare").GetString());
        Assert.All(await ItemsAsync(host), item => Assert.Null(item.OpenPromise));
        Assert.Equal(3L, await ScalarAsync<long>(host, "select count(*) from act where kind = 'promise-judged' and by_kind = 'system'"));
        await promised.AtLeastAsync(3);
        await Eventually.EqualAsync(0L, () => ScalarAsync<long>(host, "select count(*) from outbox"), "events waiting");
        Assert.Equal(
            "broken 0.00, kept 60.00, partial 20.00",
            await ScalarAsync<string>(
                host,
                """
                select string_agg((body::json ->> 'standing') || ' ' || (body::json ->> 'keptAmount'), ', ' order by body::json ->> 'standing')
                from event where name = 'collections.promise-judged.v1'
                """
            )
        );
        Assert.Equal(3, promised.All.Count);

        // One that was judged is not cancelled any more.
        var judged = await ScalarAsync<Guid>(host, "select promise_id from promise limit 1");
        var whose = await ScalarAsync<Guid>(host, $"select invoice_id from promise where promise_id = '{judged}'");
        await RefusedAsync(http.DeleteAsync($"/v1/receivables/{whose}/promises/{judged}"), 409, "COL-PROMISE-08", "judged");
    }

    [Fact]
    public async Task An_instalment_that_is_not_paid_ends_its_plan()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(Now);
        await using var host = await StartAsync(counterparts, clock);
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var http = host.As("s1");
        const string Plan = """
            {"instalments":[{"date":"2026-11-26","amount":"40.00"},{"date":"2026-12-26","amount":"30.00"},{"date":"2027-01-26","amount":"30.00"}]}
            """;
        Assert.Equal(
            3,
            (await JsonAsync(PostAsync(http, $"/v1/receivables/{invoice.InvoiceId}/plans", Plan), 201))
                .GetProperty("instalments")
                .GetArrayLength()
        );
        Assert.Equal(new DateOnly(2026, 11, 26), (await ItemAsync(host, invoice)).OpenPromise!.Date);

        await TellAsync(host, Told.Allocated(invoice, 2, 60m) with { AllocatedAt = Now.AddHours(1) });
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 1, 0, 0, TimeSpan.Zero));
        await JudgedAsync(host, "kept");
        Assert.Equal(new DateOnly(2026, 12, 26), (await ItemAsync(host, invoice)).OpenPromise!.Date);

        clock.SetUtcNow(new DateTimeOffset(2026, 12, 27, 1, 0, 0, TimeSpan.Zero));
        await JudgedAsync(host, "broken");
        Assert.Null((await ItemAsync(host, invoice)).OpenPromise);
        Assert.Equal(
            "broken cancelled kept",
            await ScalarAsync<string>(
                host,
                "select string_agg(coalesce(standing, case when cancelled_at is not null then 'cancelled' end), ' ' order by coalesce(standing, 'c')) from promise"
            )
        );

        async Task JudgedAsync(ServiceHost judging, string standing) =>
            await Eventually.EqualAsync(
                1L,
                async () =>
                {
                    await JudgeAsync(judging);
                    return await ScalarAsync<long>(judging, $"select count(*) from promise where standing = '{standing}'");
                },
                standing
            );
    }

    [Fact]
    public async Task A_transfer_of_the_promised_day_that_is_booked_on_the_next_keeps_the_promise_after_all_and_resumes_its_plan()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(Now);
        await using var host = await StartAsync(counterparts, clock);
        var (inTime, late) = (Told.Invoice("s1", 100m), Told.Invoice("s1", 50m));
        await TellAsync(host, Told.Seller("s1"), inTime, late);
        using var http = host.As("s1");
        const string Plan = """
            {"instalments":[{"date":"2026-11-26","amount":"40.00"},{"date":"2026-12-26","amount":"30.00"},{"date":"2027-01-26","amount":"30.00"}]}
            """;
        await JsonAsync(PostAsync(http, $"/v1/receivables/{inTime.InvoiceId}/plans", Plan), 201);
        await JsonAsync(PostAsync(http, $"/v1/receivables/{late.InvoiceId}/promises", """{"date":"2026-11-26"}"""), 201);
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 1, 0, 0, TimeSpan.Zero));
        await JudgedAsync("broken", 2L);
        Assert.Equal(2L, await ScalarAsync<long>(host, "select count(*) from promise where cancelled_at is not null"));
        Assert.Null((await ItemAsync(host, inTime)).OpenPromise);

        // The bank's file of the day before, imported in the morning.
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
        await TellAsync(
            host,
            Told.Allocated(inTime, 2, 60m) with
            {
                ReceivedAt = new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.FromHours(1)),
                AllocatedAt = clock.GetUtcNow(),
            },
            Told.Allocated(late, 2, 0m) with
            {
                ReceivedAt = new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.FromHours(1)),
                AllocatedAt = clock.GetUtcNow(),
            }
        );
        await JudgedAsync("kept", 1L);

        await Eventually.EqualAsync(
            0L,
            async () =>
            {
                await JudgeAsync(host);
                return await ScalarAsync<long>(host, "select count(*) from promise where judge_again");
            },
            "promises to be judged again"
        );
        Assert.Equal(0L, await ScalarAsync<long>(host, "select count(*) from promise where cancelled_at is not null"));
        Assert.Equal(new OpenPromise(new DateOnly(2026, 12, 26), 60m), (await ItemAsync(host, inTime)).OpenPromise);
        async Task<string> ActsAsync(InvoiceIssued invoice) =>
            await ScalarAsync<string>(
                host,
                $"select string_agg(concat_ws(' ', body ->> 'was', body ->> 'standing'), ',' order by at) from act where kind = 'promise-judged' and invoice_id = '{invoice.InvoiceId}'"
            );
        Assert.Equal("broken,broken kept", await ActsAsync(inTime));
        // A day late is late: it is as it was said, and not said again.
        Assert.Equal("broken", await ActsAsync(late));
        // The customer kept its word, and may give it again; what it owes is promised already.
        using var channel = host.Channel();
        var rpc = new Rpc.Receivables.ReceivablesClient(channel);
        var me = host.CallAs("portal", OnBehalfOf.Customer("c1@example.com", SellerId.Of("s1")));
        await RefusedAsync(
            () => rpc.MakePromiseAsync(new Rpc.PromiseRequest { InvoiceId = $"{inTime.InvoiceId}", Date = "2026-11-30" }, me),
            "COL-PROMISE-05"
        );

        Task JudgedAsync(string standing, long count) =>
            Eventually.EqualAsync(
                count,
                async () =>
                {
                    await JudgeAsync(host);
                    return await ScalarAsync<long>(host, $"select count(*) from promise where standing = '{standing}'");
                },
                standing
            );
    }

    [Fact]
    public async Task A_plan_does_not_resume_where_something_else_was_agreed_on_after_it_ended()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(Now);
        await using var host = await StartAsync(counterparts, clock);
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var http = host.As("s1");
        var at = $"/v1/receivables/{invoice.InvoiceId}";
        const string Plan = """{"instalments":[{"date":"2026-11-26","amount":"40.00"},{"date":"2026-12-26","amount":"60.00"}]}""";
        await JsonAsync(PostAsync(http, $"{at}/plans", Plan), 201);
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 1, 0, 0, TimeSpan.Zero));
        await JudgedAsync("broken");
        await JsonAsync(PostAsync(http, $"{at}/promises", """{"date":"2026-12-01"}"""), 201);

        await TellAsync(
            host,
            Told.Allocated(invoice, 2, 60m) with
            {
                ReceivedAt = new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.FromHours(1)),
                AllocatedAt = clock.GetUtcNow(),
            }
        );
        await JudgedAsync("kept");

        Assert.Equal(new OpenPromise(new DateOnly(2026, 12, 1), 100m), (await ItemAsync(host, invoice)).OpenPromise);
        Assert.Equal(1L, await ScalarAsync<long>(host, "select count(*) from promise where cancelled_at is not null"));

        Task JudgedAsync(string standing) =>
            Eventually.EqualAsync(
                1L,
                async () =>
                {
                    await JudgeAsync(host);
                    return await ScalarAsync<long>(host, $"select count(*) from promise where standing = '{standing}'");
                },
                standing
            );
    }

    [Fact]
    public async Task A_customers_own_promise_is_of_all_that_it_owes_and_does_not_dispute_and_staff_takes_its_word_for_a_part()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts, new FakeTimeProvider(Now));
        var (whole, part) = (Told.Invoice("s1", 100m), Told.Invoice("s1", 100m));
        await TellAsync(host, Told.Seller("s1"), whole, part);
        using var channel = host.Channel();
        var rpc = new Rpc.Receivables.ReceivablesClient(channel);
        var me = host.CallAs("portal", OnBehalfOf.Customer("c1@example.com", SellerId.Of("s1")));
        var staff = host.CallAs("portal", OnBehalfOf.Staff("ana@example.com", StaffRole.Collector, SellerId.Of("s1")));
        Rpc.PromiseRequest Of(InvoiceIssued invoice, string date, string amount) =>
            new()
            {
                InvoiceId = $"{invoice.InvoiceId}",
                Date = date,
                Amount = amount,
            };

        await RefusedAsync(() => rpc.MakePromiseAsync(Of(whole, "2026-12-01", "0.01"), me), "COL-PROMISE-09");
        await RefusedAsync(() => rpc.MakePromiseAsync(Of(whole, "2026-12-01", "99.99"), me), "COL-PROMISE-09");
        await RefusedAsync(() => rpc.MakePromiseAsync(Of(whole, "2026-12-01", "100.01"), me), "COL-PROMISE-03");
        await rpc.RaiseDisputeAsync(
            new Rpc.DisputeRequest
            {
                InvoiceId = $"{whole.InvoiceId}",
                Amount = "12.10",
                Reason = "No es mío",
            },
            me
        );
        await RefusedAsync(() => rpc.MakePromiseAsync(Of(whole, "2026-12-01", "87.89"), me), "COL-PROMISE-09");
        var made = await rpc.MakePromiseAsync(new Rpc.PromiseRequest { InvoiceId = $"{whole.InvoiceId}", Date = "2026-12-01" }, me);
        Assert.Equal("87.90", made.Amount);
        Assert.True((await ItemAsync(host, whole)).IsPromisedWhole);

        await rpc.MakePromiseAsync(Of(part, "2026-12-05", "60.00"), staff);
        var item = await ItemAsync(host, part);
        Assert.Equal((new OpenPromise(new DateOnly(2026, 12, 5), 60m), false), (item.OpenPromise, item.IsPromisedWhole));
        // What staff took its word for is promised; the rest of it is the customer's to promise, and all of that.
        await RefusedAsync(() => rpc.MakePromiseAsync(Of(part, "2026-12-01", "39.99"), me), "COL-PROMISE-09");
        await rpc.MakePromiseAsync(Of(part, "2026-12-01", "40.00"), me);
        item = await ItemAsync(host, part);
        Assert.Equal((new OpenPromise(new DateOnly(2026, 12, 1), 100m), true), (item.OpenPromise, item.IsPromisedWhole));
    }

    [Fact]
    public async Task A_dispute_of_a_line_pauses_that_line_and_nothing_else()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts, new FakeTimeProvider(Now));
        await using var raised = await host.ListenAsync(DisputeRaised.Exchange);
        var invoice = TwoLines(Told.Invoice("s1", 100m));
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var http = host.As("s1");
        var disputes = $"/v1/receivables/{invoice.InvoiceId}/disputes";

        var line = await JsonAsync(PostAsync(http, disputes, """{"lineId":"2","reason":"Llegó roto"}"""), 201);
        Assert.Equal("30.00", line.GetProperty("amount").GetString());
        var item = await ItemAsync(host, invoice);
        Assert.Equal((100m, 30m, 70m), (item.AmountDue, item.DisputedAmount, item.AskedAmount));
        await RefusedAsync(PostAsync(http, disputes, """{"lineId":"2","reason":"Roto"}"""), 409, "COL-DISPUTE-05", "the same again");

        // Paid but for 20: no more than that is disputed.
        await TellAsync(host, Told.Allocated(invoice, 2, 20m));
        item = await ItemAsync(host, invoice);
        Assert.Equal((20m, 20m, 0m), (item.AmountDue, item.DisputedAmount, item.AskedAmount));
        await RefusedAsync(PostAsync(http, disputes, """{"reason":"Todo"}"""), 409, "COL-DISPUTE-05", "nothing is left to dispute");

        var resolved = await JsonAsync(
            PostAsync(http, $"{disputes}/{line.GetProperty("disputeId")}/resolution", """{"outcome":"rejected","why":"Se repuso"}"""),
            200
        );
        Assert.Equal("rejected", resolved.GetProperty("outcome").GetString());
        Assert.Equal(0m, (await ItemAsync(host, invoice)).DisputedAmount);
        await RefusedAsync(
            PostAsync(http, $"{disputes}/{line.GetProperty("disputeId")}/resolution", """{"outcome":"accepted","why":"x"}"""),
            409,
            "COL-DISPUTE-07",
            "resolved"
        );
        var told = Assert.Single(await raised.AtLeastAsync<DisputeRaised>(1));
        Assert.Equal((invoice.InvoiceId, "2", "Llegó roto"), (told.InvoiceId, told.LineId, told.Reason));
        Assert.Equal(
            "dispute-raised Llegó roto,dispute-resolved Se repuso",
            await ScalarAsync<string>(host, "select string_agg(kind || ' ' || why, ',' order by act_id) from act")
        );
    }

    [Fact]
    public async Task A_customer_acts_on_its_own_invoices_and_sees_nobody_elses()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts, new FakeTimeProvider(Now));
        var (mine, other, foreign) = (
            Told.Invoice("s1", 100m),
            Told.Invoice("s1", 50m, email: "c2@example.com", customer: "c2"),
            Told.Invoice("s2", 70m)
        );
        await TellAsync(host, Told.Seller("s1"), Told.Seller("s2"), mine, other, foreign);
        using var channel = host.Channel();
        var rpc = new Rpc.Receivables.ReceivablesClient(channel);
        var me = host.CallAs("portal", OnBehalfOf.Customer("C1@example.com", SellerId.Of("s1")));

        var statement = await rpc.StatementAsync(new Rpc.GetStatement { CustomerKey = "c2" }, me);
        Assert.Equal([mine.InvoiceId.ToString()], statement.Accounts.Single().Entries.Select(entry => entry.InvoiceId));
        var stranger = host.CallAs("portal", OnBehalfOf.Customer("c3@example.com", SellerId.Of("s1")));
        await RefusedAsync(() => rpc.StatementAsync(new Rpc.GetStatement(), stranger), "COL-CUSTOMER-01");

        var promise = await rpc.MakePromiseAsync(new Rpc.PromiseRequest { InvoiceId = $"{mine.InvoiceId}", Date = "2026-12-01" }, me);
        Assert.Equal(("100.00", "open"), (promise.Amount, promise.Standing));
        await RefusedAsync(
            () => rpc.MakePromiseAsync(new Rpc.PromiseRequest { InvoiceId = $"{other.InvoiceId}", Date = "2026-12-01" }, me),
            "COL-RECEIVABLE-01"
        );
        await RefusedAsync(
            () => rpc.MakePromiseAsync(new Rpc.PromiseRequest { InvoiceId = $"{foreign.InvoiceId}", Date = "2026-12-01" }, me),
            "COL-RECEIVABLE-01"
        );
        await RefusedAsync(
            () => rpc.RaiseDisputeAsync(new Rpc.DisputeRequest { InvoiceId = $"{other.InvoiceId}", Reason = "x" }, me),
            "COL-RECEIVABLE-01"
        );
        var dispute = await rpc.RaiseDisputeAsync(
            new Rpc.DisputeRequest
            {
                InvoiceId = $"{mine.InvoiceId}",
                Amount = "12.10",
                Reason = "No es mío",
            },
            me
        );
        Assert.Equal("12.10", dispute.Amount);
        await RefusedAsync(
            () =>
                rpc.ResolveDisputeAsync(
                    new Rpc.DisputeResolution
                    {
                        InvoiceId = $"{mine.InvoiceId}",
                        DisputeId = dispute.DisputeId,
                        Outcome = "accepted",
                        Why = "x",
                    },
                    me
                ),
            "AUTH-03"
        );
        await RefusedAsync(() => rpc.ActsAsync(new Rpc.ListActs(), me), "AUTH-03");
        await RefusedAsync(
            () => rpc.AskWriteOffAsync(new Rpc.WriteOffAsked { InvoiceId = $"{mine.InvoiceId}", Reason = "x" }, me),
            "AUTH-03"
        );
        await RefusedAsync(() => rpc.PlaceHoldAsync(new Rpc.HoldRequest { InvoiceId = $"{mine.InvoiceId}", Reason = "x" }, me), "AUTH-03");
        await RefusedAsync(() => rpc.WorklistAsync(new Rpc.GetWorklist(), me), "AUTH-03");
        Assert.Equal(
            "customer:C1@example.com promise-made,customer:C1@example.com dispute-raised",
            await ScalarAsync<string>(host, "select string_agg(by_kind || ':' || by_name || ' ' || kind, ',' order by act_id) from act")
        );
    }

    [Fact]
    public async Task A_customer_promises_a_month_ahead_and_not_again_after_it_broke_its_word()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(Now);
        await using var host = await StartAsync(counterparts, clock);
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var channel = host.Channel();
        var rpc = new Rpc.Receivables.ReceivablesClient(channel);
        Metadata Me() => host.CallAs("portal", OnBehalfOf.Customer("c1@example.com", SellerId.Of("s1")));
        Rpc.PromiseRequest On(string date) => new() { InvoiceId = $"{invoice.InvoiceId}", Date = date };

        await RefusedAsync(() => rpc.MakePromiseAsync(On("2026-12-27"), Me()), "COL-PROMISE-02");
        await RefusedAsync(() => rpc.MakePromiseAsync(On("2026-11-24"), Me()), "COL-PROMISE-01");
        await RefusedAsync(() => rpc.MakePromiseAsync(On("soon"), Me()), "QUERY-01");
        await rpc.MakePromiseAsync(On("2026-11-26"), Me());
        await RefusedAsync(() => rpc.MakePromiseAsync(On("2026-11-27"), Me()), "COL-PROMISE-05");
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
        await Eventually.EqualAsync(
            1L,
            async () =>
            {
                await JudgeAsync(host);
                return await ScalarAsync<long>(host, "select count(*) from promise where standing = 'broken'");
            },
            "broken"
        );

        await RefusedAsync(() => rpc.MakePromiseAsync(On("2026-11-30"), Me()), "COL-PROMISE-06");
        // The seller's staff may well believe it once more.
        var staff = host.CallAs("portal", OnBehalfOf.Staff("ana@example.com", StaffRole.Collector, SellerId.Of("s1")));
        await rpc.MakePromiseAsync(On("2026-11-30"), staff);
        var auditor = host.CallAs("portal", OnBehalfOf.Staff("eva@example.com", StaffRole.Auditor, SellerId.Of("s1")));
        await RefusedAsync(() => rpc.MakePromiseAsync(On("2026-11-30"), auditor), "AUTH-03");
    }

    [Fact]
    public async Task A_business_owes_interest_and_forty_euros_beside_the_invoice_and_each_once()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 4, 30, 9, 0, 0, TimeSpan.Zero));
        await using var host = await StartAsync(counterparts, clock);
        var invoice = Business(Told.Invoice("s1", 1_000m, dueDate: new DateOnly(2025, 3, 31))) with
        {
            IssuedAt = new DateTimeOffset(2025, 3, 1, 9, 0, 0, TimeSpan.Zero),
        };
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var http = host.As("s1");
        var at = $"/v1/receivables/{invoice.InvoiceId}";

        // 1,000 × 0.1115 × 30/365 = 9.164383….
        var interest = await JsonAsync(http.GetAsync($"{at}/interest"), 200);
        Assert.Equal(
            ("9.16", "40.00", "2025-04-01", "2025-04-30"),
            (
                interest.GetProperty("interest").GetString(),
                interest.GetProperty("recovery").GetString(),
                interest.GetProperty("from").GetString(),
                interest.GetProperty("until").GetString()
            )
        );
        Assert.Equal("9.164384", Assert.Single(interest.GetProperty("pieces").EnumerateArray()).GetProperty("interest").GetString());
        await RefusedAsync(http.GetAsync($"{at}/interest?until=2027-01-01"), 422, "COL-CLAIM-07", "too far");
        await RefusedAsync(http.GetAsync($"{at}/interest?until=x"), 400, "QUERY-01", "until");

        var claims = (await JsonAsync(PostAsync(http, $"{at}/claims", "{}"), 201)).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(
            ["interest 9.16 EUR", "recovery 40.00 EUR"],
            claims.Select(claim => $"{claim.GetProperty("kind")} {claim.GetProperty("amount")} {claim.GetProperty("currency")}")
        );
        await RefusedAsync(PostAsync(http, $"{at}/claims", "{}"), 422, "COL-CLAIM-02", "claimed already");

        // Never on the invoice.
        var item = await ItemAsync(host, invoice);
        Assert.Equal((1_000m, 2), (item.AmountDue, item.Claims.Count));

        clock.SetUtcNow(new DateTimeOffset(2025, 5, 10, 9, 0, 0, TimeSpan.Zero));
        var more = (await JsonAsync(PostAsync(http, $"{at}/claims", "{}"), 201)).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("3.05", "2025-05-01"), (more.GetProperty("amount").GetString(), more.GetProperty("from").GetString()));

        var recovery = $"{at}/claims/{claims[1].GetProperty("claimId")}";
        Assert.Equal("paid", (await JsonAsync(PostAsync(http, $"{recovery}/payment", "{}"), 200)).GetProperty("state").GetString());
        Assert.Equal("paid", (await JsonAsync(PostAsync(http, $"{recovery}/payment", "{}"), 200)).GetProperty("state").GetString());
        await RefusedAsync(PostAsync(http, $"{recovery}/waiver", """{"why":"x"}"""), 409, "COL-CLAIM-06", "paid");
        var last = $"{at}/claims/{more.GetProperty("claimId")}";
        Assert.Equal(
            "waived",
            (await JsonAsync(PostAsync(http, $"{last}/waiver", """{"why":"Cortesía"}"""), 200)).GetProperty("state").GetString()
        );

        // The days that were waived can be claimed again; the forty euros cannot.
        var again = await JsonAsync(http.GetAsync($"{at}/interest"), 200);
        Assert.Equal(("2025-05-01", "3.05"), (again.GetProperty("from").GetString(), again.GetProperty("interest").GetString()));
        Assert.False(again.TryGetProperty("recovery", out _));
        var statement = await JsonAsync(http.GetAsync("/v1/customers/c1/statement"), 200);
        var account = statement.GetProperty("accounts")[0];
        Assert.Equal(
            ("1000.00", "9.16", 3),
            (
                account.GetProperty("closing").GetString(),
                account.GetProperty("claimsDue").GetString(),
                account.GetProperty("claims").GetArrayLength()
            )
        );
    }

    [Fact]
    public async Task A_rate_that_is_not_known_gives_no_figure_until_the_operator_keeps_it()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 7, 31, 9, 0, 0, TimeSpan.Zero));
        await using var host = await StartAsync(counterparts, clock);
        var invoice = Business(Told.Invoice("s1", 1_000m, dueDate: new DateOnly(2026, 6, 20))) with
        {
            IssuedAt = new DateTimeOffset(2026, 5, 1, 9, 0, 0, TimeSpan.Zero),
        };
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var http = host.As("s1");
        var at = $"/v1/receivables/{invoice.InvoiceId}";

        var unknown = await JsonAsync(http.GetAsync($"{at}/interest"), 200);
        Assert.False(unknown.TryGetProperty("interest", out _));
        Assert.Equal("2026-07-01", unknown.GetProperty("rateUnknownFrom").GetString());
        await RefusedAsync(PostAsync(http, $"{at}/claims", "{}"), 409, "COL-CLAIM-03", "unknown rate");
        using var admin = host.AsAdmin();
        await JsonAsync(
            PutAsync(admin, "/v1/interest-rates/2026-07-01", """{"mainRefinancingRate":"20.00","source":"for this test"}"""),
            200
        );
        await JsonAsync(
            PutAsync(
                admin,
                "/v1/interest-rates/2026-07-01",
                """{"mainRefinancingRate":"2.00","source":"for this test","by":"ops@example.com","why":"mistyped"}"""
            ),
            200
        );

        // 10 days at 10.15 and 31 at 10.00.
        Assert.Equal("11.27", (await JsonAsync(http.GetAsync($"{at}/interest"), 200)).GetProperty("interest").GetString());
        var rates = (await JsonAsync(http.GetAsync("/v1/interest-rates"), 200)).GetProperty("items").EnumerateArray().Last();
        Assert.Equal(("2026-07-01", "for this test"), (rates.GetProperty("halfYear").GetString(), rates.GetProperty("source").GetString()));
        // Who kept it, when and why; and what stood there before.
        Assert.Equal(("ops@example.com", "mistyped"), (rates.GetProperty("keptBy").GetString(), rates.GetProperty("why").GetString()));
        Assert.Equal(clock.GetUtcNow(), rates.GetProperty("keptAt").GetDateTimeOffset());
        Assert.Equal(
            "20.000 admin, 2.000 ops@example.com",
            await ScalarAsync<string>(
                host,
                "select string_agg(main_refinancing_rate || ' ' || by_name, ', ' order by act_id) from interest_rate_act"
            )
        );
    }

    [Fact]
    public async Task What_staff_did_outside_stands_in_the_history_with_who_it_was()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts, new FakeTimeProvider(Now));
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var channel = host.Channel();
        var rpc = new Rpc.Receivables.ReceivablesClient(channel);
        var staff = host.CallAs("portal", OnBehalfOf.Staff("ana@example.com", StaffRole.Collector, SellerId.Of("s1")));

        await rpc.RecordActAsync(
            new Rpc.ActRequest
            {
                InvoiceId = $"{invoice.InvoiceId}",
                Kind = "call",
                Why = "No contesta",
            },
            staff
        );
        var hold = await rpc.PlaceHoldAsync(new Rpc.HoldRequest { InvoiceId = $"{invoice.InvoiceId}", Reason = "Reclama" }, staff);
        await rpc.ReleaseHoldAsync(new Rpc.HoldRelease { InvoiceId = $"{invoice.InvoiceId}", HoldId = hold.HoldId }, staff);

        var first = await rpc.ActsAsync(new Rpc.ListActs { InvoiceId = $"{invoice.InvoiceId}", Limit = 2 }, staff);
        Assert.Equal(["hold-released", "hold-placed"], first.Acts.Select(act => act.Kind));
        var rest = await rpc.ActsAsync(
            new Rpc.ListActs
            {
                InvoiceId = $"{invoice.InvoiceId}",
                Limit = 2,
                Cursor = first.NextCursor,
            },
            staff
        );
        var call = Assert.Single(rest.Acts);
        Assert.Equal(
            ("call", "staff", "ana@example.com", "No contesta", "c1"),
            (call.Kind, call.ByKind, call.By, call.Why, call.CustomerKey)
        );
    }

    private static InvoiceIssued TwoLines(InvoiceIssued invoice) =>
        invoice with
        {
            Lines =
            [
                invoice.Lines[0] with
                {
                    LineGrossAmount = 70m,
                },
                invoice.Lines[0] with
                {
                    LineId = "2",
                    Name = "Farol",
                    LineGrossAmount = 30m,
                },
            ],
        };

    private static InvoiceIssued Business(InvoiceIssued invoice) =>
        invoice with
        {
            Buyer = new InvoiceParty { Name = "Hostelería Ñ, S.L.", Business = true },
        };

    private Task<ServiceHost> StartAsync(Counterparts counterparts, TimeProvider clock) =>
        ServiceHost.StartAsync<CollectionsRpc>(infrastructure, "collections", counterparts.Settings(clock));

    /// <summary>Tells of it, and waits until it has had its effect.</summary>
    [Fact]
    public async Task Staff_at_the_door_acts_as_itself_as_far_as_its_role_goes()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts, new FakeTimeProvider(Now));
        var (open, other) = (Told.Invoice("s1", 100m), Told.Invoice("s1", 40m));
        await TellAsync(host, Told.Seller("s1"), open, other);
        using var collector = Member(host, StaffRole.Collector);
        using var auditor = Member(host, StaffRole.Auditor);
        var at = $"/v1/receivables/{open.InvoiceId}";
        using var note = new StringContent("""{"kind":"call","why":"Pagará el viernes"}""", Encoding.UTF8, "application/json");
        Assert.Equal(201, (int)(await collector.PostAsync($"{at}/acts", note)).StatusCode);
        using var again = new StringContent("""{"kind":"call","why":"Otra vez"}""", Encoding.UTF8, "application/json");
        Assert.Equal(403, (int)(await auditor.PostAsync($"{at}/acts", again)).StatusCode);

        using var acts = JsonDocument.Parse(await auditor.GetStringAsync($"/v1/acts?invoiceId={open.InvoiceId}"));
        var act = acts.RootElement.GetProperty("items")[0];
        Assert.Equal("collector@nandu.example", act.GetProperty("by").GetString());
        Assert.Equal("staff", act.GetProperty("byKind").GetString());

        using var one = JsonDocument.Parse(await auditor.GetStringAsync($"/v1/receivables?invoiceId={open.InvoiceId}"));
        Assert.Equal(
            open.InvoiceId.ToString(),
            Assert.Single(one.RootElement.GetProperty("items").EnumerateArray()).GetProperty("invoiceId").GetString()
        );
        Assert.Equal(400, (int)(await auditor.GetAsync("/v1/receivables?invoiceId=x")).StatusCode);
        // Settings say how far one goes alone: reading them wants a writing key, and an auditor only looks.
        Assert.Equal(200, (int)(await auditor.GetAsync("/v1/collections-settings")).StatusCode);
    }

    private static HttpClient Member(ServiceHost host, StaffRole role) =>
        host.With(
            host.CallAs("portal", OnBehalfOf.Staff($"{role}@nandu.example".ToLowerInvariant(), role, SellerId.Of("s1")))
                .Single(header => header.Key == "authorization")
                .Value["Bearer ".Length..]
        );

    private static async Task TellAsync(ServiceHost host, params IEvent[] told)
    {
        foreach (var each in told)
        {
            await host.PublishAsync(each);
        }

        var ids = string.Join(',', told.Select(each => $"'{each.EventId}'"));
        await Eventually.EqualAsync(
            (long)told.Length,
            () => ScalarAsync<long>(host, $"select count(*) from inbox where event_id in ({ids})"),
            "events heard"
        );
    }

    private static async Task<int> JudgeAsync(ServiceHost host) =>
        await host.Services.GetRequiredService<JudgePromises>().RunAsync(TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<OpenItem>> ItemsAsync(ServiceHost host)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var items = await LoadOpenItems.OfCustomersAsync(connection, null, [(SellerId.Of("s1"), "c1")], now, default);
        var streamed = new List<OpenItem>();
        await foreach (var item in LoadOpenItems.OfSellerAsync(connection, SellerId.Of("s1"), now, default))
        {
            streamed.Add(item);
        }

        // However they are asked for, they are the same.
        Assert.Equal(
            items.Select(item =>
                (item.InvoiceId, item.AmountDue, item.DisputedAmount, item.OpenPromise, item.Holds.Count, item.Claims.Count)
            ),
            streamed
                .Where(item => item.CustomerKey == "c1")
                .Select(item =>
                    (item.InvoiceId, item.AmountDue, item.DisputedAmount, item.OpenPromise, item.Holds.Count, item.Claims.Count)
                )
        );
        return items;
    }

    private static async Task<OpenItem> ItemAsync(ServiceHost host, InvoiceIssued invoice) =>
        Assert.Single(await ItemsAsync(host), item => item.InvoiceId == invoice.InvoiceId);

    private static async Task<T> ScalarAsync<T>(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string body) =>
        http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, string path, string body) =>
        http.PutAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> request, int status)
    {
        using var response = await request;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement.Clone();
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> request, int status, string code, string what)
    {
        using var response = await request;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{what}: {(int)response.StatusCode} {body}");
        Assert.True(JsonDocument.Parse(body).RootElement.GetProperty("code").GetString() == code, $"{what}: {body}");
    }

    private static async Task RefusedAsync<T>(Func<AsyncUnaryCall<T>> call, string code)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal(code, refused.Trailers.GetValue("fault-code"));
    }
}
