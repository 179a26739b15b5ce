using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Collections;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class RunDunningTests(Infrastructure infrastructure)
{
    private static readonly DateOnly LongAgo = new(2026, 1, 31);

    [Fact]
    public async Task A_receivable_is_told_overdue_and_reminded_once_when_midnight_after_its_due_date_comes_in_the_sellers_zone()
    {
        // The night in which Spanish clocks go forward; in the Canary Islands it is still an hour to midnight.
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 28, 22, 58, 30, TimeSpan.Zero));
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock);
        await using var overdue = await host.ListenAsync(ReceivableOverdue.Exchange);
        await using var issued = await host.ListenAsync(DunningNoticeIssued.Exchange);
        var (madrid, canary) = (
            Told.Invoice("madrid", dueDate: new DateOnly(2026, 3, 28)),
            Told.Invoice("canary", dueDate: new DateOnly(2026, 3, 28))
        );
        await host.PublishAsync(Told.Seller("madrid"));
        await host.PublishAsync(Told.Seller("canary", "Atlantic/Canary", "en"));
        neighbours.Owe(madrid.InvoiceId, "121.00");
        neighbours.Owe(canary.InvoiceId, "121.00");
        await host.PublishAsync(madrid);
        await host.PublishAsync(canary);
        await EventuallyOpenAsync(host, 2);

        clock.SetUtcNow(new DateTimeOffset(2026, 3, 28, 22, 59, 59, TimeSpan.Zero));
        Assert.Equal(0, await host.Services.GetRequiredService<FindOverdue>().RunAsync(TestContext.Current.CancellationToken));

        await PassingAsync(clock, () => issued.All.Count == 1);
        var told = Assert.Single(await overdue.AtLeastAsync<ReceivableOverdue>(1));
        Assert.Equal((madrid.InvoiceId, 121.00m, new DateOnly(2026, 3, 28)), (told.InvoiceId, told.AmountDue, told.DueDate));
        Assert.InRange(told.OverdueAt, new DateTimeOffset(2026, 3, 28, 23, 0, 0, TimeSpan.Zero), clock.GetUtcNow());
        var notice = Assert.Single(neighbours.Notices);
        Assert.Equal(
            (madrid.Number, "c1@example.com", "es", "121.00", "2026-03-28", "RF18539007547034"),
            (notice.Number, notice.Email, notice.Language, notice.AmountDue, notice.DueDate, notice.PaymentReference)
        );

        clock.SetUtcNow(new DateTimeOffset(2026, 3, 28, 23, 59, 58, TimeSpan.Zero));
        await PassingAsync(clock, () => issued.All.Count == 2);
        Assert.Equal((canary.Number, "en"), (neighbours.Notices.Last().Number, neighbours.Notices.Last().Language));

        clock.Advance(TimeSpan.FromDays(3));
        await host.Services.GetRequiredService<FindOverdue>().RunAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<SendReminders>().RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, neighbours.Notices.Count);
    }

    [Fact]
    public async Task While_no_reminder_waits_it_looks_at_each_minute_and_has_nothing_to_complain_of()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 28, 22, 58, 30, TimeSpan.Zero));
        var complaints = new Complaints();
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours, clock, complaints);
        await using var overdue = await host.ListenAsync(ReceivableOverdue.Exchange);
        // Nobody to remind: no reminder is ever planned.
        var nameless = Told.Invoice("s1", dueDate: new DateOnly(2026, 3, 28), email: null);
        await host.PublishAsync(Told.Seller("s1"));
        await host.PublishAsync(nameless);
        await EventuallyOpenAsync(host, 1);

        await PassingAsync(clock, () => overdue.All.Count == 1);

        Assert.Empty(complaints.Of(nameof(RunDunning)));
    }

    [Fact]
    public async Task Two_instances_remind_of_each_receivable_once()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var one = await StartAsync(neighbours);
        await using var two = await ServiceHost.StartAsync<CollectionsRpc>(
            infrastructure,
            "collections",
            neighbours.Settings(new HostSettings { Beside = one })
        );
        await using var overdue = await one.ListenAsync(ReceivableOverdue.Exchange);
        await using var issued = await one.ListenAsync(DunningNoticeIssued.Exchange);
        var invoices = Enumerable.Range(0, 40).Select(i => Told.Invoice($"s{i % 3}", dueDate: LongAgo)).ToArray();
        foreach (var invoice in invoices)
        {
            neighbours.Owe(invoice.InvoiceId, "121.00");
            await one.PublishAsync(invoice);
        }

        await EventuallyOpenAsync(one, invoices.Length);
        for (var i = 0; i < 3; i++)
        {
            await one.PublishAsync(Told.Seller($"s{i}"));
        }

        await issued.AtLeastAsync(invoices.Length);
        await QuietAsync(one, two);
        Assert.Equal(invoices.Length, neighbours.Notices.Select(notice => notice.InvoiceId).Distinct().Count());
        Assert.Equal(invoices.Length, neighbours.Notices.Count);
        Assert.Equal(invoices.Length, issued.All.Count);
        Assert.Equal(invoices.Length, overdue.All.Count);
    }

    [Fact]
    public async Task A_crash_after_Delivery_took_the_notice_asks_again_under_the_same_notice_id_and_is_told_once()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        await using var issued = await host.ListenAsync(DunningNoticeIssued.Exchange);
        var crashes = 0;
        neighbours.OnAccepted = async _ =>
        {
            if (Interlocked.Increment(ref crashes) <= 2)
            {
                // As kill -9 does: every transaction of the service in hand is gone, the notice's too.
                await using var connection = await host.Database.OpenConnectionAsync();
                await connection.ExecuteAsync(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'collections'"
                );
            }
        };
        var invoice = Told.Invoice("s1", dueDate: LongAgo);
        neighbours.Owe(invoice.InvoiceId, "121.00");
        await host.PublishAsync(Told.Seller("s1"));
        await host.PublishAsync(invoice);

        var told = Assert.Single(await issued.AtLeastAsync<DunningNoticeIssued>(1));
        await QuietAsync(host);
        Assert.Equal(3, neighbours.Notices.Count);
        Assert.Equal([told.NoticeId.ToString()], neighbours.Notices.Select(notice => notice.NoticeId).Distinct());
        Assert.Single(issued.All);
        Assert.Equal(
            1,
            await ScalarAsync<int>(host, "select count(*)::int from notice where issued_at is not null and transmission_id is not null")
        );
    }

    [Fact]
    public async Task While_Delivery_is_away_a_reminder_waits_and_is_sent_when_it_is_back()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        await using var issued = await host.ListenAsync(DunningNoticeIssued.Exchange);
        var away = true;
        neighbours.OnAsked = _ => away ? throw new RpcException(new Status(StatusCode.Unavailable, "away")) : Task.CompletedTask;
        var invoice = Told.Invoice("s1", dueDate: LongAgo);
        neighbours.Owe(invoice.InvoiceId, "121.00");
        await host.PublishAsync(Told.Seller("s1"));
        await host.PublishAsync(invoice);
        await Eventually.EqualAsync(
            "Delivery: Unavailable",
            () => ScalarAsync<string>(host, "select waits_because from notice"),
            "why it waits"
        );

        away = false;

        await issued.AtLeastAsync(1);
        Assert.Single(neighbours.Notices);
    }

    [Theory]
    [InlineData("0.00", "0.00", "nothing is due")]
    [InlineData("121.00", "121.00", "a payment is in flight")]
    [InlineData(null, null, "Payments has not heard of the invoice yet")]
    public async Task Nobody_is_reminded_of_what_Payments_does_not_say_is_due(string? due, string? inFlight, string because)
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        var invoice = Told.Invoice("s1", dueDate: LongAgo);
        if (due is not null)
        {
            neighbours.Owe(invoice.InvoiceId, due, inFlight!);
        }

        await host.PublishAsync(Told.Seller("s1"));
        await host.PublishAsync(invoice);

        await Eventually.EqualAsync(because, () => ScalarAsync<string>(host, "select waits_because from notice"), "why it waits");
        Assert.Empty(neighbours.Notices);

        // The payment that was in flight failed, or Payments has heard of the invoice: later, not never.
        neighbours.Owe(invoice.InvoiceId, "60.50");
        if (inFlight is not null)
        {
            // What is told of the invoice has Payments asked at once, whenever it would have been asked next.
            await host.PublishAsync(Told.Allocated(invoice, 1, 60.50m));
        }

        await Eventually.TrueAsync(() => Task.FromResult(neighbours.Notices.Count == 1), "the reminder");
        Assert.Equal("60.50", neighbours.Notices.Single().AmountDue);
    }

    [Fact]
    public async Task Whoever_has_paid_left_no_address_or_is_on_hold_is_not_reminded()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        await using var overdue = await host.ListenAsync(ReceivableOverdue.Exchange);
        await using var settled = await host.ListenAsync(ReceivableSettled.Exchange);
        var (paid, nameless, held) = (
            Told.Invoice("s1", dueDate: LongAgo),
            Told.Invoice("s1", dueDate: LongAgo, email: null),
            Told.Invoice("s1", dueDate: LongAgo)
        );
        foreach (var invoice in new[] { paid, nameless, held })
        {
            // Payments is slower to know than the bus is: the receivable's own facts hold as well.
            neighbours.Owe(invoice.InvoiceId, "121.00");
        }

        await host.PublishAsync(Told.Allocated(paid, 1, 0m));
        await host.PublishAsync(paid);
        await host.PublishAsync(nameless);
        await host.PublishAsync(held);
        await EventuallyOpenAsync(host, 3);
        using var http = host.As("s1", "collections:write");
        var hold = await http.PostAsync(
            $"/v1/receivables/{held.InvoiceId}/holds",
            new StringContent("""{"reason":"Reclama un portavelas roto"}""", System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(System.Net.HttpStatusCode.Created, hold.StatusCode);

        await host.PublishAsync(Told.Seller("s1"));

        var told = await overdue.AtLeastAsync<ReceivableOverdue>(2);
        Assert.Equal(paid.InvoiceId, Assert.Single(await settled.AtLeastAsync<ReceivableSettled>(1)).InvoiceId);
        await QuietAsync(host);
        Assert.Equal(0, await host.Services.GetRequiredService<SendReminders>().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(new HashSet<InvoiceId> { nameless.InvoiceId, held.InvoiceId }, told.Select(each => each.InvoiceId).ToHashSet());
        Assert.Empty(neighbours.Notices);
        Assert.Equal(
            "Reclama un portavelas roto",
            await ScalarAsync<string>(host, "select reason from hold where placed_by is not null and placed_at is not null")
        );
    }

    private Task<ServiceHost> StartAsync(Neighbours neighbours, TimeProvider? clock = null, Complaints? complaints = null) =>
        ServiceHost.StartAsync<CollectionsRpc>(
            infrastructure,
            "collections",
            neighbours.Settings(
                new HostSettings
                {
                    Services = services =>
                        services.AddSingleton(clock ?? TimeProvider.System).AddSingleton<ILoggerProvider>(complaints ?? new Complaints()),
                }
            )
        );

    private static Task EventuallyOpenAsync(ServiceHost host, int count) =>
        Eventually.EqualAsync(
            count,
            () => ScalarAsync<int>(host, "select count(*)::int from receivable where opened_at is not null"),
            "receivables"
        );

    /// <summary>Seconds pass until it is so.</summary>
    private static Task PassingAsync(FakeTimeProvider clock, Func<bool> condition) =>
        Eventually.TrueAsync(
            () =>
            {
                if (!condition())
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                }

                return Task.FromResult(condition());
            },
            "what the clock brings"
        );

    /// <summary>Every instance has looked once more and nothing waits to be told.</summary>
    private static async Task QuietAsync(params ServiceHost[] hosts)
    {
        foreach (var host in hosts)
        {
            await host.Services.GetRequiredService<FindOverdue>().RunAsync(TestContext.Current.CancellationToken);
            await host.Services.GetRequiredService<SendReminders>().RunAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.EqualAsync(0, () => ScalarAsync<int>(hosts[0], "select count(*)::int from outbox"), "events waiting");
    }

    private static async Task<T?> ScalarAsync<T>(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }
}
