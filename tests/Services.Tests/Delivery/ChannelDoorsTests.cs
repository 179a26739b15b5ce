using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class ChannelDoorsTests(Infrastructure infrastructure)
{
    internal static readonly (string, string)[] Open =
    [
        ("Delivery:Webhooks:AllowPrivate", "true"),
        ("Keys:DkimKey", "key-of-the-tests-that-seals-channels-0123456789"),
    ];

    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_channel_is_set_up_seen_without_its_secrets_changed_and_taken_away()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", null, Open);
        using var http = delivery.As(Seller.Value);
        var sms = Sms("https://sms.example.com/send");
        sms["headers"] = new JsonObject { ["Authorization"] = "Bearer very-secret-token" };

        using var made = await http.PutAsJsonAsync("/v1/channels/sms", sms);
        sms["headers"]!["Authorization"] = "…";
        sms["priority"] = 3;
        using var changed = await http.PutAsJsonAsync("/v1/channels/sms", sms);
        using var print = await http.PutAsJsonAsync("/v1/channels/print", new JsonObject { ["enabled"] = false });

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Created, print.StatusCode);
        var text = await http.GetStringAsync("/v1/channels");
        Assert.DoesNotContain("very-secret", text, StringComparison.Ordinal);
        var kept = (await http.GetFromJsonAsync<KeptChannels>("/v1/channels", Wire.Tolerant))!.Channels;
        Assert.Equal(["sms", "print"], kept.Select(each => each.Channel));
        Assert.Equal((3, "https://sms.example.com/send"), (kept[0].Priority!.Value, kept[0].Url));
        Assert.Equal("…", kept[0].Headers!["Authorization"]);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        var stored = await connection.QuerySingleAsync<string>("select c::text from channel c where channel = 'sms'");
        var closed = await connection.QuerySingleAsync<byte[]>("select sealed_headers from channel where channel = 'sms'");
        Assert.DoesNotContain("very-secret", stored, StringComparison.Ordinal);
        Assert.Equal(-1, closed.AsSpan().IndexOf("very-secret"u8));
        using var other = delivery.As("otro");
        Assert.Empty((await other.GetFromJsonAsync<KeptChannels>("/v1/channels", Wire.Tolerant))!.Channels);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync("/v1/channels/sms")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync("/v1/channels/sms")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.DeleteAsync("/v1/channels/sms")).StatusCode);
        await RefusedAsync(http, "fax", Sms("https://x.example/"), HttpStatusCode.NotFound, "DEL-CHANNEL-01");
        await RefusedAsync(http, "print", Sms("https://x.example/"), HttpStatusCode.UnprocessableEntity, "DEL-CHANNEL-19");
        await RefusedAsync(http, "sms", Sms("https://user:pass@x.example/"), HttpStatusCode.UnprocessableEntity, "DEL-URL-01");
        using var reader = delivery.As(Seller.Value, Scopes.InvoicesRead);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PutAsJsonAsync("/v1/channels/sms", sms)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await delivery.Http.GetAsync("/v1/channels")).StatusCode);
    }

    [Fact]
    public async Task Secrets_sealed_for_one_seller_and_channel_open_nothing_elsewhere()
    {
        await using var gateway = await StandInGateway.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers["otro"] = SampleInvoice.Seller(SellerId.Of("otro"));
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", null, Open);
        using var http = delivery.As(Seller.Value);
        var sms = Sms(gateway.Url);
        sms["headers"] = new JsonObject { ["Authorization"] = "Bearer very-secret-token" };
        (await http.PutAsJsonAsync("/v1/channels/sms", sms)).EnsureSuccessStatusCode();
        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("update channel set seller_id = 'otro'");
        }

        using var other = delivery.As("otro");
        using var tested = await other.PostAsJsonAsync("/v1/channels/sms/test", new { to = "600112233" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, tested.StatusCode);
        Assert.Contains("DEL-CHANNEL-20", await tested.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(gateway.All);
    }

    [Fact]
    public async Task Without_a_key_to_seal_with_no_secret_is_kept_and_without_secrets_none_is_needed()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(
            infrastructure,
            "smtp://127.0.0.1:9",
            null,
            ("Delivery:Webhooks:AllowPrivate", "true"),
            ("Keys:DkimKey", "")
        );
        using var http = delivery.As(Seller.Value);
        var sms = Sms("https://sms.example.com/send");

        (await http.PutAsJsonAsync("/v1/channels/sms", sms)).EnsureSuccessStatusCode();
        sms["headers"] = new JsonObject { ["Authorization"] = "Bearer very-secret-token" };

        await RefusedAsync(http, "sms", sms, HttpStatusCode.ServiceUnavailable, "DEL-CHANNEL-15");
    }

    [Fact]
    public async Task A_test_message_shows_what_the_gateway_said_whether_the_channel_is_on_or_off()
    {
        await using var gateway = await StandInGateway.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", null, Open);
        using var http = delivery.As(Seller.Value);
        var sms = Sms(gateway.Url);
        sms["enabled"] = false;
        (await http.PutAsJsonAsync("/v1/channels/sms", sms)).EnsureSuccessStatusCode();

        var taken = await TestAsync("600 11 22 33");
        gateway.Answer = _ => (400, """{"error":"no credit"}""");
        var refused = await TestAsync("+34600112233");
        using var landline = await http.PostAsJsonAsync("/v1/channels/sms/test", new { to = "910000000" });
        using var none = await http.PostAsJsonAsync("/v1/channels/whatsapp/test", new { to = "600112233" });

        Assert.Equal(("accepted", "Ñandu: prueba del canal. No tienes que hacer nada."), (taken.Outcome, taken.Text));
        Assert.Equal(("refused", """400 {"error":"no credit"}"""), (refused.Outcome, refused.Detail));
        Assert.Contains("+34600112233", gateway.All[0].Body.Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("DEL-CHANNEL-17", await landline.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("DEL-CHANNEL-02", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, gateway.All.Count);

        async Task<TestedChannel> TestAsync(string to)
        {
            using var answer = await http.PostAsJsonAsync("/v1/channels/sms/test", new { to });
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<TestedChannel>(Wire.Tolerant))!;
        }
    }

    [Fact]
    public async Task A_till_gets_a_link_to_any_invoice_on_a_roll_until_print_is_switched_off()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", null, Open);
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        using var http = delivery.As(Seller.Value);
        using var till = delivery.As(Seller.Value, Scopes.InvoicesRead);

        using var answer = await till.PostAsync($"/v1/invoices/{invoice.InvoiceId}/print", null);
        using var foreign = await delivery.As("otro").PostAsync($"/v1/invoices/{invoice.InvoiceId}/print", null);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        var link = (await answer.Content.ReadFromJsonAsync<InvoiceLink>(Wire.Tolerant))!;
        using var printed = await delivery.Http.GetAsync(new Uri(link.Url).AbsolutePath);

        Assert.Equal("application/pdf", printed.Content.Headers.ContentType!.MediaType);
        using var pdf = PdfDocument.Open(await printed.Content.ReadAsByteArrayAsync());
        Assert.InRange(pdf.GetPage(1).Width, 226, 228);
        Assert.Contains(invoice.Number, pdf.GetPage(1).Text, StringComparison.Ordinal);
        (await http.PutAsJsonAsync("/v1/channels/print", new { enabled = false })).EnsureSuccessStatusCode();
        using var off = await till.PostAsync($"/v1/invoices/{invoice.InvoiceId}/print", null);
        Assert.Contains("DEL-CHANNEL-16", await off.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_shows_its_invoice_to_whoever_holds_it_to_no_search_engine_and_not_for_ever()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", null, Open);
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller));
        var links = (GiveInvoiceLink)delivery.Services.GetService(typeof(GiveInvoiceLink))!;
        var transmission = TransmissionId.New();

        var link = await LinkAsync();
        var path = new Uri(link.Url).AbsolutePath;
        using var page = await delivery.Http.GetAsync(path);
        var html = await page.Content.ReadAsStringAsync();
        using var pdf = await delivery.Http.GetAsync($"{path}/pdf");

        Assert.Equal(link.Url, (await LinkAsync()).Url);
        Assert.StartsWith("https://delivery.example.com/d/", link.Url, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(invoice.Number, html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{path[3..]}/pdf\"", html, StringComparison.Ordinal);
        Assert.Contains("noindex", page.Headers.GetValues("X-Robots-Tag").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True((await pdf.Content.ReadAsByteArrayAsync()).AsSpan().StartsWith("%PDF"u8), "a PDF");
        foreach (var nothing in new[] { "/d/x", "/d/AAAAAAAAAAAAAAAAAAAAAA", $"{path}x", "/d/AAAAAAAAAAAAAAAAAAAAAA/pdf" })
        {
            using var answer = await delivery.Http.GetAsync(nothing);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("update invoice_link set expires_at = now() - interval '1 second'");
        }

        using var late = await delivery.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        Assert.Equal("text/html", late.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Este enlace ya no muestra", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Task<InvoiceLink> LinkAsync() =>
            links.RunAsync(
                Seller,
                invoice.InvoiceId,
                InvoiceLinkKind.Page,
                transmission,
                WriteShortMessage.LinkLife,
                TestContext.Current.CancellationToken
            );
    }

    [Fact]
    public async Task Whoever_tries_many_links_is_slowed_down()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(
            infrastructure,
            "smtp://127.0.0.1:9",
            null,
            [.. Open, ("Delivery:LinksPerSecond", "1")]
        );

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => delivery.Http.GetAsync("/d/AAAAAAAAAAAAAAAAAAAAAA", TestContext.Current.CancellationToken))
        );

        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound), 1, 10);
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests && answer.Headers.RetryAfter is not null);
    }

    internal static JsonObject Sms(string url, int priority = 1) =>
        new()
        {
            ["enabled"] = true,
            ["priority"] = priority,
            ["url"] = url,
            ["body"] = """{"to":"{{to}}","text":"{{text}}","id":"{{key}}"}""",
        };

    private static async Task RefusedAsync(HttpClient http, string channel, JsonObject request, HttpStatusCode status, string code)
    {
        using var answer = await http.PutAsJsonAsync($"/v1/channels/{channel}", request);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
