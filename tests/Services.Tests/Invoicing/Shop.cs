using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Invoicing with one registered seller and its till.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public const string Seller = "nandu";

    private Shop(ServiceHost host, FakeTimeProvider clock)
    {
        Host = host;
        Clock = clock;
        Till = host.As(Seller);
    }

    public ServiceHost Host { get; }

    public FakeTimeProvider Clock { get; }

    /// <summary>A client with all scopes of the seller.</summary>
    public HttpClient Till { get; }

    public static async Task<Shop> OpenAsync(
        Infrastructure infrastructure,
        Action<JsonObject>? change = null,
        string now = "2026-11-23T10:15:30+01:00",
        IReadOnlyDictionary<string, string?>? configuration = null,
        ServiceHost? beside = null,
        Action<IServiceCollection>? services = null
    )
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime());
        var host = await ServiceHost.StartAsync<InvoicingOptions>(
            infrastructure,
            "invoicing",
            new HostSettings
            {
                Services = registered =>
                {
                    registered.AddSingleton<TimeProvider>(clock);
                    services?.Invoke(registered);
                },
                Configuration = configuration ?? new Dictionary<string, string?>(),
                Beside = beside,
            }
        );
        var shop = new Shop(host, clock);
        var seller = Registration();
        change?.Invoke(seller);
        using var admin = host.AsAdmin();
        var answer = await admin.PutAsJsonAsync($"/v1/sellers/{Seller}", seller);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return shop;
    }

    /// <summary>A seller as contract.md shows it.</summary>
    public static JsonObject Registration() =>
        JsonNode
            .Parse(
                """
                {"name":"Comercios Ñandú, S.L.","tradeName":"Ñandú","taxId":"B12345674",
                 "address":{"line1":"Calle Mayor 1","postalCode":"28013","city":"Madrid","region":"Madrid","country":"ES"},
                 "email":"tienda@example.com","phone":"+34910000000","iban":"ES9121000418450200051332","timeZone":"Europe/Madrid","language":"es",
                 "registryData":"RM Madrid, T 1, F 2","environment":"test","regime":"verifactu","territory":"common",
                 "stores":[{"storeId":"S01"}]}
                """
            )!
            .AsObject();

    /// <summary>A plain sale of one line.</summary>
    public static JsonObject Sale(string saleId, string unitPrice = "9.95", string quantity = "2", string rate = "21") =>
        JsonNode
            .Parse(
                $$$"""
                {"saleId":"{{{saleId}}}","storeId":"S01","tillId":"T2","occurredAt":"2026-11-23T10:15:00+01:00","currency":"EUR",
                 "lines":[{"sku":"85123A","name":"Portavelas","quantity":"{{{quantity}}}","unitPrice":"{{{unitPrice}}}","vat":{"category":"S","rate":"{{{rate}}}"}}]}
                """
            )!
            .AsObject();

    /// <summary>The same, sold to someone who is identified.</summary>
    public static JsonObject SaleTo(string saleId, string taxId = "00017850W", string unitPrice = "9.95", string quantity = "2")
    {
        var sale = Sale(saleId, unitPrice, quantity);
        sale["buyer"] = JsonNode.Parse(
            $$$"""
            {"customerId":"17850","name":"Customer 17850","taxId":"{{{taxId}}}","email":"c17850@example.com","language":"en",
             "address":{"line1":"Calle Mayor 1","postalCode":"28013","city":"Madrid","region":"Madrid","country":"ES"}}
            """
        );
        return sale;
    }

    /// <summary>All lines of a sale coming back.</summary>
    public static JsonObject Return(string saleId, string ofSale, string quantity = "-2", string unitPrice = "9.95")
    {
        var sale = Sale(saleId, unitPrice, quantity);
        sale["returnOf"] = new JsonObject { ["saleId"] = ofSale };
        return sale;
    }

    public Task<HttpResponseMessage> PostAsync(JsonObject sale) => PostAsync(sale.ToJsonString());

    public Task<HttpResponseMessage> PostAsync(string json) =>
        Till.PostAsync("/v1/sales", new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Posts a sale that must be issued.</summary>
    public async Task<InvoiceBody> IssueAsync(JsonObject sale)
    {
        var answer = await PostAsync(sale);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize<InvoiceBody>(body, Wire.Tolerant)!;
    }

    /// <summary>Changes what is stored, with the rights of the database's owner.</summary>
    public async Task<int> TamperAsync(string sql)
    {
        await using var command = Host.Database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Posts a sale that must be refused; the refusal's code.</summary>
    public async Task<string> RefuseAsync(JsonObject sale)
    {
        var answer = await PostAsync(sale);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{answer.StatusCode}: {body}");
        return JsonNode.Parse(body)!["code"]!.GetValue<string>();
    }

    /// <summary>Asks for a correction, exchange or cancellation that must be granted; the invoice that answers.</summary>
    public async Task<InvoiceBody> ActAsync(
        string address,
        string json,
        HttpStatusCode expected = HttpStatusCode.Created,
        string? key = null
    )
    {
        var answer = await AskForAsync(address, json, key);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize<InvoiceBody>(body, Wire.Tolerant)!;
    }

    /// <summary>Asks for one that must be refused; status and code of the refusal.</summary>
    public async Task<(HttpStatusCode Status, string Code)> RefuseActAsync(string address, string json, string? key = null)
    {
        var answer = await AskForAsync(address, json, key);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.False(answer.IsSuccessStatusCode, body);
        return (answer.StatusCode, JsonNode.Parse(body)!["code"]!.GetValue<string>());
    }

    public async Task<InvoiceBody> ReadAsync(InvoiceId invoice) =>
        JsonSerializer.Deserialize<InvoiceBody>(await Till.GetStringAsync($"/v1/invoices/{invoice}"), Wire.Tolerant)!;

    private Task<HttpResponseMessage> AskForAsync(string address, string json, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return Till.SendAsync(request);
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Host.Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Till.Dispose();
        await Host.DisposeAsync();
    }
}
