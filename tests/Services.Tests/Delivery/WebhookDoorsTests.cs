using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Delivery.Webhooks;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class WebhookDoorsTests(Infrastructure infrastructure)
{
    private const string Seller = "nandu";

    [Fact]
    public async Task A_webhook_is_put_shown_changed_and_removed_and_its_secret_is_shown_once()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller);

        using var made = await http.PutAsJsonAsync("/v1/webhooks/shop", Wanted("https://shop.example.invalid/hooks"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("/v1/webhooks/shop", made.Headers.Location?.ToString());
        var first = await ReadAsync<Webhook>(made);
        Assert.Equal(32, WebhookSecret.Read(first.Secret!)!.Length);
        Assert.True(first.Enabled);

        using var again = await http.PutAsJsonAsync("/v1/webhooks/shop", Wanted("https://shop.example.invalid/other", "*"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var shown = await ReadAsync<Webhook>(await http.GetAsync("/v1/webhooks/shop"));
        Assert.Equal("https://shop.example.invalid/other", shown.Url);
        Assert.Equal("*", Assert.Single(shown.Events));
        Assert.Null(shown.Secret);
        Assert.Null(shown.OldSecretUntil);
        Assert.Equal("shop", Assert.Single((await ReadAsync<WebhookList>(await http.GetAsync("/v1/webhooks"))).Webhooks).WebhookId);

        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            var kept = await connection.QuerySingleAsync<byte[]>("select secret from webhook");
            Assert.Equal(-1, kept.AsSpan().IndexOf(WebhookSecret.Read(first.Secret!)!));
        }

        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync("/v1/webhooks/shop")).StatusCode);
        Assert.Equal("DEL-HOOK-01", await CodeAsync(HttpStatusCode.NotFound, await http.DeleteAsync("/v1/webhooks/shop")));
        Assert.Equal("DEL-HOOK-01", await CodeAsync(HttpStatusCode.NotFound, await http.GetAsync("/v1/webhooks/shop")));
    }

    [Fact]
    public async Task What_cannot_be_a_webhook_is_refused_with_a_code_and_its_place()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller);
        const string good = "https://shop.example.invalid/hooks";
        var secret = $"whsec_{Convert.ToBase64String(new byte[23])}";
        (string Id, string Body, string Code)[] cases =
        [
            ("a", $$"""{"url":"http://shop.example.invalid/","events":["*"]}""", "DEL-URL-01"),
            ("a", """{"url":"https://127.0.0.1/","events":["*"]}""", "DEL-URL-01"),
            ("a", """{"url":"https://[::1]/","events":["*"]}""", "DEL-URL-01"),
            ("a", """{"url":"https://localhost/","events":["*"]}""", "DEL-URL-01"),
            ("a", """{"url":"https://169.254.169.254/","events":["*"]}""", "DEL-URL-01"),
            ("a", """{"url":"https://u:p@shop.example.invalid/","events":["*"]}""", "DEL-URL-01"),
            ("a", """{"url":"https://shop.example.invalid/\u0000","events":["*"]}""", "DEL-URL-01"),
            ("a", $$"""{"url":"https://shop.example.invalid/{{new string('a', 3000)}}","events":["*"]}""", "DEL-URL-01"),
            ("a", $$"""{"url":"{{good}}","events":[]}""", "DEL-HOOK-03"),
            ("a", $$"""{"url":"{{good}}","events":["sales.sale-posted.v1"]}""", "DEL-HOOK-03"),
            ("a", $$"""{"url":"{{good}}","events":["*","\u0000"]}""", "DEL-HOOK-03"),
            ("a", $$"""{"url":"{{good}}","events":[null]}""", "DEL-HOOK-03"),
            ("a", $$"""{"url":"{{good}}","events":["*"],"secret":"secret"}""", "DEL-HOOK-04"),
            ("a", $$"""{"url":"{{good}}","events":["*"],"secret":"{{secret}}"}""", "DEL-HOOK-04"),
            ("a%20b", $$"""{"url":"{{good}}","events":["*"]}""", "DEL-HOOK-02"),
            (new string('a', 65), $$"""{"url":"{{good}}","events":["*"]}""", "DEL-HOOK-02"),
            ("a", $$"""{"url":"{{good}}"}""", "BODY-02"),
            ("a", $$"""{"url":"{{good}}","events":["*"],"enabled":true}""", "BODY-02"),
            ("a", """{"url":"https://a.example\ud800/","events":["*"]}""", "BODY-02"),
        ];
        foreach (var (id, body, code) in cases)
        {
            using var answer = await http.PutAsync($"/v1/webhooks/{id}", new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Equal(code, await CodeAsync(HttpStatusCode.UnprocessableEntity, answer));
        }

        using var torn = await http.PutAsync("/v1/webhooks/a", new StringContent("{\"url\":", Encoding.UTF8, "application/json"));
        Assert.Equal("BODY-01", await CodeAsync(HttpStatusCode.BadRequest, torn));
        Assert.Empty((await ReadAsync<WebhookList>(await http.GetAsync("/v1/webhooks"))).Webhooks);
    }

    [Fact]
    public async Task A_seller_has_so_many_webhooks_and_no_more_however_many_are_put_at_once()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, ("Delivery:Webhooks:MostPerSeller", "3"));
        using var http = delivery.As(Seller);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => http.PutAsJsonAsync($"/v1/webhooks/w{i}", Wanted("https://shop.example.invalid/")))
        );
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            Assert.Equal("DEL-HOOK-05", await CodeAsync(HttpStatusCode.UnprocessableEntity, refused));
        }
    }

    [Fact]
    public async Task Webhooks_are_for_the_seller_whose_they_are_and_a_key_that_may()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller);
        using var other = delivery.As("otro");
        using var reader = delivery.As(Seller, Scopes.InvoicesRead);
        using var put = await http.PutAsJsonAsync("/v1/webhooks/shop", Wanted("https://shop.example.invalid/"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);

        Assert.Empty((await ReadAsync<WebhookList>(await other.GetAsync("/v1/webhooks"))).Webhooks);
        foreach (
            var answer in new[]
            {
                await other.GetAsync("/v1/webhooks/shop"),
                await other.DeleteAsync("/v1/webhooks/shop"),
                await other.PostAsync("/v1/webhooks/shop/enable", null),
                await other.GetAsync("/v1/webhooks/shop/deliveries"),
                await other.PostAsJsonAsync("/v1/webhooks/shop/redeliver", new { status = "failed" }),
                await http.GetAsync("/v1/webhooks/none/deliveries"),
                await http.GetAsync("/v1/webhooks/a%20b/deliveries"),
            }
        )
        {
            Assert.Equal("DEL-HOOK-01", await CodeAsync(HttpStatusCode.NotFound, answer));
        }

        using var forbidden = await reader.PutAsJsonAsync("/v1/webhooks/shop", Wanted("https://shop.example.invalid/"));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await delivery.Http.GetAsync("/v1/webhooks")).StatusCode);
        // The other seller may have one of the same name.
        using var theirs = await other.PutAsJsonAsync("/v1/webhooks/shop", Wanted("https://otro.example.invalid/"));
        Assert.Equal(HttpStatusCode.Created, theirs.StatusCode);
        Assert.Equal("https://shop.example.invalid/", (await ReadAsync<Webhook>(await http.GetAsync("/v1/webhooks/shop"))).Url);
    }

    [Fact]
    public async Task A_question_or_redelivery_that_cannot_be_read_is_refused()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller);
        using var put = await http.PutAsJsonAsync("/v1/webhooks/shop", Wanted("https://shop.example.invalid/"));
        foreach (var query in new[] { "status=lost", "limit=0", "limit=201", "limit=many", "cursor=!!", "cursor=YWJj", "cursor=A" })
        {
            Assert.Equal(
                "QUERY-01",
                await CodeAsync(HttpStatusCode.BadRequest, await http.GetAsync($"/v1/webhooks/shop/deliveries?{query}"))
            );
        }

        var id = EventId.New();
        foreach (
            var (body, status, code) in new[]
            {
                ("{}", HttpStatusCode.UnprocessableEntity, "DEL-HOOK-07"),
                ("""{"status":"pending"}""", HttpStatusCode.UnprocessableEntity, "DEL-HOOK-07"),
                ($$"""{"deliveryId":"{{id}}","status":"failed"}""", HttpStatusCode.UnprocessableEntity, "DEL-HOOK-07"),
                ("""{"deliveryId":"7"}""", HttpStatusCode.UnprocessableEntity, "BODY-02"),
                ("""{"from":"yesterday"}""", HttpStatusCode.UnprocessableEntity, "BODY-02"),
                ($$"""{"deliveryId":"{{id}}"}""", HttpStatusCode.NotFound, "DEL-HOOK-06"),
            }
        )
        {
            using var answer = await http.PostAsync(
                "/v1/webhooks/shop/redeliver",
                new StringContent(body, Encoding.UTF8, "application/json")
            );
            Assert.Equal(code, await CodeAsync(status, answer));
        }

        using var nothing = await http.PostAsJsonAsync("/v1/webhooks/shop/redeliver", new { from = "0001-01-01T00:00:00Z" });
        Assert.Equal(HttpStatusCode.Accepted, nothing.StatusCode);
        Assert.Equal(0, (await ReadAsync<Redelivery>(nothing)).Queued);
    }

    private static object Wanted(string url, params string[] events) =>
        new { url, events = events.Length > 0 ? events : [InvoicePaid.Exchange] };

    private Task<ServiceHost> DeliveryAsync(Neighbourhood neighbours, params (string, string)[] more) =>
        neighbours.DeliveryAsync(
            infrastructure,
            "smtp://127.0.0.1:9",
            null,
            [.. HookSink.Quick, ("Delivery:Webhooks:AllowPrivate", "false"), .. more]
        );

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<T>(body, Wire.Tolerant)!;
    }

    private static async Task<string?> CodeAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("code").GetString();
    }
}
