using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>Whatever a client sends, each door answers in words, and nothing has changed.</summary>
public sealed class BadInput(SharedSystem shared)
{
    private const int OverTheLimit = 5 * 1024 * 1024;
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch"];

    [Theory]
    [InlineData("invoicing")]
    [InlineData("delivery")]
    [InlineData("payments")]
    [InlineData("collections")]
    [InlineData("reporting")]
    [InlineData("portal")]
    public async Task Every_endpoint_refuses_what_is_malformed_oversized_contradictory_or_foreign_and_changes_nothing(string service)
    {
        var system = await shared.Started;
        var own = await Shop.OpenAsync(system, "bad");
        var other = await Shop.OpenAsync(system, "other");
        var invoice = await PostSaleAsync(own, "BAD-1");
        var foreign = await PostSaleAsync(other, "OTHER-1");
        await SettledAsync(own);
        await SettledAsync(other);
        var (before, beforeOther) = (await StateAsync(own), await StateAsync(other));
        using var document = await JsonDocument.ParseAsync(
            await own.Http(service).GetStreamAsync("/openapi/v1.json", TestContext.Current.CancellationToken)
        );
        var broken = new List<string>();
        var asked = 0;

        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Where(method => Methods.Contains(method.Name)))
            {
                foreach (var (address, key, body) in Attempts(system, own, path.Name, method.Name, invoice, foreign))
                {
                    asked++;
                    if (await AskAsync(system, service, method.Name, address, key, body) is { } trouble)
                    {
                        broken.Add(trouble);
                    }
                }
            }
        }

        Assert.True(asked > 0 || service == "portal", $"{service} tells of no endpoints");
        Assert.True(broken.Count == 0, string.Join('\n', broken.Distinct().Take(40)));
        Assert.Equal(before, await StateAsync(own));
        Assert.Equal(beforeOther, await StateAsync(other));
    }

    [Fact]
    public async Task Each_kind_of_bad_sale_has_its_own_status_and_a_stable_code()
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, "bad");
        using var invoicing = shop.Http("invoicing");
        var good = Sale("BAD-2");

        Assert.Equal((400, true), await PostAsync(invoicing, "{\"saleId\":"));
        Assert.Equal((422, true), await PostAsync(invoicing, good.Replace("\"EUR\"", "\"euro\"", StringComparison.Ordinal)));
        Assert.Equal(
            (422, true),
            await PostAsync(invoicing, good.Replace("{\"saleId\"", "{\"colour\":1,\"saleId\"", StringComparison.Ordinal))
        );
        Assert.Equal((413, true), await PostAsync(invoicing, $"{{\"saleId\":\"{new string('x', OverTheLimit)}\"}}"));
        Assert.Equal(201, (await PostAsync(invoicing, good)).Status);
        Assert.Equal(200, (await PostAsync(invoicing, good)).Status);
        Assert.Equal((409, true), await PostAsync(invoicing, good.Replace("9.95", "9.96", StringComparison.Ordinal)));
        using var nobody = system.Http("invoicing", "");
        Assert.Equal((401, true), await PostAsync(nobody, good));
        using var admin = system.Admin();
        Assert.Equal((403, true), await PostAsync(admin, good));
    }

    [Fact]
    public async Task A_seller_never_sees_anothers_invoice_by_any_identifier_on_any_service()
    {
        var system = await shared.Started;
        var own = await Shop.OpenAsync(system, "own");
        var other = await Shop.OpenAsync(system, "other");
        var id = await PostSaleAsync(other, "SECRET-1");
        await SettledAsync(other);

        foreach (
            var (service, path) in new[]
            {
                ("invoicing", $"/v1/invoices/{id}"),
                ("invoicing", $"/v1/invoices/{id}/document?format=ubl"),
                ("delivery", $"/v1/invoices/{id}/pdf"),
                ("delivery", $"/v1/invoices/{id}/html"),
                ("payments", $"/v1/invoices/{id}/balance"),
            }
        )
        {
            using var http = own.Http(service);
            using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden, $"{path}: {answer.StatusCode}");
            using var theirs = other.Http(service);
            using var found = await theirs.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(found.IsSuccessStatusCode, $"{path} for its own seller: {found.StatusCode}");
        }

        Assert.Empty(await own.InvoicesAsync());
        Assert.Empty(await own.AllAsync<JsonElement>("invoicing", "/v1/invoices?saleId=SECRET-1"));
        Assert.Empty(await own.AllAsync<JsonElement>("collections", "/v1/receivables?limit=200"));
        Assert.Empty(await own.AllAsync<JsonElement>("delivery", $"/v1/transmissions?invoiceId={id}"));
    }

    /// <summary>Odd addresses, odd keys and odd bodies, one oddity at a time.</summary>
    private static IEnumerable<(string Address, string Key, (string Type, byte[] Content)? Body)> Attempts(
        StartedSystem system,
        Shop own,
        string path,
        string method,
        string invoice,
        string foreign
    )
    {
        var takesBody = method is not "get" and not "delete";
        (string, byte[])? plain = takesBody ? ("application/json", "{}"u8.ToArray()) : null;
        foreach (var address in Addresses(path, foreign))
        {
            yield return (address, own.Key, plain);
        }

        var first = Addresses(path, foreign).First();
        foreach (var key in new[] { system.Now.Admin!.ApiKey, "", "no.such.key" })
        {
            yield return (first, key, plain);
        }

        if (takesBody)
        {
            foreach (var key in new[] { own.Key, system.Now.Admin!.ApiKey })
            {
                foreach (var body in Bodies(invoice, foreign))
                {
                    yield return (first, key, body);
                }
            }
        }
    }

    private static IEnumerable<string> Addresses(string path, string foreign)
    {
        string[] values = path.Contains('{', StringComparison.Ordinal)
            ? [foreign, Guid.CreateVersion7().ToString(), "x", "%00", "..%2F..%2Fetc", "%F0%9F%8E%81", "' or 1=1 --", new string('9', 3000)]
            : [""];
        foreach (var value in values)
        {
            var filled = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+\}", value, default, TimeSpan.FromSeconds(1));
            yield return filled;
            yield return $"{filled}?limit=-1&cursor=%00&from=yesterday&to=9999-99-99&groupBy=x&format=%00&status=x&saleId=%00&q=%00&number=%25&bucket=x&account=%00";
            yield return $"{filled}?limit=99999999999&cursor=AAAA&from=0001-01-01&to=0001-01-01&groupBy=day&groupBy=day&profile=none&customerId={new string('x', 500)}";
        }
    }

    private static IEnumerable<(string Type, byte[] Content)> Bodies(string own, string foreign)
    {
        foreach (
            var text in new[]
            {
                "",
                "{",
                "[]",
                "null",
                "\"x\"",
                "{}",
                "{\"unknown\":1}",
                new string('[', 2000),
                "{\"saleId\":\"\\u0000\",\"storeId\":\"\\ud800\",\"occurredAt\":\"0001-01-01T00:00:00Z\",\"currency\":\"EUR\",\"lines\":[]}",
                Sale("BAD-3").Replace("\"1\"", "\"99999999999999999999\"", StringComparison.Ordinal),
                Sale("BAD-4").Replace("\"1\"", "1e99", StringComparison.Ordinal),
                Sale("BAD-5").Replace("9.95", "-9.95", StringComparison.Ordinal),
                Sale("BAD-6").Replace("\"21\"", "\"17\"", StringComparison.Ordinal),
                Sale("BAD-7")
                    .Replace("\"lines\"", "\"payments\":[{\"means\":\"card\",\"amount\":\"1000000\"}],\"lines\"", StringComparison.Ordinal),
                Sale("BAD-8").Replace("\"lines\"", $"\"returnOf\":{{\"invoiceId\":\"{foreign}\"}},\"lines\"", StringComparison.Ordinal),
                $"{{\"invoiceId\":\"{foreign}\",\"means\":\"card\",\"amount\":\"1.00\",\"reference\":\"X\"}}",
                $"{{\"invoiceId\":\"{own}\",\"means\":\"card\",\"amount\":\"-1.00\",\"reference\":\"X\"}}",
                $"{{\"invoiceId\":\"{own}\",\"means\":\"gold\",\"amount\":\"1.00\",\"reference\":\"\\u0000\"}}",
                "{\"amount\":\"NaN\",\"reference\":null}",
                "{\"scopes\":[\"everything\"]}",
                "{\"role\":\"king\",\"stores\":null}",
                "{\"name\":\"\",\"taxId\":\"X\",\"address\":null}",
            }
        )
        {
            yield return ("application/json", Encoding.UTF8.GetBytes(text));
        }

        yield return ("application/json", [0xff, 0xfe, 0x00, 0xd8]);
        yield return ("application/json", Encoding.UTF8.GetBytes($"{{\"saleId\":\"{new string('x', OverTheLimit)}\"}}"));
        yield return ("text/plain", "hello"u8.ToArray());
        yield return ("application/xml", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>"u8.ToArray());
        yield return ("application/x-ndjson", "{\n\n[]\nnull\n"u8.ToArray());
        yield return ("multipart/form-data; boundary=x", "--x\r\n"u8.ToArray());
    }

    private static async Task<string?> AskAsync(
        StartedSystem system,
        string service,
        string method,
        string address,
        string key,
        (string Type, byte[] Content)? body
    )
    {
        using var http = system.Http(service, key);
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address);
        if (body is { } given)
        {
            request.Content = new ByteArrayContent(given.Content);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", given.Type);
        }

        var what =
            $"{method.ToUpperInvariant()} {Shown(address)} {(body is null ? "" : Shown(Encoding.UTF8.GetString(body.Value.Content)))}";
        try
        {
            using var answer = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            );
            if ((int)answer.StatusCode >= 500)
            {
                return $"{what}: {(int)answer.StatusCode} {Shown(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))}";
            }

            return
                (int)answer.StatusCode >= 400
                && address.StartsWith("/v1", StringComparison.Ordinal)
                && service != "portal"
                && !IsProblem(answer.Content.Headers.ContentType)
                ? $"{what}: {(int)answer.StatusCode} without a problem in words"
                : null;
        }
        catch (HttpRequestException) when (body is { Content.Length: OverTheLimit or > OverTheLimit })
        {
            // The door was shut before everything had been said through it.
            return null;
        }
    }

    private static bool IsProblem(MediaTypeHeaderValue? type) => type?.MediaType == "application/problem+json";

    private static string Shown(string text) => text.Length > 160 ? $"{text[..160]}…" : text;

    /// <summary>Everything that a seller can see of itself and that bad input could have touched.</summary>
    private static async Task<string> StateAsync(Shop shop)
    {
        var state = new StringBuilder();
        foreach (
            var (service, path) in new[]
            {
                ("invoicing", "/v1/invoices?limit=200"),
                ("payments", "/v1/unallocated"),
                ("collections", "/v1/receivables?limit=200"),
                ("delivery", "/v1/transmissions?limit=200"),
                ("reporting", "/v1/reports/sales?from=2024-01-01&to=2030-12-31&groupBy=day"),
            }
        )
        {
            var seen = await shop.GetAsync(service, path);
            state.AppendLine(Shop.ItemsOf(seen).GetRawText());
        }

        return state.ToString();
    }

    private static Task SettledAsync(Shop shop) =>
        Wait.UntilAsync(
            "the sale has gone through every service",
            TimeSpan.FromSeconds(30),
            async () =>
                (await shop.SalesAsync(new(2024, 1, 1), new(2030, 12, 31))).Invoices == 1
                && (await shop.AllAsync<JsonElement>("delivery", "/v1/transmissions?limit=200")).All(each =>
                    each.GetProperty("status").GetString() == "sent"
                )
                && (await shop.AllAsync<JsonElement>("collections", "/v1/receivables?limit=200")).Count == 1
                && (await shop.GetAsync("payments", $"/v1/invoices/{(await shop.InvoicesAsync())[0].InvoiceId}/balance")).ValueKind
                    == JsonValueKind.Object
        );

    private static async Task<string> PostSaleAsync(Shop shop, string saleId)
    {
        using var http = shop.Http("invoicing");
        using var content = new StringContent(Sale(saleId), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/sales", content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("invoiceId").GetString()!;
    }

    private static async Task<(int Status, bool HasCode)> PostAsync(HttpClient http, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/sales", content, TestContext.Current.CancellationToken);
        var said = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (
            (int)answer.StatusCode,
            said.TryGetProperty("code", out var code) && code.GetString() is { Length: > 0 } && said.TryGetProperty("traceId", out _)
        );
    }

    private static string Sale(string saleId) =>
        JsonSerializer.Serialize(
            new
            {
                saleId,
                storeId = "S01",
                occurredAt = "2026-11-20T10:15:30+01:00",
                currency = "EUR",
                lines = new[]
                {
                    new
                    {
                        sku = "A",
                        name = "Taza",
                        quantity = "1",
                        unitPrice = "9.95",
                        vat = new { category = "S", rate = "21" },
                    },
                },
                buyer = new
                {
                    customerId = "K-9",
                    name = "Eva Prado",
                    taxId = "12345678Z",
                    address = new
                    {
                        line1 = "Calle 1",
                        postalCode = "28004",
                        city = "Madrid",
                        country = "ES",
                    },
                },
            }
        );
}
