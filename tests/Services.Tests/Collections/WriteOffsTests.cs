using System.Text;
using System.Text.Json;
using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Collections;
using RetailInvoicing.Collections.WriteOffs;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using Rpc = RetailInvoicing.Contracts.Grpc.Collections;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Giving up takes two people, and Payments books it once whatever happens in between.</summary>
public sealed class WriteOffsTests(Infrastructure infrastructure)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Another_person_than_the_one_who_asked_approves_and_Payments_books_it()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        await using var settled = await host.ListenAsync(ReceivableSettled.Exchange);
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var channel = host.Channel();
        var rpc = new Rpc.Receivables.ReceivablesClient(channel);
        var (ana, eva, olga, shop) = (
            Staff(host, "ana@example.com", StaffRole.Collector),
            Staff(host, "eva@example.com", StaffRole.Accountant),
            Staff(host, "olga@example.com", StaffRole.Owner),
            Staff(host, "sol@example.com", StaffRole.Shop)
        );
        var ask = new Rpc.WriteOffAsked { InvoiceId = $"{invoice.InvoiceId}", Reason = "Insolvente" };

        await RefusedAsync(() => rpc.AskWriteOffAsync(ask, shop), "AUTH-03");
        var asked = await rpc.AskWriteOffAsync(ask, ana);
        Assert.Equal(("asked", "100.00", "ana@example.com"), (asked.State, asked.Amount, asked.AskedBy));
        await RefusedAsync(() => rpc.AskWriteOffAsync(ask, eva), "COL-WRITEOFF-03");
        await RefusedAsync(
            () => rpc.DecideWriteOffAsync(Decide(asked, true), Staff(host, "ANA@example.com", StaffRole.Collector)),
            "COL-WRITEOFF-04"
        );
        await RefusedAsync(() => rpc.DecideWriteOffAsync(Decide(asked, true), shop), "AUTH-03");
        await RefusedAsync(() => rpc.DecideWriteOffAsync(Decide(asked, false), eva), "COL-ACT-01");
        Assert.Empty(counterparts.Booked);

        var approved = await rpc.DecideWriteOffAsync(Decide(asked, true), eva);
        Assert.Equal(("approved", "eva@example.com"), (approved.State, approved.DecidedBy));
        await RefusedAsync(() => rpc.DecideWriteOffAsync(Decide(asked, false, "Pagará"), olga), "COL-WRITEOFF-05");
        await EventuallyAsync(host, "booked");

        var booked = Assert.Single(counterparts.Booked).Value;
        Assert.Equal((invoice.InvoiceId.ToString(), "100.00", "Insolvente"), (booked.InvoiceId, booked.Amount, booked.Reason));
        // The allocation comes back as every other one does, and closes the receivable.
        await TellAsync(
            host,
            Told.Allocated(invoice, 2, 0m) with
            {
                PaymentId = PaymentId.Of(Guid.Parse(booked.WriteOffId)),
                Cause = "write-off",
            }
        );
        Assert.Equal(invoice.InvoiceId, Assert.Single(await settled.AtLeastAsync<ReceivableSettled>(1)).InvoiceId);
        Assert.Equal(
            "staff ana@example.com write-off-asked,staff eva@example.com write-off-approved,system collections write-off-booked",
            await ScalarAsync<string>(host, "select string_agg(by_kind || ' ' || by_name || ' ' || kind, ',' order by act_id) from act")
        );
    }

    [Fact]
    public async Task An_owner_decides_alone_and_so_does_a_key_with_no_staff_behind_it()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var (one, two) = (Told.Invoice("s1", 100m), Told.Invoice("s1", 50m));
        await TellAsync(host, Told.Seller("s1"), one, two);
        using var channel = host.Channel();
        var rpc = new Rpc.Receivables.ReceivablesClient(channel);
        var olga = Staff(host, "olga@example.com", StaffRole.Owner);

        var asked = await rpc.AskWriteOffAsync(new Rpc.WriteOffAsked { InvoiceId = $"{one.InvoiceId}", Reason = "x" }, olga);
        Assert.Equal("approved", (await rpc.DecideWriteOffAsync(Decide(asked, true), olga)).State);
        using var http = host.As("s1");
        var byKey = await JsonAsync(
            PostAsync(http, $"/v1/receivables/{two.InvoiceId}/write-off", """{"amount":"20.00","reason":"x"}"""),
            201
        );
        var approval = $"/v1/receivables/{two.InvoiceId}/write-off/{byKey.GetProperty("writeOffId")}/approval";
        Assert.Equal("approved", (await JsonAsync(PostAsync(http, approval, "{}"), 200)).GetProperty("state").GetString());

        await Eventually.EqualAsync(2L, () => ScalarAsync<long>(host, "select count(*) from write_off where state = 'booked'"), "booked");
        Assert.Equal(["100.00", "20.00"], counterparts.Booked.Values.Select(each => each.Amount).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Up_to_what_the_seller_chose_one_person_is_enough()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var (small, large) = (Told.Invoice("s1", 5m), Told.Invoice("s1", 5.01m));
        await TellAsync(host, Told.Seller("s1"), small, large);
        using var http = host.As("s1");
        Assert.Equal(
            "0.00",
            (await JsonAsync(http.GetAsync("/v1/collections-settings"), 200)).GetProperty("writeOffWithoutApprovalUpTo").GetString()
        );
        var put = http.PutAsync(
            "/v1/collections-settings",
            new StringContent("""{"writeOffWithoutApprovalUpTo":"5.00"}""", Encoding.UTF8, "application/json")
        );
        Assert.Equal("5.00", (await JsonAsync(put, 200)).GetProperty("writeOffWithoutApprovalUpTo").GetString());

        async Task<string?> AskAsync(InvoiceIssued invoice) =>
            (await JsonAsync(PostAsync(http, $"/v1/receivables/{invoice.InvoiceId}/write-off", """{"reason":"Céntimos"}"""), 201))
                .GetProperty("state")
                .GetString();

        Assert.Equal(("approved", "asked"), (await AskAsync(small), await AskAsync(large)));
        await EventuallyAsync(host, "booked");
        Assert.Equal("5.00", Assert.Single(counterparts.Booked).Value.Amount);
        var waiting = (await JsonAsync(http.GetAsync("/v1/write-offs?state=asked"), 200)).GetProperty("items");
        Assert.Equal("5.01", Assert.Single(waiting.EnumerateArray()).GetProperty("amount").GetString());
    }

    [Fact]
    public async Task Bit_by_bit_one_person_gives_up_no_more_of_an_invoice_than_at_once_and_who_chose_how_much_is_kept()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var http = host.As("s1");
        var put = http.PutAsync(
            "/v1/collections-settings",
            new StringContent("""{"writeOffWithoutApprovalUpTo":"5.00"}""", Encoding.UTF8, "application/json")
        );
        await JsonAsync(put, 200);
        Assert.Equal(
            "key settings-kept 5.00",
            await ScalarAsync<string>(host, "select by_kind || ' ' || kind || ' ' || (body ->> 'writeOffWithoutApprovalUpTo') from act")
        );

        async Task<string?> AskAsync(string body) =>
            (await JsonAsync(PostAsync(http, $"/v1/receivables/{invoice.InvoiceId}/write-off", body), 201))
                .GetProperty("state")
                .GetString();

        Assert.Equal("approved", await AskAsync("""{"amount":"3.00","reason":"Céntimos"}"""));
        await EventuallyAsync(host, "booked");
        Assert.Equal("asked", await AskAsync("""{"amount":"2.01","reason":"Más"}"""));
        Assert.Equal("3.00", Assert.Single(counterparts.Booked).Value.Amount);
    }

    [Fact]
    public async Task A_crash_between_the_approval_and_the_booking_books_it_when_the_service_is_back()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var invoice = Told.Invoice("s1", 100m);
        await using var first = await StartAsync(counterparts);
        await TellAsync(first, Told.Seller("s1"), invoice);
        // As after a kill: approved, and nobody has asked Payments.
        await ExecuteAsync(
            first,
            $"""
            insert into write_off (seller_id, write_off_id, invoice_id, amount, currency, reason, state, asked_by, asked_at, decided_by,
                decided_at, next_try_at)
            values ('s1', '{Guid.CreateVersion7()}', '{invoice.InvoiceId}', 100, 'EUR', 'x', 'approved', 'a', '{Now:O}', 'b', '{Now:O}', '{Now:O}')
            """
        );
        Assert.Empty(counterparts.Booked);

        await using var second = await ServiceHost.StartAsync<CollectionsRpc>(
            infrastructure,
            "collections",
            counterparts.Settings(new FakeTimeProvider(Now), first)
        );

        await EventuallyAsync(second, "booked");
        Assert.Single(counterparts.Booked);
    }

    [Fact]
    public async Task A_crash_between_the_booking_and_its_being_written_down_asks_again_under_the_same_id_and_books_nothing_more()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var crashes = 0;
        counterparts.OnBooked = async _ =>
        {
            if (Interlocked.Increment(ref crashes) <= 2)
            {
                // As kill -9 does: every transaction of the service in hand is gone, the write-off's too.
                await ExecuteAsync(
                    host,
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'collections'"
                );
            }
        };
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        await ApprovedAsync(host, invoice);

        await EventuallyAsync(host, "booked", host.Services.GetRequiredService<PostWriteOffs>());
        Assert.True(counterparts.Asked >= 3);
        Assert.Single(counterparts.Booked);
        Assert.Equal(1L, await ScalarAsync<long>(host, "select count(*) from act where kind = 'write-off-booked'"));
    }

    [Fact]
    public async Task While_somebody_pays_it_waits_and_what_was_paid_meanwhile_is_not_given_up()
    {
        await using var counterparts = await Counterparts.StartAsync();
        var clock = new FakeTimeProvider(Now);
        await using var host = await StartAsync(counterparts, clock);
        var refusal = Counterparts.Refusal("PAY-WRITEOFF-01", StatusCode.AlreadyExists);
        counterparts.OnAsked = _ => throw refusal;
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        await ApprovedAsync(host, invoice);
        await Eventually.EqualAsync(
            "a payment is in flight",
            () => ScalarAsync<string?>(host, "select waits_because from write_off"),
            "why it waits"
        );
        Assert.Empty(counterparts.Booked);

        refusal = Counterparts.Refusal("PAY-WRITEOFF-02", StatusCode.FailedPrecondition);
        await Eventually.EqualAsync(
            "refused",
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(61));
                await host.Services.GetRequiredService<PostWriteOffs>().RunAsync(TestContext.Current.CancellationToken);
                return await ScalarAsync<string>(host, "select state from write_off");
            },
            "the write-off's state"
        );
        Assert.Equal("nothing is due", await ScalarAsync<string>(host, "select why from act where kind = 'write-off-refused'"));
        Assert.Empty(counterparts.Booked);
    }

    [Fact]
    public async Task While_Payments_is_away_it_is_asked_once_and_the_others_hear_that_they_wait()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        counterparts.OnAsked = _ => throw new RpcException(new Status(StatusCode.DeadlineExceeded, "away"));
        InvoiceIssued[] invoices = [Told.Invoice("s1", 100m), Told.Invoice("s1", 100m), Told.Invoice("s1", 100m)];
        await TellAsync(host, [Told.Seller("s1"), .. invoices]);
        var rows = invoices.Select(invoice =>
            $"('s1', '{Guid.CreateVersion7()}', '{invoice.InvoiceId}', 100, 'EUR', 'x', 'approved', 'a', '{Now:O}', 'b', '{Now:O}', '{Now:O}')"
        );
        await ExecuteAsync(
            host,
            $"""
            insert into write_off (seller_id, write_off_id, invoice_id, amount, currency, reason, state, asked_by, asked_at, decided_by,
                decided_at, next_try_at)
            values {string.Join(", ", rows)}
            """
        );

        await host.Services.GetRequiredService<PostWriteOffs>().RunAsync(TestContext.Current.CancellationToken);

        // Whoever of the service was first: all three were locked together.
        await Eventually.EqualAsync(
            3L,
            () => ScalarAsync<long>(host, "select count(*) from write_off where waits_because = 'Payments: DeadlineExceeded'"),
            "write-offs that wait"
        );
        Assert.Equal(1, counterparts.Asked);
        Assert.Empty(counterparts.Booked);
    }

    [Fact]
    public async Task A_refused_write_off_says_why_and_can_be_asked_for_again()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var invoice = Told.Invoice("s1", 100m);
        await TellAsync(host, Told.Seller("s1"), invoice);
        using var http = host.As("s1");
        var path = $"/v1/receivables/{invoice.InvoiceId}/write-off";
        var asked = await JsonAsync(PostAsync(http, path, """{"reason":"x"}"""), 201);

        var refused = await JsonAsync(PostAsync(http, $"{path}/{asked.GetProperty("writeOffId")}/refusal", """{"why":"Pagará"}"""), 200);

        Assert.Equal("refused", refused.GetProperty("state").GetString());
        Assert.Equal("Pagará", await ScalarAsync<string>(host, "select why from act where kind = 'write-off-refused'"));
        await JsonAsync(PostAsync(http, path, """{"reason":"Otra vez"}"""), 201);
        Assert.Empty(counterparts.Booked);
    }

    private Task<ServiceHost> StartAsync(Counterparts counterparts, FakeTimeProvider? clock = null) =>
        ServiceHost.StartAsync<CollectionsRpc>(infrastructure, "collections", counterparts.Settings(clock ?? new FakeTimeProvider(Now)));

    private static Rpc.WriteOffDecision Decide(Rpc.WriteOff asked, bool approved, string? why = null)
    {
        var decision = new Rpc.WriteOffDecision
        {
            InvoiceId = asked.InvoiceId,
            WriteOffId = asked.WriteOffId,
            Approved = approved,
        };
        if (why is not null)
        {
            decision.Why = why;
        }

        return decision;
    }

    private static Metadata Staff(ServiceHost host, string email, StaffRole role) =>
        host.CallAs("portal", OnBehalfOf.Staff(email, role, SellerId.Of("s1")));

    private static async Task ApprovedAsync(ServiceHost host, InvoiceIssued invoice)
    {
        using var http = host.As("s1");
        var path = $"/v1/receivables/{invoice.InvoiceId}/write-off";
        var asked = await JsonAsync(PostAsync(http, path, """{"reason":"x"}"""), 201);
        await JsonAsync(PostAsync(http, $"{path}/{asked.GetProperty("writeOffId")}/approval", "{}"), 200);
    }

    private static Task EventuallyAsync(ServiceHost host, string state, PostWriteOffs? post = null) =>
        Eventually.EqualAsync(
            1L,
            async () =>
            {
                if (post is not null)
                {
                    try
                    {
                        await post.RunAsync(TestContext.Current.CancellationToken);
                    }
                    catch (Npgsql.NpgsqlException)
                    {
                        // The crash.
                    }
                }
                else if (host.Services.GetRequiredService<TimeProvider>() is FakeTimeProvider clock)
                {
                    // Where an asking was put off, its time comes.
                    clock.Advance(TimeSpan.FromSeconds(1));
                }

                return await ScalarAsync<long>(host, $"select count(*) from write_off where state = '{state}'");
            },
            state
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

    private static async Task<T> ScalarAsync<T>(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    private static async Task ExecuteAsync(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string body) =>
        http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> request, int status)
    {
        using var response = await request;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement.Clone();
    }

    private static async Task RefusedAsync<T>(Func<AsyncUnaryCall<T>> call, string code)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal(code, refused.Trailers.GetValue("fault-code"));
    }
}
