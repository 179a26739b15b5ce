using System.Net;
using Dapper;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Where it is not known whether a message went, where one cannot be decided, and what holds one back.</summary>
public sealed partial class DunningPolicyTests
{
    private const string OneAWeek = """
        {"name": "Todos", "active": true, "consolidate": false, "cap": {"messages": 1, "perDays": 7},
         "steps": [{"step": "r1", "offsetDays": 1, "at": "10:00"}]}
        """;

    [Fact]
    public async Task A_notice_that_waits_while_its_address_comes_back_goes_another_way()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "cap": {"messages": 9, "perDays": 7}, "steps": [
                {"step": "r1", "offsetDays": 1, "at": "10:00", "channels": ["email", "sms"]},
                {"step": "r2", "offsetDays": 2, "at": "10:00", "channels": ["email", "sms"]}]}
            """
        );
        await OpenAsync(host, neighbours, Invoice(phone: "600123123"));
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        var mail = Assert.Single(neighbours.Messages).Value;
        neighbours.OnAsked = _ => throw Counterparts.Refusal("DEL-SEND-03", StatusCode.InvalidArgument);
        await RunAtAsync(host, clock, "2026-12-03T10:00:00+01:00");
        Assert.Single(neighbours.Messages);
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from notice where issued_at is null and channel = 'email'"));

        await host.PublishAsync(Failed(mail, clock));
        await EventuallyAsync(host, 1, "select count(*)::int from failed_message");
        neighbours.OnAsked = _ => Task.CompletedTask;
        await RunAtAsync(host, clock, "2026-12-03T11:30:00+01:00");
        await RunAtAsync(host, clock, "2026-12-03T11:31:00+01:00");

        Assert.Equal(
            ["email r1", "sms r2"],
            neighbours.Messages.Values.Select(each => $"{each.Channel} {each.Step}").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task An_address_that_came_back_is_closed_before_it_is_known_which_message_that_was()
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
        await OpenAsync(host, neighbours, Invoice(phone: "600123123"));
        await host.PublishAsync(
            Failed(
                new Notice
                {
                    NoticeId = $"{NoticeId.New()}",
                    SellerId = "s1",
                    InvoiceId = $"{InvoiceId.New()}",
                    Channel = "email",
                    Email = "c1@example.com",
                },
                clock
            )
        );
        await EventuallyAsync(host, 1, "select count(*)::int from failed_message");

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");

        Assert.Equal("sms", Assert.Single(neighbours.Messages).Value.Channel);
    }

    [Fact]
    public async Task A_notice_without_an_answer_counts_for_the_cap_until_it_is_answered()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", OneAWeek);
        var (one, two) = (Invoice(), Invoice());
        await OpenAsync(host, neighbours, one, two);
        var lost = true;
        // The message is out and its answer is not.
        neighbours.OnAccepted = _ => lost ? throw new RpcException(new Status(StatusCode.Unknown, "lost")) : Task.CompletedTask;

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        var first = Assert.Single(neighbours.Messages).Value;
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from notice_asked"));
        // Both are looked at again.
        foreach (var invoice in new[] { one, two })
        {
            neighbours.Owe(invoice.InvoiceId, "100.00");
            await host.PublishAsync(Told.Allocated(invoice, 1, 100m));
        }

        await EventuallyAsync(host, 2, "select count(*)::int from receivable where amount_due = 100");
        await RunAtAsync(host, clock, "2026-12-02T10:30:00+01:00");
        Assert.Single(neighbours.Messages);

        lost = false;
        await RunAtAsync(host, clock, "2026-12-02T12:00:00+01:00");
        Assert.Equal(first.NoticeId, Assert.Single(neighbours.Messages).Key);
        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from notice_asked"));
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from notice where issued_at is not null"));
        // The other has its turn when the cap lets it.
        await RunAtAsync(host, clock, "2026-12-09T12:05:00+01:00");
        Assert.Equal(2, neighbours.Messages.Count);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_counts_for_no_cap()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", OneAWeek);
        await OpenAsync(host, neighbours, Invoice());
        neighbours.OnAsked = _ => throw Counterparts.Refusal("DEL-SEND-03", StatusCode.InvalidArgument);

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");

        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from notice_asked"));
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from notice where waits_because like 'Delivery:%'"));
    }

    [Fact]
    public async Task What_went_unheard_is_known_to_have_gone_when_its_notice_is_over()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        var invoice = Invoice();
        await OpenAsync(host, neighbours, invoice);
        neighbours.OnAccepted = _ => throw new RpcException(new Status(StatusCode.Unknown, "lost"));
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        Assert.Single(neighbours.Messages);

        // The policy has another first step, much later: nothing is to be said for now.
        await PutAsync(
            host,
            "todos",
            """{"name": "Todos", "active": true, "steps": [{"step": "later", "offsetDays": 30, "at": "10:00"}]}"""
        );
        await RunAtAsync(host, clock, "2026-12-02T10:05:00+01:00");
        Assert.Equal(["r1 sent "], await StepsAsync(host, invoice));
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from notice where issued_at is not null"));
        // And as it was.
        neighbours.OnAccepted = _ => Task.CompletedTask;
        await PutAsync(host, "todos", Weekly);
        await RunAtAsync(host, clock, "2026-12-02T10:10:00+01:00");

        Assert.Single(neighbours.Messages);
    }

    [Fact]
    public async Task What_never_reached_Delivery_is_taken_back_and_is_in_no_other_messages_way()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", OneAWeek);
        var (one, two) = (Invoice(), Invoice());
        await OpenAsync(host, neighbours, one, two);
        neighbours.OnAsked = _ => throw new RpcException(new Status(StatusCode.Unknown, "lost"));
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        var asked = await ScalarAsync<Guid>(host, "select notice_id from notice_asked");
        var of = await ScalarAsync<Guid>(host, $"select invoice_id from dunning_step where notice_id = '{asked}'");
        // The one that it was of is paid, and nothing is to be said of it any more.
        var (mine, other) = of == one.InvoiceId.Value ? (one, two) : (two, one);
        neighbours.Owe(mine.InvoiceId, "0.00");
        await host.PublishAsync(Told.Allocated(mine, 1, 0m));
        await EventuallyAsync(host, 1, "select count(*)::int from receivable where amount_due = 0");
        // While Delivery does not say what became of it, it counts: one a week.
        neighbours.OnAsked = _ => Task.CompletedTask;
        neighbours.OnWithdrawn = _ => throw new RpcException(new Status(StatusCode.Unavailable, "away"));
        await RunAtAsync(host, clock, "2026-12-02T11:00:00+01:00");
        Assert.Empty(neighbours.Messages);

        neighbours.OnWithdrawn = _ => Task.CompletedTask;
        await RunAtAsync(host, clock, "2026-12-02T11:10:00+01:00");

        Assert.Equal([$"{asked}"], neighbours.Withdrawn.Keys);
        Assert.Equal($"{other.InvoiceId}", Assert.Single(neighbours.Messages).Value.InvoiceId);
        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from notice_asked"));
    }

    [Fact]
    public async Task What_was_taken_back_and_not_recorded_goes_under_another_notice()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", OneAWeek);
        var invoice = Invoice();
        await OpenAsync(host, neighbours, invoice);
        // As after a crash between Delivery's answer and the record of it.
        neighbours.OnAsked = notice =>
        {
            neighbours.Withdrawn.TryAdd(neighbours.Withdrawn.IsEmpty ? notice.NoticeId : "none", true);
            return Task.CompletedTask;
        };

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");

        var message = Assert.Single(neighbours.Messages).Key;
        Assert.DoesNotContain(message, neighbours.Withdrawn.Keys);
        Assert.Equal(["r1 sent "], await StepsAsync(host, invoice));
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from notice where issued_at is null and failed_at is not null"));
    }

    [Fact]
    public async Task A_step_that_is_renamed_on_its_day_is_not_said_again()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        var invoice = Invoice();
        await OpenAsync(host, neighbours, invoice);
        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        Assert.Single(neighbours.Notices);

        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "steps": [
                {"step": "n1", "offsetDays": 1, "at": "11:00"}, {"step": "n2", "offsetDays": 3, "at": "10:00"}]}
            """
        );
        await RunAtAsync(host, clock, "2026-12-02T11:00:00+01:00");

        Assert.Single(neighbours.Notices);
        Assert.Equal(["n1 skipped superseded", "r1 sent "], await StepsAsync(host, invoice));
        await RunAtAsync(host, clock, "2026-12-04T10:00:00+01:00");
        Assert.Equal("n2", neighbours.Notices.Last().Step);
    }

    [Fact]
    public async Task What_was_claimed_in_a_lost_message_keeps_its_figure_when_it_is_asked_for_again()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        var invoice = await ClaimingAsync(host, neighbours);
        var lost = true;
        neighbours.OnAccepted = _ => lost ? throw new RpcException(new Status(StatusCode.Unknown, "lost")) : Task.CompletedTask;
        await RunAtAsync(host, clock, "2026-12-11T10:00:00+01:00");
        // Ten days of 1,000 at 10.15: 2.780821…; and the compensation.
        Assert.Equal("42.78", Assert.Single(Assert.Single(neighbours.Messages).Value.Items).ClaimAmount);
        Assert.Equal(0, await ScalarAsync<int>(host, "select count(*)::int from claim"));

        lost = false;
        await RunAtAsync(host, clock, "2026-12-12T10:00:00+01:00");

        Assert.Equal("42.78", Assert.Single(Assert.Single(neighbours.Messages).Value.Items).ClaimAmount);
        Assert.Equal("42.78", Assert.Single(neighbours.Notices.Last().Items).ClaimAmount);
        Assert.Equal(
            "interest 2.78 2026-12-11, recovery 40.00 ",
            await ScalarAsync<string>(
                host,
                "select string_agg(kind || ' ' || round(amount, 2) || ' ' || coalesce(until_date::text, ''), ', ' order by kind) from claim"
            )
        );
        // The next one goes on where that one ended: two days more, 0.556164….
        await RunAtAsync(host, clock, "2026-12-13T10:00:00+01:00");
        Assert.Equal("43.34", Assert.Single(neighbours.Notices.Last().Items).ClaimAmount);
        Assert.Equal($"{invoice.InvoiceId}", neighbours.Notices.Last().InvoiceId);
    }

    [Fact]
    public async Task Interest_that_was_waived_is_in_no_later_reminder()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        var invoice = await ClaimingAsync(host, neighbours);
        await RunAtAsync(host, clock, "2026-12-11T10:00:00+01:00");
        Assert.Equal("42.78", Assert.Single(neighbours.Notices.Last().Items).ClaimAmount);
        var claim = await ScalarAsync<Guid>(host, "select claim_id from claim where kind = 'interest'");
        using var http = host.As("s1");

        var waived = await PostAsync(http, $"/v1/receivables/{invoice.InvoiceId}/claims/{claim}/waiver", """{"why":"Cortesía"}""");
        Assert.Equal(HttpStatusCode.OK, waived.Status);
        await RunAtAsync(host, clock, "2026-12-13T10:00:00+01:00");

        Assert.Equal("40.56", Assert.Single(neighbours.Notices.Last().Items).ClaimAmount);
    }

    [Fact]
    public async Task A_write_off_that_is_asked_for_keeps_reminders_back_until_it_is_refused()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        var invoice = Invoice();
        await OpenAsync(host, neighbours, invoice);
        using var http = host.As("s1");
        var asked = await PostAsync(http, $"/v1/receivables/{invoice.InvoiceId}/write-off", """{"reason":"Insolvente"}""");
        Assert.Equal(HttpStatusCode.Created, asked.Status);

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        Assert.Empty(neighbours.Notices);
        Assert.Equal(["r1 planned hold"], await StepsAsync(host, invoice));

        var writeOff = await ScalarAsync<Guid>(host, "select write_off_id from write_off");
        var refused = await PostAsync(http, $"/v1/receivables/{invoice.InvoiceId}/write-off/{writeOff}/refusal", """{"why":"Pagará"}""");
        Assert.Equal(HttpStatusCode.OK, refused.Status);
        await RunAtAsync(host, clock, "2026-12-02T10:05:00+01:00");
        Assert.Single(neighbours.Notices);
    }

    [Fact]
    public async Task A_sellers_new_time_zone_moves_the_hours_of_what_waits()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        await OpenAsync(host, neighbours, Invoice());
        // It waits for ten o'clock in Madrid.
        await RunAtAsync(host, clock, "2026-12-02T09:00:00+01:00");

        await host.PublishAsync(Told.Seller("s1", "Atlantic/Canary", version: 2));
        await EventuallyAsync(host, 1, "select count(*)::int from seller where version = 2");
        await RunAtAsync(host, clock, "2026-12-02T10:30:00+01:00");
        Assert.Empty(neighbours.Notices);
        await RunAtAsync(host, clock, "2026-12-02T11:00:00+01:00");
        Assert.Single(neighbours.Notices);

        // And the other way round: nobody waits for an hour that is over there.
        await host.PublishAsync(Told.Seller("s1", "Europe/Madrid", version: 3));
        await EventuallyAsync(host, 1, "select count(*)::int from seller where version = 3");
        await RunAtAsync(host, clock, "2026-12-04T10:00:00+01:00");
        Assert.Equal(2, neighbours.Notices.Count);
    }

    [Fact]
    public async Task A_customer_of_whom_nothing_can_be_decided_stops_no_other()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        var (broken, other) = (Invoice(), Of("c2"));
        await OpenAsync(host, neighbours, broken, other);
        await PromiseOfNoDayAsync(host, broken);

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");

        Assert.Equal(other.Number, Assert.Single(neighbours.Notices).Number);
        // Once somebody has mended it, it goes at the next look.
        await ExecuteAsync(host, "update promise set cancelled_at = made_at");
        await RunAtAsync(host, clock, "2026-12-02T11:00:01+01:00");
        Assert.Equal(broken.Number, neighbours.Notices.Last().Number);
    }

    [Fact]
    public async Task A_notice_of_which_nothing_can_be_said_stops_no_other()
    {
        var clock = new FakeTimeProvider(Begin);
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await PutAsync(host, "todos", Weekly);
        var (broken, other) = (Invoice(), Of("c2"));
        await OpenAsync(host, neighbours, broken, other);
        foreach (var invoice in new[] { broken, other })
        {
            neighbours.Owe(invoice.InvoiceId, "121.00", "121.00");
        }

        await RunAtAsync(host, clock, "2026-12-02T10:00:00+01:00");
        Assert.Equal(2, await ScalarAsync<int>(host, "select count(*)::int from notice where waits_because = 'a payment is in flight'"));

        await PromiseOfNoDayAsync(host, broken);
        neighbours.Owe(broken.InvoiceId, "121.00");
        neighbours.Owe(other.InvoiceId, "121.00");
        await RunAtAsync(host, clock, "2026-12-02T10:20:00+01:00");

        Assert.Equal(other.Number, Assert.Single(neighbours.Notices).Number);
        Assert.Equal(1, await ScalarAsync<int>(host, "select count(*)::int from notice where waits_because = 'BUG-01'"));
    }

    private static InvoiceIssued Of(string customer) =>
        Told.Invoice("s1", dueDate: DueDate, email: $"{customer}@example.com", customer: customer);

    /// <summary>A business that owes 1,000 EUR, asked with interest and compensation after ten, twelve days.</summary>
    private static async Task<InvoiceIssued> ClaimingAsync(ServiceHost host, Neighbours neighbours)
    {
        await ExecuteAsync(
            host,
            "insert into interest_rate (half_year, main_refinancing_rate, source, kept_at) values ('2026-07-01', 2.15, 'for this test', now())"
        );
        await PutAsync(
            host,
            "todos",
            """
            {"name": "Todos", "active": true, "segment": {"business": true}, "steps": [
                {"step": "r1", "offsetDays": 10, "at": "10:00", "claim": true},
                {"step": "r2", "offsetDays": 12, "at": "10:00", "claim": true}]}
            """
        );
        var invoice = Invoice(1_000m) with
        {
            Buyer = new InvoiceParty { Name = "Hostelería Ñ, S.L.", Business = true },
        };
        await OpenAsync(host, neighbours, invoice);
        return invoice;
    }

    /// <summary>As no door lets anybody make one: no clock shows the day after it.</summary>
    private static Task PromiseOfNoDayAsync(ServiceHost host, InvoiceIssued invoice) =>
        ExecuteAsync(
            host,
            $"""
            insert into promise (seller_id, promise_id, invoice_id, customer_key, date, amount, currency, time_zone, made_at)
            select seller_id, gen_random_uuid(), invoice_id, customer_key, '9999-12-30', amount_due, currency, 'Europe/Madrid', now()
            from receivable where invoice_id = '{invoice.InvoiceId}'
            """
        );

    private static async Task ExecuteAsync(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
