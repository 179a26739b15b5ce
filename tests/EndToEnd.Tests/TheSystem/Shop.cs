using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>A seller of a test's own, with a key for everything.</summary>
public sealed class Shop(StartedSystem system, string id, string key, string iban)
{
    /// <summary>Its id.</summary>
    public string Id { get; } = id;

    /// <summary>Its key.</summary>
    public string Key { get; } = key;

    /// <summary>Transfers go here; nobody else has this account.</summary>
    public string Iban { get; } = iban;

    /// <summary>Mails come from here.</summary>
    public string Email => EmailOf(Id);

    /// <summary>Registers one.</summary>
    public static async Task<Shop> OpenAsync(StartedSystem system, string name)
    {
        var id = $"{name}-{Guid.CreateVersion7():N}"[..(name.Length + 13)];
        var iban = NewIban();
        using var admin = system.Admin();
        using var registered = await admin.PutAsJsonAsync(
            $"/v1/sellers/{id}",
            DemoShop.Seller with
            {
                Email = EmailOf(id),
                TaxId = NewTaxId(),
                Iban = iban,
            },
            Wire.Tolerant,
            TestContext.Current.CancellationToken
        );
        Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var key = await Connections.MakeKeyAsync(admin, id, DemoShop.Scopes, TestContext.Current.CancellationToken);
        return new Shop(system, id, key.ApiKey, iban);
    }

    /// <summary>A client of a service with this seller's key.</summary>
    public HttpClient Http(string service) => system.Http(service, Key);

    /// <summary>A GET's JSON.</summary>
    public async Task<JsonElement> GetAsync(string service, string path)
    {
        using var http = Http(service);
        using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new HttpRequestException($"GET {path}: {(int)response.StatusCode} {text}", null, response.StatusCode);
    }

    /// <summary>A POST's status and JSON.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        string service,
        string path,
        object body,
        string? traceParent = null
    )
    {
        using var http = Http(service);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: Wire.Tolerant) };
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            response.StatusCode,
            JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
        );
    }

    /// <summary>All its invoices, page by page.</summary>
    public Task<IReadOnlyList<InvoiceBody>> InvoicesAsync() => AllAsync<InvoiceBody>("invoicing", "/v1/invoices?limit=200");

    /// <summary>The invoices that are newer than one, the newest first; all of them where it is none.</summary>
    public async Task<IReadOnlyList<InvoiceBody>> InvoicesSinceAsync(InvoiceId? seen)
    {
        bool IsNew(InvoiceBody invoice) => invoice.InvoiceId != seen;
        var read = await AllAsync<InvoiceBody>("invoicing", "/v1/invoices?limit=200", page => page.All(IsNew));
        return [.. read.TakeWhile(IsNew)];
    }

    /// <summary>Every page of a list, or as many as are wanted.</summary>
    public async Task<IReadOnlyList<T>> AllAsync<T>(string service, string path, Func<IReadOnlyList<T>, bool>? goOn = null)
    {
        var all = new List<T>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = await GetAsync(service, cursor == "" ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            var items = ItemsOf(page).EnumerateArray().Select(item => item.Deserialize<T>(Wire.Tolerant)!).ToList();
            all.AddRange(items);
            if (goOn?.Invoke(items) == false)
            {
                break;
            }

            cursor = page.EnumerateObject().FirstOrDefault(property => property.Name is "nextCursor").Value
                is { ValueKind: JsonValueKind.String } next
                ? next.GetString()
                : null;
        }

        return all;
    }

    /// <summary>The list in a page, whatever it is called.</summary>
    public static JsonElement ItemsOf(JsonElement page) =>
        page.EnumerateObject().First(property => property.Value.ValueKind == JsonValueKind.Array).Value;

    /// <summary>What the sales report says of a span of days: the sum with VAT and the number of invoices.</summary>
    public async Task<(decimal TotalWithVat, long Invoices)> SalesAsync(DateOnly from, DateOnly to)
    {
        var report = await GetAsync("reporting", $"/v1/reports/sales?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}&groupBy=day");
        var rows = report.GetProperty("rows").EnumerateArray().ToArray();
        return (rows.Sum(row => Amount(row, "totalWithVat")), rows.Sum(row => row.GetProperty("invoices").GetInt64()));
    }

    /// <summary>An amount of a JSON object, which is text.</summary>
    public static decimal Amount(JsonElement of, string field) =>
        decimal.Parse(of.GetProperty(field).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A company's NIF, valid by its check digit: two sellers of one would share their chain.</summary>
    private static string NewTaxId()
    {
        var digits = Random.Shared.Next(0, 10_000_000).ToString("D7", System.Globalization.CultureInfo.InvariantCulture);
        var sum = digits.Select((digit, i) => i % 2 == 1 ? digit - '0' : (digit - '0') * 2 / 10 + (digit - '0') * 2 % 10).Sum();
        return $"B{digits}{(10 - sum % 10) % 10}";
    }

    /// <summary>An account whose check digits hold: a bank tells of it to one seller.</summary>
    private static string NewIban()
    {
        var account =
            $"21000418{Random.Shared.NextInt64(0, 1_000_000_000_000).ToString("D12", System.Globalization.CultureInfo.InvariantCulture)}";
        var rest = (account + "142800").Aggregate(0, (sum, each) => (sum * 10 + each - '0') % 97);
        return $"ES{(98 - rest).ToString("D2", System.Globalization.CultureInfo.InvariantCulture)}{account}";
    }

    private static string EmailOf(string id) => $"{id}@tienda.example";
}
