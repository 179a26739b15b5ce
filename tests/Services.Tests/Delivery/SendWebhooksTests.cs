using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Delivery.Webhooks;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class SendWebhooksTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_webhook_is_told_an_event_byte_for_byte_signed_and_once_and_nobody_elses()
    {
        await using var sink = await HookSink.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        var webhook = await PutAsync(http, "shop", sink.Url("/hooks"), null, InvoicePaid.Exchange);
        var id = EventId.New();
        var body = Encoding.UTF8.GetBytes($$"""{ "eventId" : "{{id}}", "sellerId":"nandu",  "later": [1.50, "ñ"] }""");

        await delivery.PublishAsync(InvoicePaid.Exchange, body, messageId: id.ToString());
        await delivery.PublishAsync(InvoicePaid.Exchange, body, messageId: id.ToString());
        await delivery.PublishAsync(Paid(SellerId.Of("otro")));
        await delivery.PublishAsync(InvoicePaid.Exchange, "no event"u8.ToArray());
        await sink.AtLeastAsync(1);
        var last = Paid(Seller);
        await delivery.PublishAsync(last);

        var calls = await sink.AtLeastAsync(2);
        Assert.Equal([id.ToString(), last.EventId.ToString()], calls.Select(call => call.Id));
        Assert.Equal(body, calls[0].Body);
        Assert.Equal("application/json", calls[0].Headers["content-type"]);
        Assert.Equal(InvoicePaid.Exchange, calls[0].Headers["webhook-event"]);
        Assert.False(calls[0].Headers.ContainsKey("traceparent"));
        Assert.Equal(SignatureOf(webhook.Secret!, calls[0]), calls[0].Headers["webhook-signature"]);
        await DeliveredAsync(http, "shop", 2);
        var page = await PageAsync(http, "shop", "?limit=1");
        Assert.Equal(last.EventId, Assert.Single(page.Deliveries).DeliveryId);
        var older = Assert.Single((await PageAsync(http, "shop", $"?limit=1&cursor={page.NextCursor}")).Deliveries);
        Assert.Equal((id, InvoicePaid.Exchange, "delivered"), (older.DeliveryId, older.Event, older.Status));
        Assert.Equal(200, Assert.Single(older.Attempts).StatusCode);
        Assert.Equal(2, sink.Calls.Count);
    }

    [Fact]
    public async Task A_new_secret_signs_and_the_one_before_it_beside_it()
    {
        await using var sink = await HookSink.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        var (one, two) = (WebhookSecret.Text(WebhookSecret.Make()), WebhookSecret.Text(WebhookSecret.Make()));
        Assert.Null((await PutAsync(http, "shop", sink.Url("/hooks"), one, "*")).Secret);
        Assert.Null((await PutAsync(http, "shop", sink.Url("/hooks"), one, "*")).OldSecretUntil);
        Assert.NotNull((await PutAsync(http, "shop", sink.Url("/hooks"), two, "*")).OldSecretUntil);

        await delivery.PublishAsync(Paid(Seller));

        var call = (await sink.AtLeastAsync(1))[0];
        Assert.Equal($"{SignatureOf(two, call)} {SignatureOf(one, call)}", call.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task What_fails_is_tried_again_under_its_id_and_every_attempt_is_shown()
    {
        await using var sink = await HookSink.StartAsync();
        sink.Answer = async (_, context) =>
        {
            if (sink.Calls.Count < 3)
            {
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync($"boom\0{new string('x', 5000)}");
            }
        };
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/hooks"), null, "*");
        var told = Paid(Seller);

        await delivery.PublishAsync(told);

        await DeliveredAsync(http, "shop", 1);
        Assert.Equal([told.EventId.ToString(), told.EventId.ToString(), told.EventId.ToString()], sink.Calls.Select(call => call.Id));
        var shown = Assert.Single((await PageAsync(http, "shop")).Deliveries);
        Assert.Equal([500, 500, 200], shown.Attempts.Select(attempt => attempt.StatusCode!.Value));
        Assert.Equal("status", shown.Attempts[0].Reason);
        Assert.StartsWith("boom x", shown.Attempts[0].Response, StringComparison.Ordinal);
        Assert.Equal(WebhookAttempt.MostOfAnswer, shown.Attempts[0].Response!.Length);
        Assert.Null(shown.Attempts[2].Reason);
        Assert.Null((await WebhookAsync(http, "shop")).FailingSince);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_holds_few_calls_and_delays_no_other()
    {
        await using var sink = await HookSink.StartAsync();
        var (running, most) = (0, 0);
        var gate = new Lock();
        sink.Answer = async (call, context) =>
        {
            if (call.Path != "/slow")
            {
                return;
            }

            lock (gate)
            {
                most = Math.Max(most, ++running);
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (gate)
            {
                running--;
            }
        };
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "a-slow", sink.Url("/slow"), null, "*");
        await PutAsync(http, "quick", sink.Url("/quick"), null, "*");
        var told = Enumerable.Range(0, 30).Select(_ => Paid(Seller)).ToArray();
        foreach (var each in told)
        {
            await delivery.PublishAsync(each);
        }

        await Eventually.TrueAsync(
            () => Task.FromResult(sink.Of("/quick").Count == told.Length && sink.Of("/slow").Count >= 4),
            "all of the quick one's events and four calls of the slow one"
        );
        Assert.Equal(told.Select(each => each.EventId.ToString()).ToHashSet(), sink.Of("/quick").Select(call => call.Id).ToHashSet());
        await DeliveredAsync(http, "quick", told.Length);
        Assert.Equal(4, most);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_disabled_at_once_its_seller_told_and_what_it_missed_can_be_delivered_again()
    {
        await using var sink = await HookSink.StartAsync();
        var isGone = true;
        sink.Answer = (_, context) =>
        {
            context.Response.StatusCode = isGone ? 410 : 204;
            return Task.CompletedTask;
        };
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/hooks?token=secret"), null, "*");
        var missed = Paid(Seller);
        await delivery.PublishAsync(missed);

        await Eventually.TrueAsync(async () => !(await WebhookAsync(http, "shop")).Enabled, "the webhook is disabled");

        var disabled = await WebhookAsync(http, "shop");
        Assert.Equal("gone", disabled.DisabledReason);
        Assert.NotNull(disabled.DisabledAt);
        Assert.Equal("failed", Assert.Single((await PageAsync(http, "shop", "?status=failed")).Deliveries).Status);
        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            await Eventually.EqualAsync(
                "facturas@nandu.example",
                async () =>
                    await connection.ExecuteScalarAsync<string>("select recipient from transmission where purpose = 'notice'") ?? "",
                "who is told"
            );
            await Eventually.EqualAsync(
                false,
                () => connection.ExecuteScalarAsync<bool>("select notice_due from webhook"),
                "whether a notice is due"
            );
            Assert.Equal(1, await connection.ExecuteScalarAsync<int>("select count(*) from transmission"));
            Assert.Equal(
                0,
                await connection.ExecuteScalarAsync<int>("select count(*) from transmission_content where body like '%token%'")
            );
        }

        using var refused = await http.PostAsJsonAsync("/v1/webhooks/shop/redeliver", new { status = "failed" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        isGone = false;
        using var enabled = await http.PostAsync("/v1/webhooks/shop/enable", null);
        Assert.Equal(HttpStatusCode.OK, enabled.StatusCode);
        Assert.True((await WebhookAsync(http, "shop")).Enabled);
        Assert.Null((await WebhookAsync(http, "shop")).DisabledReason);

        using var again = await http.PostAsJsonAsync("/v1/webhooks/shop/redeliver", new { status = "failed" });
        Assert.Equal(1, (await again.Content.ReadFromJsonAsync<Redelivery>(Wire.Tolerant))!.Queued);
        await DeliveredAsync(http, "shop", 1);
        using var once = await http.PostAsJsonAsync("/v1/webhooks/shop/redeliver", new { deliveryId = missed.EventId.ToString() });
        Assert.Equal(HttpStatusCode.Accepted, once.StatusCode);
        await Eventually.TrueAsync(() => Task.FromResult(sink.Calls.Count == 3), "three calls");
        Assert.All(sink.Calls, call => Assert.Equal(missed.EventId.ToString(), call.Id));
        await Eventually.TrueAsync(
            async () => (await PageAsync(http, "shop", "?status=delivered")).Deliveries is [{ Redeliveries: 2 }],
            "redelivered twice"
        );
    }

    [Fact]
    public async Task An_address_that_was_changed_during_a_call_is_not_held_to_what_the_one_before_answers()
    {
        await using var sink = await HookSink.StartAsync();
        var isChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.Answer = async (call, context) =>
        {
            if (call.Path == "/gone")
            {
                await isChanged.Task.WaitAsync(context.RequestAborted);
                context.Response.StatusCode = 410;
            }
        };
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/gone"), null, "*");
        var told = Paid(Seller);
        await delivery.PublishAsync(told);
        await sink.AtLeastAsync(1);

        await PutAsync(http, "shop", sink.Url("/here"), null, "*");
        isChanged.SetResult();

        await DeliveredAsync(http, "shop", 1);
        Assert.Equal(told.EventId.ToString(), Assert.Single(sink.Of("/here")).Id);
        Assert.True((await WebhookAsync(http, "shop")).Enabled);
        Assert.Equal(["gone", null], Assert.Single((await PageAsync(http, "shop")).Deliveries).Attempts.Select(attempt => attempt.Reason));
    }

    [Fact]
    public async Task A_server_that_does_nothing_but_fail_is_disabled_when_its_time_is_over()
    {
        await using var sink = await HookSink.StartAsync();
        sink.Answer = (_, context) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, null, ("Delivery:Webhooks:GiveUpAfter", "00:00:01"));
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/hooks"), null, "*");
        await delivery.PublishAsync(Paid(Seller));

        await Eventually.TrueAsync(
            async () => await WebhookAsync(http, "shop") is { Enabled: false, DisabledReason: "failing", FailingSince: not null },
            "the webhook is disabled"
        );

        var given = Assert.Single((await PageAsync(http, "shop", "?status=failed")).Deliveries);
        Assert.InRange(given.Attempts.Count, 2, 30);
        // Not before its time; the last attempt may have begun before and ended after.
        Assert.True(given.EndedAt - given.Attempts[0].At >= TimeSpan.FromSeconds(1), $"{given.EndedAt:O} after {given.Attempts[0].At:O}");
        Assert.Equal(given.Attempts.Count, sink.Calls.Count);
        Assert.Contains("503", (await WebhookAsync(http, "shop")).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_time_gets_it()
    {
        await using var sink = await HookSink.StartAsync();
        sink.Answer = (_, context) =>
        {
            if (sink.Calls.Count == 1)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "2";
            }

            return Task.CompletedTask;
        };
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/hooks"), null, "*");
        await delivery.PublishAsync(Paid(Seller));
        await sink.AtLeastAsync(1);
        await Eventually.TrueAsync(async () => (await WebhookAsync(http, "shop")).PausedUntil is not null, "the webhook rests");
        // It asked for itself, not for one event.
        await delivery.PublishAsync(Paid(Seller));

        await DeliveredAsync(http, "shop", 2);
        var deliveries = (await PageAsync(http, "shop")).Deliveries;
        Assert.Equal([1, 2], deliveries.Select(each => each.Attempts.Count));
        var asked = deliveries[1].Attempts[0].At;
        Assert.All(
            new[] { deliveries[0].Attempts[0], deliveries[1].Attempts[1] },
            attempt => Assert.True(attempt.At - asked >= TimeSpan.FromSeconds(2), $"called {attempt.At - asked} after it asked")
        );
    }

    [Fact]
    public async Task A_webhook_that_redirects_to_us_gets_an_error_and_we_get_no_call()
    {
        await using var sink = await HookSink.StartAsync();
        sink.Answer = (call, context) =>
        {
            context.Response.Redirect(sink.Url("/inside"));
            return Task.CompletedTask;
        };
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/outside"), null, "*");
        await delivery.PublishAsync(Paid(Seller));

        await Eventually.TrueAsync(
            async () => (await PageAsync(http, "shop")).Deliveries is [{ Attempts: [{ Reason: "redirect", StatusCode: 302 }, ..] }],
            "an attempt that ended in a redirect"
        );
        Assert.Empty(sink.Of("/inside"));
    }

    [Fact]
    public async Task An_address_that_became_private_after_it_was_put_is_not_called()
    {
        await using var sink = await HookSink.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, null, ("Delivery:Webhooks:AllowPrivate", "false"));
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", "https://shop.example.invalid/hooks", null, "*");
        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("update webhook set url = @url", new { url = sink.Url("/hooks") });
        }

        await delivery.PublishAsync(Paid(Seller));

        await Eventually.TrueAsync(
            async () => (await PageAsync(http, "shop")).Deliveries is [{ Attempts: [{ Reason: "private-address", StatusCode: null }, ..] }],
            "an attempt that was not made"
        );
        Assert.Empty(sink.Calls);
    }

    [Fact]
    public async Task Two_instances_deliver_each_event_once()
    {
        await using var sink = await HookSink.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        await using var second = await DeliveryAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);
        using var there = second.As(Seller.Value);
        await PutAsync(http, "one", sink.Url("/one"), null, "*");
        await PutAsync(there, "two", sink.Url("/two"), null, InvoicePaid.Exchange);
        var told = Enumerable.Range(0, 60).Select(_ => Paid(Seller)).ToArray();
        foreach (var each in told)
        {
            await delivery.PublishAsync(each);
        }

        await DeliveredAsync(http, "one", told.Length);
        await DeliveredAsync(there, "two", told.Length);
        foreach (var path in new[] { "/one", "/two" })
        {
            Assert.Equal(told.Length, sink.Of(path).Count);
            Assert.Equal(told.Select(each => each.EventId.ToString()).ToHashSet(), sink.Of(path).Select(call => call.Id).ToHashSet());
        }
    }

    [Fact]
    public async Task What_a_sender_held_when_it_died_is_delivered_when_its_hold_ends()
    {
        await using var sink = await HookSink.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/hooks"), null, "*");
        var id = EventId.New();
        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                """
                insert into webhook_event (seller_id, event_id, name, body, told_at)
                values ('nandu', @id, 'payments.invoice-paid.v1', '{}', now());
                insert into webhook_delivery
                    (seller_id, event_id, webhook_id, name, attempts, first_attempt_at, due_at, hold, created_at)
                values ('nandu', @id, 'shop', 'payments.invoice-paid.v1', 1, now(), now() + interval '1 second', @hold, now())
                """,
                new { id = id.Value, hold = Guid.CreateVersion7() }
            );
        }

        await DeliveredAsync(http, "shop", 1);
        Assert.Equal(id.ToString(), Assert.Single(sink.Calls).Id);
    }

    [Fact]
    public async Task Events_that_nobody_wants_are_not_heard()
    {
        await using var sink = await HookSink.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        Assert.False(await EventQueue.ExistsAsync(delivery.Broker, HearForWebhooks.Queue, CancellationToken.None));

        await PutAsync(http, "shop", sink.Url("/hooks"), null, InvoicePaid.Exchange, PaymentReceived.Exchange);
        await Eventually.EqualAsync(
            $"{InvoicePaid.Exchange} {PaymentReceived.Exchange}",
            async () => string.Join(' ', await BoundAsync(delivery)),
            "what is bound"
        );
        await PutAsync(http, "shop", sink.Url("/hooks"), null, PaymentReceived.Exchange);
        await Eventually.EqualAsync(PaymentReceived.Exchange, async () => string.Join(' ', await BoundAsync(delivery)), "what is bound");
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync("/v1/webhooks/shop")).StatusCode);
        await Eventually.EqualAsync("", async () => string.Join(' ', await BoundAsync(delivery)), "what is bound");
        await delivery.PublishAsync(Paid(Seller));
        await PutAsync(http, "shop", sink.Url("/hooks"), null, InvoicePaid.Exchange);
        var told = Paid(Seller);
        await delivery.PublishAsync(told);

        Assert.Equal(told.EventId.ToString(), Assert.Single(await sink.AtLeastAsync(1)).Id);
    }

    [Fact]
    public async Task What_is_older_than_a_month_is_forgotten_and_nothing_else()
    {
        await using var sink = await HookSink.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        await PutAsync(http, "shop", sink.Url("/hooks"), null, "*");
        var (old, young) = (Paid(Seller), Paid(Seller));
        await delivery.PublishAsync(old);
        await delivery.PublishAsync(young);
        await DeliveredAsync(http, "shop", 2);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update webhook_event set told_at = told_at - interval '31 days' where event_id = @id;
            update webhook_delivery set created_at = created_at - interval '31 days' where event_id = @id
            """,
            new { id = old.EventId.Value }
        );

        await delivery.Services.GetServices<IHostedService>().OfType<SweepDeliveries>().Single().RunAsync(CancellationToken.None);

        Assert.Equal(young.EventId, Assert.Single((await PageAsync(http, "shop")).Deliveries).DeliveryId);
        Assert.Equal(young.EventId.Value, await connection.QuerySingleAsync<Guid>("select event_id from webhook_event"));
    }

    private static InvoicePaid Paid(SellerId seller) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = seller,
            InvoiceId = InvoiceId.New(),
            Currency = Currency.Eur,
            TotalWithVat = 12.10m,
            PaidAt = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero),
        };

    private static string SignatureOf(string secret, HookSink.Call call)
    {
        var signed = Encoding.UTF8.GetBytes($"{call.Id}.{call.Headers["webhook-timestamp"]}.").Concat(call.Body).ToArray();
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed))}";
    }

    private static async Task<Webhook> PutAsync(HttpClient http, string id, string url, string? secret, params string[] events)
    {
        using var answer = await http.PutAsJsonAsync(
            $"/v1/webhooks/{id}",
            new
            {
                url,
                events,
                secret,
            }
        );
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<Webhook>(body, Wire.Tolerant)!;
    }

    private static async Task<Webhook> WebhookAsync(HttpClient http, string id) =>
        (await http.GetFromJsonAsync<Webhook>($"/v1/webhooks/{id}", Wire.Tolerant))!;

    private static async Task<WebhookDeliveryPage> PageAsync(HttpClient http, string id, string query = "") =>
        (await http.GetFromJsonAsync<WebhookDeliveryPage>($"/v1/webhooks/{id}/deliveries{query}", Wire.Tolerant))!;

    private static Task DeliveredAsync(HttpClient http, string id, int count) =>
        Eventually.EqualAsync(
            count,
            async () => (await PageAsync(http, id, "?status=delivered&limit=200")).Deliveries.Count,
            $"what was delivered to {id}"
        );

    private async Task<string[]> BoundAsync(ServiceHost delivery)
    {
        using var management = await infrastructure.ManagementAsync();
        var host = Uri.EscapeDataString(delivery.Broker.AbsolutePath.TrimStart('/'));
        var bindings = await management.GetFromJsonAsync<JsonElement>($"/api/queues/{host}/{HearForWebhooks.Queue}/bindings");
        return
        [
            .. bindings
                .EnumerateArray()
                .Select(each => each.GetProperty("source").GetString()!)
                .Where(source => source.Length > 0)
                .Order(StringComparer.Ordinal),
        ];
    }

    private Task<ServiceHost> DeliveryAsync(Neighbourhood neighbours, ServiceHost? beside = null, params (string, string)[] more) =>
        neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", beside, [.. HookSink.Quick, .. more]);
}
