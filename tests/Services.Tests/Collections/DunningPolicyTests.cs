using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Collections;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Policies at work, on a real database and over real gRPC; the clock is the test's.</summary>
public sealed partial class DunningPolicyTests(Infrastructure infrastructure)
{
    private const string Weekly = """
        {"name": "Todos", "active": true, "steps": [
            {"step": "r1", "offsetDays": 1, "at": "10:00", "tone": "friendly"},
            {"step": "r2", "offsetDays": 3, "at": "10:00"},
            {"step": "r3", "offsetDays": 5, "at": "10:00", "template": "firm"},
            {"step": "r4", "offsetDays": 7, "at": "10:00", "template": "final"}]}
        """;

    private static readonly DateOnly DueDate = new(2026, 12, 1);

    // The first of December in Madrid, before anything is due.
    private static readonly DateTimeOffset Begin = DunningSample.At("2026-12-01T12:00:00+01:00");

    [Fact]
    public async Task A_customer_gets_one_message_for_all_that_is_due_and_each_invoice_its_step_once()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await using var issued = await host.ListenAsync(DunningNoticeIssued.Exchange);
        await PutAsync(host, "todos", Weekly);
        var invoices = new[] { Invoice(), Invoice(due: 21.50m), Invoice(due: 100m) };
        await OpenAsync(host, neighbours, invoices);

        await RunAtAsync(host, clock, "2026-12-02T09:59:59+01:00");
        Assert.Empty(neighbours.Notices);
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");

        var notice = Assert.Single(neighbours.Notices);
        Assert.Equal(
            ("reminder", "friendly", "email", "c1@example.com", "242.50", "c1"),
            (notice.Template, notice.Tone, notice.Channel, notice.Email, notice.AmountDue, notice.CustomerId)
        );
        Assert.Equal(
            invoices.Select(each => $"{each.Number} r1").Order(StringComparer.Ordinal),
            notice.Items.Select(each => $"{each.Number} {each.Step}").Order(StringComparer.Ordinal)
        );
        var told = await issued.AtLeastAsync<DunningNoticeIssued>(3);
        Assert.Equal(invoices.Select(each => each.InvoiceId).ToHashSet(), told.Select(each => each.InvoiceId).ToHashSet());
        Assert.Single(told.Select(each => each.NoticeId).Distinct());

        // One is paid before the second step.
        await host.PublishAsync(Told.Allocated(invoices[2], 1, 0m));
        await EventuallyAsync(host, 1, "select count(*)::int from receivable where settled_at is not null");
        await RunAtAsync(host, clock, "2026-12-04T10:00:00+01:00");
        Assert.Equal(2, neighbours.Notices.Count);
        Assert.Equal(2, neighbours.Notices.Last().Items.Count);
        Assert.All(neighbours.Notices.Last().Items, item => Assert.Equal("r2", item.Step));
    }

    [Fact]
    public async Task A_week_asleep_is_one_message_and_never_a_burst()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        var (one, other) = (Invoice(), Invoice(dueDate: DueDate.AddDays(4)));
        await OpenAsync(host, neighbours, one, other);

        await RunAtAsync(host, clock, "2026-12-08T12:00:00+01:00");

        var notice = Assert.Single(neighbours.Notices);
        Assert.Equal(
            new HashSet<string> { $"{one.Number} r4", $"{other.Number} r2" },
            notice.Items.Select(item => $"{item.Number} {item.Step}").ToHashSet()
        );
        Assert.Equal("final", notice.Template);
        Assert.Equal(["r1 skipped superseded", "r2 skipped superseded", "r3 skipped superseded", "r4 sent "], await StepsAsync(host, one));

        await RunAtAsync(host, clock, "2026-12-08T12:01:00+01:00");
        Assert.Single(neighbours.Notices);
    }

    [Fact]
    public async Task Two_instances_keep_to_one_cap()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var one = await StartAsync(neighbours, clock);
        await using var two = await StartAsync(neighbours, clock, one);
        await PutAsync(
            one,
            "todos",
            """
            {"name": "Todos", "active": true, "consolidate": false, "cap": {"messages": 2, "perDays": 7},
             "steps": [{"step": "r1", "offsetDays": 1, "at": "10:00"}]}
            """
        );
        var invoices = Enumerable.Range(0, 12).Select(_ => Invoice()).ToArray();
        await OpenAsync(one, neighbours, invoices);

        clock.SetUtcNow(DunningSample.At("2026-12-02T10:00:00+01:00"));
        await BothAsync(one, two);
        Assert.Equal(2, neighbours.Notices.Count);

        clock.SetUtcNow(DunningSample.At("2026-12-09T09:59:00+01:00"));
        await BothAsync(one, two);
        Assert.Equal(2, neighbours.Notices.Count);

        clock.SetUtcNow(DunningSample.At("2026-12-09T10:05:00+01:00"));
        await BothAsync(one, two);
        Assert.Equal(4, neighbours.Notices.Count);
        Assert.Equal(4, neighbours.Notices.Select(each => each.InvoiceId).Distinct().Count());
    }

    [Fact]
    public async Task After_a_crash_the_same_notice_is_asked_for_and_what_its_message_told_of_is_not_said_again()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await using var issued = await host.ListenAsync(DunningNoticeIssued.Exchange);
        await PutAsync(host, "todos", Weekly);
        var (stays, paid) = (Invoice(), Invoice(due: 50m));
        await OpenAsync(host, neighbours, stays, paid);
        var crashes = 0;
        neighbours.OnAccepted = async _ =>
        {
            if (Interlocked.Increment(ref crashes) == 1)
            {
                // The message is out; before that is recorded the process dies, and one of the invoices is paid.
                neighbours.Owe(paid.InvoiceId, "0.00");
                await using var connection = await host.Database.OpenConnectionAsync();
                await connection.ExecuteAsync(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'collections'"
                );
            }
        };

        clock.SetUtcNow(DunningSample.At("2026-12-02T10:00:00+01:00"));
        await Eventually.TrueAsync(
            async () =>
            {
                // Whoever lost the database takes a breath before trying again.
                clock.Advance(TimeSpan.FromSeconds(1));
                await host.Services.GetRequiredService<RunDunning>().RunOnceAsync(TestContext.Current.CancellationToken);
                return issued.All.Count == 2;
            },
            "both steps told as gone"
        );

        Assert.Single(neighbours.Messages);
        Assert.Equal(2, neighbours.Notices.First().Items.Count);
        Assert.Equal(["r1 sent "], await StepsAsync(host, stays));
        Assert.Equal(["r1 sent "], await StepsAsync(host, paid));
        // Owed again, it gets its next step in its time and the first one never again.
        neighbours.Owe(paid.InvoiceId, "50.00");
        await RunAtAsync(host, clock, "2026-12-03T10:00:00+01:00");
        Assert.Single(neighbours.Messages);
    }

    [Fact]
    public async Task What_came_back_goes_by_the_next_channel_and_the_address_stays_closed_until_something_reaches_it()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await using var issued = await host.ListenAsync(DunningNoticeIssued.Exchange);
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "cap": {"messages": 9, "perDays": 7}, "steps": [
                {"step": "r1", "offsetDays": 1, "at": "10:00", "channels": ["email", "sms"]},
                {"step": "r2", "offsetDays": 2, "at": "10:00", "channels": ["email", "sms"]},
                {"step": "r3", "offsetDays": 3, "at": "10:00", "channels": ["email", "sms"]}]}
            """
        );
        var invoice = Invoice(phone: "600123123");
        await OpenAsync(host, neighbours, invoice);
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        var mail = Assert.Single(neighbours.Notices);
        await issued.AtLeastAsync(1);

        var failed = Failed(mail, clock);
        await host.PublishAsync(failed);
        await host.PublishAsync(failed);
        await EventuallyAsync(host, 1, "select count(*)::int from failed_message");
        await RunAtAsync(host, clock, "2026-12-02T10:00:30+01:00");

        Assert.Equal(["email", "sms"], neighbours.Notices.Select(each => each.Channel));
        var sms = neighbours.Notices.Last();
        Assert.Equal(("600123123", "r1"), (sms.Phone, sms.Step));
        Assert.Equal(["r1 sent "], await StepsAsync(host, invoice));
        // The next step knows that mail is closed.
        await RunAtAsync(host, clock, "2026-12-03T10:00:00+01:00");
        Assert.Equal(["email", "sms", "sms"], neighbours.Notices.Select(each => each.Channel));
        // The step is told once, whatever ways it took.
        Assert.Equal(["r1", "r2"], (await issued.AtLeastAsync<DunningNoticeIssued>(2)).Select(each => each.Step));

        // Another invoice's mail reached the address.
        await host.PublishAsync(
            new InvoiceTransmitted
            {
                EventId = EventId.New(),
                SellerId = invoice.SellerId,
                InvoiceId = InvoiceId.New(),
                TransmissionId = TransmissionId.New(),
                Channel = "email",
                Purpose = "invoice",
                Recipient = "C1@example.com",
                TransmittedAt = clock.GetUtcNow(),
            }
        );
        await EventuallyAsync(host, 0, "select count(*)::int from closed_address");
        await RunAtAsync(host, clock, "2026-12-04T10:00:00+01:00");
        Assert.Equal("email", neighbours.Notices.Last().Channel);
    }

    [Fact]
    public async Task Whoever_complained_of_a_message_is_not_told_the_same_by_another_channel()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "steps": [{"step": "r1", "offsetDays": 1, "at": "10:00", "channels": ["email", "sms"]}]}
            """
        );
        var invoice = Invoice(phone: "600123123");
        await OpenAsync(host, neighbours, invoice);
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        var mail = Assert.Single(neighbours.Notices);

        await host.PublishAsync(Failed(mail, clock) with { Reason = "complaint: abuse" });
        await EventuallyAsync(host, 1, "select count(*)::int from failed_message");
        await RunAtAsync(host, clock, "2026-12-02T10:00:30+01:00");

        Assert.Single(neighbours.Notices);
        Assert.Equal(["r1 sent "], await StepsAsync(host, invoice));
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from closed_address where channel = 'email'"));
    }

    [Fact]
    public async Task What_Delivery_could_not_hand_over_in_time_is_decided_anew_and_counts_for_nothing()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "cap": {"messages": 1, "perDays": 7}, "quietHours": {"from": "10:30", "to": "09:00"},
             "steps": [{"step": "r1", "offsetDays": 1, "at": "10:00", "channels": ["email", "sms"]}]}
            """
        );
        var invoice = Invoice(phone: "600123123");
        await OpenAsync(host, neighbours, invoice);
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        var mail = Assert.Single(neighbours.Notices);
        // No longer than until it is quiet.
        Assert.Equal(DunningSample.At("2026-12-02T10:30:00+01:00"), DateTimeOffset.Parse(mail.SendBefore, CultureInfo.InvariantCulture));

        await RunAtAsync(host, clock, "2026-12-02T11:00:00+01:00");
        await host.PublishAsync(Failed(mail, clock) with { Reason = "DEL-SEND-08 It could not be handed over in time." });
        await EventuallyAsync(host, 1, "select count(*)::int from failed_message");
        await RunAtAsync(host, clock, "2026-12-02T11:01:00+01:00");
        Assert.Single(neighbours.Notices);
        await RunAtAsync(host, clock, "2026-12-03T09:00:00+01:00");

        Assert.Equal(["email", "email"], neighbours.Notices.Select(each => each.Channel));
        Assert.Equal(2, neighbours.Notices.Select(each => each.NoticeId).Distinct().Count());
        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from closed_address"));
    }

    [Fact]
    public async Task What_failed_for_the_senders_own_trouble_goes_another_way_and_closes_no_address()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "steps": [{"step": "r1", "offsetDays": 1, "at": "10:00", "channels": ["email", "sms"]}]}
            """
        );
        var invoice = Invoice(phone: "600123123");
        await OpenAsync(host, neighbours, invoice);
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        var mail = Assert.Single(neighbours.Notices);

        await host.PublishAsync(Failed(mail, clock) with { Reason = "451 4.3.0 try again later" });
        await EventuallyAsync(host, 1, "select count(*)::int from failed_message");
        await RunAtAsync(host, clock, "2026-12-02T10:00:30+01:00");

        Assert.Equal(["email", "sms"], neighbours.Notices.Select(each => each.Channel));
        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from closed_address"));
    }

    [Fact]
    public async Task A_notice_that_waits_while_the_policy_changes_tells_of_its_invoice_once()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", """{"name": "Todos", "active": true, "steps": [{"step": "r1", "offsetDays": 1, "at": "10:00"}]}""");
        var invoice = Invoice();
        await OpenAsync(host, neighbours, invoice);
        neighbours.Owe(invoice.InvoiceId, "121.00", "121.00");
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");

        // Other names: the notice carries the old step, and takes the new policy's along while it waits.
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "steps": [
                {"step": "before", "offsetDays": -3, "at": "10:00"},
                {"step": "n1", "offsetDays": 1, "at": "10:00"},
                {"step": "n2", "offsetDays": 3, "at": "10:00"}]}
            """
        );
        await RunAtAsync(host, clock, "2026-12-02T10:01:00+01:00");
        Assert.Empty(neighbours.Notices);
        neighbours.Owe(invoice.InvoiceId, "121.00");
        await RunAtAsync(host, clock, "2026-12-04T10:00:00+01:00");

        Assert.Equal("n2", Assert.Single(Assert.Single(neighbours.Notices).Items).Step);
        Assert.Equal(["n1 skipped superseded", "n2 sent "], (await StepsAsync(host, invoice)).Where(step => step[0] == 'n'));
    }

    [Fact]
    public async Task A_channel_that_Delivery_says_there_is_not_is_passed_over_and_where_none_is_left_the_staff_sees_it()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        neighbours.OnAsked = notice =>
            notice.Channel == "sms"
                ? throw new Grpc.Core.RpcException(
                    new Grpc.Core.Status(Grpc.Core.StatusCode.NotFound, "no sms"),
                    new Grpc.Core.Metadata { { "fault-code", "DEL-NOTICE-01" } }
                )
                : Task.CompletedTask;
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "quietHours": {"from": "22:00", "to": "08:00"}, "steps": [
                {"step": "r1", "offsetDays": 1, "at": "10:00", "channels": ["sms", "email"]},
                {"step": "r2", "offsetDays": 2, "at": "10:00", "channels": ["sms"]}]}
            """
        );
        var invoice = Invoice(phone: "600123123");
        await OpenAsync(host, neighbours, invoice);

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        await RunAtAsync(host, clock, "2026-12-02T10:00:10+01:00");
        Assert.Equal("email", Assert.Single(neighbours.Notices).Channel);

        await RunAtAsync(host, clock, "2026-12-03T10:00:00+01:00");
        await RunAtAsync(host, clock, "2026-12-03T10:00:10+01:00");
        Assert.Equal(["r1 sent ", "r2 skipped undeliverable"], await StepsAsync(host, invoice));
        using var http = host.As("s1");
        var steps = await http.GetStringAsync($"/v1/receivables/{invoice.InvoiceId}/steps", TestContext.Current.CancellationToken);
        Assert.Contains("\"reason\":\"undeliverable\"", steps, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hours_are_kept_when_sending_was_late()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        var away = true;
        neighbours.OnAsked = _ =>
            away ? throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unavailable, "away")) : Task.CompletedTask;
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "quietHours": {"from": "20:00", "to": "09:00"}, "steps": [
                {"step": "r1", "offsetDays": 1, "at": "19:59"}]}
            """
        );
        var invoice = Invoice();
        await OpenAsync(host, neighbours, invoice);
        await RunAtAsync(host, clock, "2026-12-02T19:59:00+01:00");
        Assert.Empty(neighbours.Notices);

        away = false;
        await RunAtAsync(host, clock, "2026-12-02T20:30:00+01:00");
        Assert.Empty(neighbours.Notices);
        await RunAtAsync(host, clock, "2026-12-03T09:00:00+01:00");
        Assert.Single(neighbours.Notices);
    }

    [Fact]
    public async Task A_step_that_comes_while_an_earlier_one_waits_takes_its_place()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        var invoice = Invoice();
        await OpenAsync(host, neighbours, invoice);
        neighbours.Owe(invoice.InvoiceId, "121.00", "121.00");
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        Assert.Empty(neighbours.Notices);

        // The transfer came to nothing, after the next step's day.
        neighbours.Owe(invoice.InvoiceId, "121.00");
        await RunAtAsync(host, clock, "2026-12-04T12:00:00+01:00");
        await RunAtAsync(host, clock, "2026-12-04T12:02:00+01:00");

        Assert.Equal("r2", Assert.Single(Assert.Single(neighbours.Notices).Items).Step);
        Assert.Equal(["r1 skipped superseded", "r2 sent "], await StepsAsync(host, invoice));
    }

    [Fact]
    public async Task A_policy_is_looked_at_before_it_is_in_force_and_nothing_is_sent_by_looking()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        // Somebody else is in force: without it the built-in policy would send.
        await PutAsync(
            host,
            "otros",
            """{"name": "Otros", "active": true, "segment": {"customerIds": ["c9"]}, "steps": [{"step": "x", "offsetDays": 1}]}"""
        );
        var invoices = new[] { Invoice(), Invoice(email: null), Invoice(dueDate: DueDate.AddDays(2)) };
        await OpenAsync(host, neighbours, invoices);
        using var http = host.As("s1");

        var looked = await PostAsync(http, "/v1/dunning-policies/todos/preview?days=10", Weekly);
        Assert.Equal(HttpStatusCode.OK, looked.Status);
        using var preview = JsonDocument.Parse(looked.Body);
        Assert.Equal(3, preview.RootElement.GetProperty("receivables").GetInt32());
        var sent = preview
            .RootElement.GetProperty("sent")
            .EnumerateArray()
            .Select(row =>
                $"{row.GetProperty("date").GetString()} {row.GetProperty("step").GetString()} {row.GetProperty("invoices").GetInt32()}"
            );
        Assert.Equal(["2026-12-02 r1 1", "2026-12-04 r1 1", "2026-12-04 r2 1", "2026-12-06 r2 1", "2026-12-06 r3 1"], sent.Take(5));
        Assert.Contains(
            preview.RootElement.GetProperty("notSent").EnumerateArray(),
            row => row.GetProperty("reason").GetString() == "no-address" && row.GetProperty("invoices").GetInt32() == 1
        );
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        Assert.Empty(neighbours.Notices);
        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from dunning_policy where policy_id = 'todos'"));

        // A draft sends nothing either; in force it does.
        var draft = await PutAsync(host, "todos", Weekly.Replace("\"active\": true", "\"active\": false", StringComparison.Ordinal));
        Assert.Contains("\"status\":\"draft\"", draft, StringComparison.Ordinal);
        await RunAtAsync(host, clock, "2026-12-02T10:01:00+01:00");
        Assert.Empty(neighbours.Notices);
        var active = await PostAsync(http, "/v1/dunning-policies/todos/activation", null);
        Assert.Contains("\"status\":\"active\"", active.Body, StringComparison.Ordinal);
        await RunAtAsync(host, clock, "2026-12-02T10:02:00+01:00");
        Assert.Single(neighbours.Notices);
    }

    [Fact]
    public async Task Versions_are_kept_one_is_in_force_and_a_removed_policy_is_gone_from_the_lists()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Begin));
        using var http = host.As("s1");
        using var other = host.As("s2");
        await PutAsync(host, "todos", Weekly);
        await PutAsync(host, "todos", Weekly);
        await PutAsync(host, "todos", Weekly.Replace("Todos", "Todos de nuevo", StringComparison.Ordinal));
        var draft = await PutAsync(host, "todos", Weekly.Replace("\"active\": true", "\"priority\": 7", StringComparison.Ordinal));

        Assert.Contains("\"version\":3", draft, StringComparison.Ordinal);
        Assert.Equal(["3 draft", "2 active", "1 retired"], await VersionsAsync(http));
        Assert.Contains("\"version\":2", (await GetAsync(http, "/v1/dunning-policies/todos")).Body, StringComparison.Ordinal);
        await PostAsync(http, "/v1/dunning-policies/todos/activation", null);
        Assert.Equal(["3 active", "2 retired", "1 retired"], await VersionsAsync(http));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(other, "/v1/dunning-policies/todos")).Status);

        var removed = await http.DeleteAsync("/v1/dunning-policies/todos", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal("{\"items\":[]}", (await GetAsync(http, "/v1/dunning-policies")).Body);
        Assert.Equal(
            0,
            await ScalarAsync<int>(host, "select count(*)::int from dunning_policy where activated_at is not null and retired_at is null")
        );
        Assert.Contains(
            "COL-POLICY-01",
            (await PostAsync(http, "/v1/dunning-policies/todos/activation", null)).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Bad_input_is_refused_by_its_code()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, new FakeTimeProvider(Begin));
        using var http = host.As("s1");
        foreach (
            var (method, address, body, status, code) in new (string, string, string?, int, string)[]
            {
                ("PUT", "/v1/dunning-policies/built-in", Weekly, 422, "COL-POLICY-02"),
                ("PUT", "/v1/dunning-policies/todos", """{"name": "x", "steps": []}""", 422, "COL-POLICY-04"),
                ("PUT", "/v1/dunning-policies/todos", """{"name": "x", "steps": [null]}""", 422, "BODY-02"),
                ("PUT", "/v1/dunning-policies/todos", """{"name": "x"}""", 422, "BODY-02"),
                ("PUT", "/v1/dunning-policies/todos", """{"name": "x", "steps": [], "fee": 3}""", 422, "BODY-02"),
                ("PUT", "/v1/dunning-policies/todos", "{", 400, "BODY-01"),
                ("POST", "/v1/dunning-policies/todos/preview?days=0", Weekly, 422, "COL-POLICY-28"),
                ("POST", "/v1/dunning-policies/nadie/preview", null, 404, "COL-POLICY-01"),
                ("POST", "/v1/dunning-policies/nadie/activation", null, 404, "COL-POLICY-01"),
                ("GET", "/v1/dunning-policies/nadie", null, 404, "COL-POLICY-01"),
                ("GET", "/v1/dunning-policies/nadie/versions", null, 404, "COL-POLICY-01"),
                ("DELETE", "/v1/dunning-policies/nadie", null, 404, "COL-POLICY-01"),
                ("GET", "/v1/receivables/no/steps", null, 404, "COL-RECEIVABLE-01"),
            }
        )
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), address)
            {
                Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            };
            var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.True((int)answer.StatusCode == status && text.Contains(code, StringComparison.Ordinal), $"{method} {address}: {text}");
        }

        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from dunning_policy"));
    }

    private Task<ServiceHost> StartAsync(Neighbours neighbours, TimeProvider clock, ServiceHost? beside = null) =>
        ServiceHost.StartAsync<CollectionsRpc>(
            infrastructure,
            "collections",
            neighbours.Settings(new HostSettings { Services = services => services.AddSingleton(clock), Beside = beside })
        );

    /// <summary>Of customer c1, due on the first of December.</summary>
    private static InvoiceIssued Invoice(
        decimal due = 121m,
        DateOnly? dueDate = null,
        string? email = "c1@example.com",
        string? phone = null
    )
    {
        var invoice = Told.Invoice("s1", due, dueDate: dueDate ?? DueDate, email: email);
        return invoice with { Contact = invoice.Contact! with { Phone = phone } };
    }

    /// <summary>The seller and the invoices are told, and Payments knows what is due of them.</summary>
    private static async Task OpenAsync(ServiceHost host, Neighbours neighbours, params InvoiceIssued[] invoices)
    {
        await host.PublishAsync(Told.Seller("s1"));
        await EventuallyAsync(host, 1, "select count(*)::int from seller");
        foreach (var invoice in invoices)
        {
            neighbours.Owe(invoice.InvoiceId, invoice.Totals.AmountDue.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
            await host.PublishAsync(invoice);
        }

        await EventuallyAsync(host, invoices.Length, "select count(*)::int from receivable where opened_at is not null");
    }

    /// <summary>The clock shows that, and everybody has looked; the service's own look may have been first.</summary>
    private static async Task RunAtAsync(ServiceHost host, FakeTimeProvider clock, string instant)
    {
        clock.SetUtcNow(DunningSample.At(instant));
        await QuietAsync(host);
    }

    private static async Task BothAsync(ServiceHost one, ServiceHost two)
    {
        for (var i = 0; i < 3; i++)
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, 6)
                    .Select(each =>
                        (each % 2 == 0 ? one : two)
                            .Services.GetRequiredService<RunDunning>()
                            .RunOnceAsync(TestContext.Current.CancellationToken)
                    )
            );
        }

        await QuietAsync(one);
    }

    /// <summary>Nothing is wanted to be looked at and nothing is due to be, by whoever looks.</summary>
    private static Task QuietAsync(ServiceHost host) =>
        Eventually.TrueAsync(
            async () =>
            {
                await host.Services.GetRequiredService<RunDunning>().RunOnceAsync(TestContext.Current.CancellationToken);
                var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
                await using var connection = await host.Database.OpenConnectionAsync();
                return await connection.ExecuteScalarAsync<bool>(
                    """
                    select not exists (select from look_wanted where at <= @now)
                       and not exists (select from dunning_customer where look_at <= @now)
                       and not exists (select from notice where issued_at is null and failed_at is null and next_attempt_at <= @now)
                       and not exists (
                           select from failed_message f join notice n using (seller_id, transmission_id)
                           where f.applied_at is null and n.issued_at is not null
                       )
                    """,
                    new { now }
                );
            },
            "nothing to look at"
        );

    private static TransmissionFailed Failed(Notice notice, FakeTimeProvider clock) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of(notice.SellerId),
            InvoiceId = InvoiceId.Of(Guid.Parse(notice.InvoiceId)),
            TransmissionId = TransmissionId.Of(Guid.Parse(notice.NoticeId)),
            Channel = notice.Channel,
            Purpose = "reminder",
            Recipient = notice.Email,
            Reason = "5.1.1 no such user",
            FailedAt = clock.GetUtcNow(),
        };

    private static async Task<string[]> StepsAsync(ServiceHost host, InvoiceIssued invoice)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<string>(
            "select step || ' ' || state || ' ' || coalesce(reason, '') from dunning_step where invoice_id = @invoice order by step",
            new { invoice = invoice.InvoiceId.Value }
        );
        return [.. rows];
    }

    private static async Task<string> PutAsync(ServiceHost host, string policy, string body)
    {
        using var http = host.As("s1");
        var answer = await http.PutAsync(
            $"/v1/dunning-policies/{policy}",
            new StringContent(body, Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient http, string address, string? body)
    {
        var answer = await http.PostAsync(
            address,
            body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient http, string address)
    {
        var answer = await http.GetAsync(address, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string[]> VersionsAsync(HttpClient http)
    {
        using var versions = JsonDocument.Parse((await GetAsync(http, "/v1/dunning-policies/todos/versions")).Body);
        return
        [
            .. versions
                .RootElement.GetProperty("items")
                .EnumerateArray()
                .Select(each => $"{each.GetProperty("version").GetInt32()} {each.GetProperty("status").GetString()}"),
        ];
    }

    private static Task EventuallyAsync(ServiceHost host, int count, string sql) =>
        Eventually.EqualAsync(count, () => ScalarAsync<int>(host, sql), sql);

    private static async Task<T?> ScalarAsync<T>(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }
}
