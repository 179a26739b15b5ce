using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Collections;
using RetailInvoicing.Collections.Forecasts;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Timing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class WorklistTests(Infrastructure infrastructure)
{
    // Told.At is 23 November 2026, 10:15 in Madrid.
    private static readonly DateTimeOffset Later = Told.At.AddDays(60).ToUniversalTime();
    private static readonly DateOnly Today = DateOnly.FromDateTime(Later.Date);

    [Fact]
    public async Task The_list_ranks_by_what_acting_brings_says_why_and_leaves_alone_what_stands_still()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Later));
        var (large, small, flying, foreign, dollars, early) = (
            Invoice("large", 900m, -30),
            Invoice("small", 90m, -30),
            Invoice("flying", 5000m, -30),
            Told.Invoice("s2", 7000m, dueDate: Today.AddDays(-30)),
            Invoice("dollars", 40m, -3, "USD"),
            Invoice("early", 8000m, 3)
        );
        var held = Invoice("held", 3000m, -30);
        foreach (var invoice in new[] { large, small, flying, foreign, dollars, early, held })
        {
            neighbours.Owe(invoice.InvoiceId, Text(invoice.Totals.AmountDue), invoice == flying ? "10.00" : "0.00");
            await host.PublishAsync(invoice);
        }

        await host.PublishAsync(Told.Seller("s1"));
        await OpenAsync(host, 7);
        using var http = host.As("s1", Scopes.CollectionsWrite);
        (await http.PostAsync($"/v1/receivables/{held.InvoiceId}/holds", Json("""{"reason":"Se revisa"}"""))).EnsureSuccessStatusCode();

        var list = (await http.GetFromJsonAsync<JsonNode>("/v1/worklist"))!;

        Assert.Equal(
            ("expected", "EUR", true, "USD"),
            ((string)list["strategy"]!, (string)list["currency"]!, (bool)list["inFlightKnown"]!, (string)list["otherCurrencies"]![0]!)
        );
        var rows = list["rows"]!.AsArray();
        Assert.Equal(["large", "small", "flying", "held"], rows.Select(row => (string)row!["customerId"]!));
        Assert.Equal([1, 2, 3, 4], rows.Select(row => (int)row!["rank"]!));
        Assert.Equal("call", (string)rows[0]!["suggestedAct"]!);
        Assert.True(Decimal(rows[0]!["expectedGain"]!) > Decimal(rows[1]!["expectedGain"]!));
        Assert.All(
            rows.Skip(2),
            row => Assert.Equal(("0.00", default(string)), ((string)row!["expectedGain"]!, (string?)row["suggestedAct"]))
        );
        Assert.Equal("in-flight", (string)rows[2]!["reasons"]![0]!["code"]!);
        Assert.Equal("On hold: Se revisa", (string)rows[3]!["reasons"]![0]!["text"]!);
        Assert.Equal(
            ("900.00", "none", 30),
            (
                (string)rows[0]!["items"]![0]!["workable"]!,
                (string)rows[0]!["items"]![0]!["standstill"]!,
                (int)rows[0]!["items"]![0]!["daysOverdue"]!
            )
        );

        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("es-ES");
        var spanish = (await http.GetFromJsonAsync<JsonNode>("/v1/worklist?limit=1"))!["rows"]!.AsArray();
        Assert.Equal("Días de retraso: 30.", (string)Assert.Single(spanish)!["reasons"]![0]!["text"]!);
        var largest = (await http.GetFromJsonAsync<JsonNode>("/v1/worklist?strategy=largest-oldest"))!["rows"]!.AsArray();
        Assert.Equal(["flying", "held", "large", "small"], largest.Select(row => (string)row!["customerId"]!));
        var other = (await http.GetFromJsonAsync<JsonNode>("/v1/worklist?currency=USD"))!["rows"]!.AsArray();
        Assert.Equal("dollars", (string)Assert.Single(other)!["customerId"]!);
    }

    [Fact]
    public async Task Where_Payments_is_away_the_list_says_that_it_does_not_know_what_is_on_its_way()
    {
        var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Later));
        await host.PublishAsync(Told.Seller("s1"));
        await host.PublishAsync(Invoice("c1", 900m, -30));
        await OpenAsync(host, 1);
        await neighbours.DisposeAsync();

        using var http = host.As("s1", Scopes.InvoicesRead);
        var list = (await http.GetFromJsonAsync<JsonNode>("/v1/worklist"))!;

        Assert.False((bool)list["inFlightKnown"]!);
        Assert.Single(list["rows"]!.AsArray());
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused_with_its_code()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Later));
        using var http = host.As("s1", Scopes.ReportsRead);

        await RefusedAsync(http.GetAsync("/v1/worklist?strategy=alphabet"), 422, "COL-WORKLIST-01");
        await RefusedAsync(http.GetAsync("/v1/worklist?currency=euro"), 422, "COL-WORKLIST-02");
        await RefusedAsync(http.GetAsync("/v1/worklist?limit=0"), 400, "QUERY-01");
        await RefusedAsync(http.GetAsync("/v1/worklist?limit=x"), 400, "QUERY-01");
        await RefusedAsync(http.GetAsync("/v1/forecast?limit=201"), 400, "QUERY-01");
        await RefusedAsync(http.GetAsync("/v1/forecast?cursor=AAAA"), 400, "QUERY-01");
        await RefusedAsync(http.GetAsync("/v1/forecast?customerId=%00"), 400, "QUERY-01");
        await RefusedAsync(host.Http.GetAsync("/v1/worklist"), 401, "AUTH-01");
        await RefusedAsync(host.As("s1", Scopes.SalesWrite).GetAsync("/v1/forecast"), 403, "AUTH-03");
        await RefusedAsync(host.As("s1", Scopes.SalesWrite).GetAsync("/v1/collections-effect"), 403, "AUTH-03");

        // A seller that nobody has told of has an empty list and no effect, not an error.
        var empty = (await http.GetFromJsonAsync<JsonNode>("/v1/worklist"))!;
        Assert.Empty(empty["rows"]!.AsArray());
        var effect = (await http.GetFromJsonAsync<JsonNode>("/v1/collections-effect"))!;
        Assert.Equal((0, "0.1", true), ((int)effect["chosen"]!["customers"]!, (string)effect["holdOutShare"]!, effect["effect"] is null));
    }

    [Fact]
    public async Task A_settlement_is_learned_from_once_of_the_customer_and_its_segment_and_a_cancelled_one_as_not_paid()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Later));
        await host.PublishAsync(Told.Seller("s1"));
        await EventuallyAsync(host, 1, "select count(*)::int from seller");
        var (paid, cancelled, nameless) = (
            Invoice("c1", 100m, 0),
            Invoice("c1", 100m, 0),
            Told.Invoice("s1", 100m, dueDate: Today, email: null) with
            {
                Contact = null,
            }
        );
        foreach (
            var each in new IEvent[]
            {
                paid,
                Told.Allocated(paid, 1, 40m, TimeSpan.FromDays(55)),
                Told.Allocated(paid, 2, 0m, TimeSpan.FromDays(79.5)),
                Told.Allocated(paid, 2, 0m, TimeSpan.FromDays(79.5)),
                Told.Paid(paid, TimeSpan.FromDays(79.5)),
                cancelled,
                Told.Cancelled(cancelled),
                nameless,
                Told.Allocated(nameless, 1, 0m, TimeSpan.FromDays(30)),
            }
        )
        {
            await host.PublishAsync(each);
        }

        await EventuallyAsync(host, 3, "select count(*)::int from settlement");
        await EventuallyAsync(host, 2, "select paid from seller_habit where not business");
        var row = await RowAsync<(int Paid, int Late, long Days, float Payments)>(
            host,
            "select paid, paid_late, days_late, (select sum(p) from unnest(paid_by_age) p) from customer_habit where customer_key = 'c1'"
        );
        // Due on 22 January, paid at 22:15 of the 10th of February in Madrid.
        Assert.Equal((1, 1, 19L, 1f), row);
        Assert.Equal(1, await RowAsync<int>(host, "select count(*)::int from customer_habit"));
        Assert.Equal(1, await RowAsync<int>(host, "select count(*)::int from settlement where not paid"));

        // Taken back and paid again: it says nothing more.
        await host.PublishAsync(Told.Allocated(paid, 3, 100m, TimeSpan.FromDays(85)));
        await EventuallyAsync(host, 1, "select count(*)::int from receivable where settled_at is null and opened_at is not null");
        await host.PublishAsync(Told.Allocated(paid, 4, 0m, TimeSpan.FromDays(90)));
        await EventuallyAsync(host, 0, "select count(*)::int from receivable where settled_at is null and opened_at is not null");
        Assert.Equal(1, await RowAsync<int>(host, "select paid from customer_habit where customer_key = 'c1'"));
    }

    [Fact]
    public async Task What_settled_an_invoice_is_learned_once_it_is_known_and_a_forgiven_cent_is_no_debt_given_up()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Later));
        await host.PublishAsync(Told.Seller("s1"));
        var (lost, forgiven) = (Invoice("c1", 100m, 0), Invoice("c2", 100m, 0));
        await host.PublishAsync(lost);
        await host.PublishAsync(forgiven);
        await OpenAsync(host, 2);

        // Told as paid before it is told why nothing is due any more.
        await host.PublishAsync(Told.Paid(lost, TimeSpan.FromDays(59)));
        await OpenAsync(host, 1);
        Assert.Equal(0, await RowAsync<int>(host, "select count(*)::int from settlement"));
        await host.PublishAsync(Told.Allocated(lost, 1, 0m, TimeSpan.FromDays(59)) with { Cause = "write-off" });
        await host.PublishAsync(Told.Allocated(forgiven, 1, 0.01m, TimeSpan.FromDays(59)));
        await host.PublishAsync(Told.Allocated(forgiven, 2, 0m, TimeSpan.FromDays(59)) with { Cause = "difference" });

        await EventuallyAsync(host, 2, "select count(*)::int from settlement");
        Assert.Equal("c1", await RowAsync<string>(host, "select string_agg(customer_key, ',') from settlement where not paid"));
    }

    [Fact]
    public async Task What_came_of_a_call_is_learned_once_when_a_fortnight_has_passed()
    {
        var clock = new FakeTimeProvider(Later);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await host.PublishAsync(Told.Seller("s1"));
        var (moved, unmoved, notDue) = (Invoice("c1", 100m, -10), Invoice("c1", 200m, -20), Invoice("c1", 300m, 10));
        foreach (var invoice in new[] { moved, unmoved, notDue })
        {
            await host.PublishAsync(invoice);
        }

        await OpenAsync(host, 3);
        using var http = host.As("s1", Scopes.CollectionsWrite);
        var call = await http.PostAsync($"/v1/receivables/{moved.InvoiceId}/acts", Json("""{"kind":"call","why":"Pagará una"}"""));
        call.EnsureSuccessStatusCode();
        // It is told that somebody called, and not what was said.
        Assert.Equal(
            1,
            await RowAsync<int>(
                host,
                """
                select count(*)::int from event
                where name = 'collections.act-recorded.v1' and body::json ->> 'kind' = 'call' and body::text not like '%Pagará%'
                """
            )
        );
        await host.PublishAsync(Told.Allocated(moved, 1, 0m, Later - Told.At + TimeSpan.FromDays(4)));
        await EventuallyAsync(host, 1, "select count(*)::int from settlement");
        var learn = host.Services.GetRequiredService<LearnActs>();

        // The service's own mornings come by the same clock; whoever is first, it is learned once.
        clock.Advance(TimeSpan.FromDays(13));
        await learn.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await RowAsync<int>(host, "select count(*)::int from judged_act"));
        clock.Advance(TimeSpan.FromDays(2));
        await learn.RunAsync(TestContext.Current.CancellationToken);
        await learn.RunAsync(TestContext.Current.CancellationToken);
        await EventuallyAsync(host, 1, "select count(*)::int from judged_act");

        // Both overdue invoices were what the call was about; one was paid.
        var (acts, unpaid, stayed) = await RowAsync<(float, float, float)>(
            host,
            "select acts[1], act_unpaid[1], act_unmoved[1] from customer_habit where customer_key = 'c1'"
        );
        Assert.Equal((2f, 1f), (acts, unpaid));
        Assert.InRange(stayed, 0.5f, 1.9f);
        // The payment after the call is the call's, no habit of the customer's own.
        Assert.Equal(0f, await RowAsync<float>(host, "select (select sum(p) from unnest(paid_by_age) p) from customer_habit"));
    }

    [Fact]
    public async Task A_seller_of_whose_acts_nothing_can_be_learned_keeps_no_other_back()
    {
        var clock = new FakeTimeProvider(Later);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        foreach (var seller in new[] { "s1", "s2" })
        {
            await host.PublishAsync(Told.Seller(seller));
            var invoice = Told.Invoice(seller, 100m, dueDate: Today.AddDays(-10));
            await host.PublishAsync(invoice);
            await OpenAsync(host, seller == "s1" ? 1 : 2);
            using var http = host.As(seller, Scopes.CollectionsWrite);
            var call = await http.PostAsync($"/v1/receivables/{invoice.InvoiceId}/acts", Json("""{"kind":"call","why":"No contesta"}"""));
            call.EnsureSuccessStatusCode();
        }

        await EventuallyAsync(host, 2, "select count(*)::int from seller");
        // A zone that the database does not know.
        Assert.Equal(
            "s1",
            await RowAsync<string>(host, "update seller set time_zone = 'Mars/Olympus' where seller_id = 's1' returning seller_id")
        );

        clock.Advance(TimeSpan.FromDays(15));
        await host.Services.GetRequiredService<LearnActs>().RunAsync(TestContext.Current.CancellationToken);

        await EventuallyAsync(host, 1, "select count(*)::int from judged_act where seller_id = 's2'");
        Assert.Equal(0, await RowAsync<int>(host, "select count(*)::int from judged_act where seller_id = 's1'"));
    }

    [Fact]
    public async Task A_forecast_is_made_once_a_day_in_the_sellers_morning_however_many_instances_there_are()
    {
        // 05:30 in Madrid.
        var clock = new FakeTimeProvider(new DateTimeOffset(Today.Year, Today.Month, Today.Day, 4, 30, 0, TimeSpan.Zero));
        await using var neighbours = await Neighbours.StartAsync();
        await using var one = await StartAsync(neighbours, clock);
        await using var two = await ServiceHost.StartAsync<CollectionsRpc>(
            infrastructure,
            "collections",
            neighbours.Settings(new HostSettings { Beside = one, Services = services => services.AddSingleton<TimeProvider>(clock) })
        );
        await using var made = await one.ListenAsync(ForecastMade.Exchange);
        await one.PublishAsync(Told.Seller("s1"));
        var (euros, dollars) = (Invoice("c1", 1000m, -5), Invoice("c2", 70m, 5, "USD"));
        await one.PublishAsync(euros);
        await one.PublishAsync(dollars);
        await OpenAsync(one, 2);
        RunForecasts[] both = [one.Services.GetRequiredService<RunForecasts>(), two.Services.GetRequiredService<RunForecasts>()];
        async Task<int> RunAsync() =>
            (await Task.WhenAll(both.Concat(both).Select(each => each.RunAsync(TestContext.Current.CancellationToken)))).Sum();

        Assert.Equal(0, await RunAsync());
        clock.SetUtcNow(clock.GetUtcNow().AddMinutes(31));
        await RunAsync();

        var told = await made.AtLeastAsync<ForecastMade>(2);
        await EventuallyAsync(one, 0, "select count(*)::int from outbox");
        Assert.Equal(["EUR", "USD"], told.Select(each => each.Currency.Code).Order(StringComparer.Ordinal));
        Assert.All(told, each => Assert.Equal((Today, SellerId.Of("s1")), (each.AsOf, each.SellerId)));
        Assert.InRange(told.Single(each => each.Currency == Currency.Eur).Days.Sum(day => day.Amount), 500m, 1000m);
        Assert.Equal(1, await RowAsync<int>(one, "select count(*)::int from forecast_run"));
        Assert.Equal(0, await RunAsync());
        Assert.Equal(2, made.All.Count);

        clock.Advance(TimeSpan.FromDays(1));
        await RunAsync();
        await made.AtLeastAsync(4);
        await EventuallyAsync(one, 0, "select count(*)::int from outbox");
        Assert.Equal(4, made.All.Count);
    }

    [Fact]
    public async Task The_forecast_says_of_each_open_invoice_when_it_is_expected_and_is_made_when_asked_for()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Later));
        await host.PublishAsync(Told.Seller("s1"));
        var invoices = Enumerable.Range(0, 5).Select(i => Invoice($"c{i}", 100m, i)).ToArray();
        foreach (var invoice in invoices)
        {
            await host.PublishAsync(invoice);
        }

        var paid = Invoice("c9", 100m, 0);
        await host.PublishAsync(paid);
        await host.PublishAsync(Told.Allocated(paid, 1, 0m));
        await OpenAsync(host, 5);
        using var http = host.As("s1", Scopes.ReportsRead);

        var walked = new List<JsonNode>();
        var query = "/v1/forecast?limit=2";
        for (string? next = query; next is not null; )
        {
            var page = (await http.GetFromJsonAsync<JsonNode>(next))!;
            walked.AddRange(page["items"]!.AsArray().Select(item => item!));
            Assert.Equal("0.8", (string)page["calibration"]!["target"]!);
            Assert.NotEmpty(page["days"]!.AsArray());
            next = page["nextCursor"] is { } cursor ? $"{query}&cursor={cursor}" : null;
        }

        Assert.Equal(invoices.Select(invoice => invoice.InvoiceId.ToString()), walked.Select(item => (string)item["invoiceId"]!));
        Assert.All(
            walked,
            item =>
            {
                var (from, expected) = ((string)item["from"]!, (string)item["expectedOn"]!);
                Assert.True(string.CompareOrdinal(from, expected) <= 0 && string.CompareOrdinal($"{Today:yyyy-MM-dd}", from) <= 0);
            }
        );
        var one = (await http.GetFromJsonAsync<JsonNode>("/v1/forecast?customerId=c3"))!;
        Assert.Equal("c3", (string)Assert.Single(one["items"]!.AsArray())!["customerId"]!);
        Assert.Equal(1, await RowAsync<int>(host, "select count(*)::int from forecast_run"));
        using var other = host.As("s2", Scopes.ReportsRead);
        Assert.Empty((await other.GetFromJsonAsync<JsonNode>("/v1/forecast"))!["items"]!.AsArray());
    }

    [Fact]
    public async Task Forecasts_are_kept_and_held_against_what_came()
    {
        var clock = new FakeTimeProvider(Later);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await host.PublishAsync(Told.Seller("s1"));
        var invoices = Enumerable.Range(0, 70).Select(i => Invoice($"c{i}", 100m, 5)).ToArray();
        foreach (var invoice in invoices)
        {
            await host.PublishAsync(invoice);
        }

        await OpenAsync(host, 70);
        var make = host.Services.GetRequiredService<MakeForecast>();
        for (var day = 0; day < 7; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            await make.RunAsync(SellerId.Of("s1"), TestContext.Current.CancellationToken);
        }

        // Each once within a week.
        Assert.Equal(
            (70, 70),
            await RowAsync<(int, int)>(host, "select count(*)::int, count(distinct invoice_id)::int from forecast_score")
        );
        foreach (var (invoice, i) in invoices.Take(60).Select((invoice, i) => (invoice, i)))
        {
            await host.PublishAsync(Told.Allocated(invoice, 1, 0m, clock.GetUtcNow() - Told.At + TimeSpan.FromDays(i / 3.0)));
        }

        await EventuallyAsync(host, 60, "select count(*)::int from settlement");
        clock.Advance(TimeSpan.FromDays(21));
        await make.RunAsync(SellerId.Of("s1"), TestContext.Current.CancellationToken);

        var (outcomes, told, held) = await RowAsync<(int, int, int)>(host, "select outcomes, told, held from forecast_calibration");
        Assert.Equal(60, outcomes);
        Assert.InRange(told, 60, 70);
        Assert.InRange(held, 1, 60);
    }

    [Fact]
    public async Task Messages_are_learned_from_once_and_both_groups_days_to_pay_are_shown()
    {
        var clock = new FakeTimeProvider(Later);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        // As FindDueSteps, SendReminders and KeepFact leave them: sixty customers, every second one held out; the others pay sooner.
        await using (var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await connection.ExecuteAsync(
                """
                insert into seller (seller_id, version, name, time_zone, language) values ('s1', 1, 's1', 'Europe/Madrid', 'es');
                insert into notice (notice_id, seller_id, customer_key, channel, recipient, planned_at, next_attempt_at, issued_at)
                select ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid, 's1', 'c' || i, 'email', 'c@example.com', @at, @at, @at
                from generate_series(1, 60) i;
                insert into dunning_step (seller_id, invoice_id, step, policy_id, policy_version, state, notice_id, decided_at, sent_at)
                select 's1', gen_random_uuid(), 'first', 'standard', 1, 'sent', notice_id, @at, @at from notice;
                insert into send_choice (seller_id, notice_id, customer_key, channel, local_hour, held_out, chosen_at)
                select 's1', notice_id, customer_key, 'email', 18, right(customer_key, 1)::int % 2 = 0, @at from notice;
                insert into settlement (seller_id, invoice_id, customer_key, business, issue_date, due_date, settled_on, settled_at, paid)
                select 's1', d.invoice_id, c.customer_key, false, @day, @day, @day,
                    @at + case when c.held_out then interval '12 days' else interval '1 day' end
                        + right(c.customer_key, 1)::int * interval '2 hours', true
                from dunning_step d join send_choice c using (notice_id);
                """,
                new { at = Later, day = Today }
            );
        }

        var learn = host.Services.GetRequiredService<LearnAnswers>();
        // The service's own mornings come by the same clock; whoever is first, each is learned once.
        clock.Advance(TimeSpan.FromDays(3));
        await learn.RunAsync(TestContext.Current.CancellationToken);
        await learn.RunAsync(TestContext.Current.CancellationToken);
        await EventuallyAsync(host, 60, "select count(*)::int from learned_notice");
        clock.Advance(TimeSpan.FromDays(58));

        var cell = AnswerHabit.CellOf("email", HourBand.Of(new TimeOnly(18, 0)))!.Value + 1;
        Assert.Equal(
            (60f, 30f),
            await RowAsync<(float, float)>(host, $"select sent[{cell}], answered[{cell}] from answer_habit where customer_key = ''")
        );
        Assert.Equal(
            (1f, 1f),
            await RowAsync<(float, float)>(host, $"select sent[{cell}], answered[{cell}] from answer_habit where customer_key = 'c1'")
        );
        using var http = host.As("s1", Scopes.ReportsRead);
        var effect = (await http.GetFromJsonAsync<JsonNode>("/v1/collections-effect"))!;
        Assert.Equal((30, 30), ((int)effect["chosen"]!["customers"]!, (int)effect["heldOut"]!["customers"]!));
        Assert.InRange(Decimal(effect["effect"]!["days"]!), -11.3m, -10.7m);
        Assert.True(
            Decimal(effect["effect"]!["from"]!) < -10.9m
                && Decimal(effect["effect"]!["to"]!) > -11.1m
                && Decimal(effect["effect"]!["to"]!) < 0m
        );
    }

    private Task<ServiceHost> StartAsync(Neighbours neighbours, TimeProvider clock) =>
        ServiceHost.StartAsync<CollectionsRpc>(
            infrastructure,
            "collections",
            neighbours.Settings(new HostSettings { Services = services => services.AddSingleton(clock) })
        );

    private static InvoiceIssued Invoice(string customer, decimal total, int dueIn, string currency = "EUR") =>
        Told.Invoice("s1", total, dueDate: Today.AddDays(dueIn), customer: customer, currency: currency);

    private static Task OpenAsync(ServiceHost host, int count) =>
        EventuallyAsync(host, count, "select count(*)::int from receivable where opened_at is not null and settled_at is null");

    private static Task EventuallyAsync(ServiceHost host, int expected, string sql) =>
        Eventually.EqualAsync(expected, () => RowAsync<int>(host, sql), sql);

    private static async Task<T> RowAsync<T>(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql)).SingleOrDefault()!;
    }

    private static decimal Decimal(JsonNode node) => decimal.Parse((string)node!, System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task RefusedAsync(Task<HttpResponseMessage> request, int status, string code)
    {
        using var response = await request;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {body}");
        Assert.Equal(code, (string)JsonNode.Parse(body)!["code"]!);
    }
}
