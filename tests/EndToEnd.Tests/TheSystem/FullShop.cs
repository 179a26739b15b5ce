using System.Globalization;
using System.Net.Http.Headers;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Demo;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>
/// A shop with something of everything: invoices, tickets, payments, a bank's file, a mandate, promises, disputes, offers, keys, webhooks,
/// schedules. Every name and text of it holds a word that nobody else's data holds.
/// </summary>
internal sealed partial class FullShop
{
    public static readonly string[] Services = ["invoicing", "delivery", "payments", "collections", "reporting"];

    private readonly StartedSystem _system;
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    private FullShop(StartedSystem system, Shop shop, string mark, string? otherMark) =>
        (_system, Shop, Mark, OtherMark) = (system, shop, mark, otherMark ?? mark);

    public Shop Shop { get; }

    /// <summary>The word.</summary>
    public string Mark { get; }

    /// <summary>The word of its second store.</summary>
    public string OtherMark { get; }

    /// <summary>What it asked of the services to be as it is, so that others can ask the same.</summary>
    public List<(string Method, string Service, string Path, JsonNode? Body)> Asked { get; } = [];

    public string CustomerEmail => $"{Mark}-cliente@example.com";

    /// <summary>Someone who bought in the second store alone.</summary>
    public string OtherCustomerEmail => $"{OtherMark}-otra@example.com";

    /// <summary>An invoice that is open, of the first store.</summary>
    public string Invoice { get; private set; } = "";

    /// <summary>Those of the second store.</summary>
    public List<string> OfOtherStore { get; } = [];

    /// <summary>A ticket of the first store.</summary>
    public string Ticket { get; private set; } = "";

    /// <summary>What a pay link holds.</summary>
    public string PayToken { get; private set; } = "";

    /// <summary>Values by the name of what they identify.</summary>
    public IReadOnlyDictionary<string, List<string>> Values => _values;

    public static async Task<FullShop> OpenAsync(StartedSystem system, string name, string? otherMark = null, string? mark = null)
    {
        mark ??= $"zq{Guid.CreateVersion7().ToString("N")[^12..]}";
        var full = new FullShop(system, await Shop.OpenAsync(system, name), mark, otherMark);
        await full.NameAsync();
        await full.SetUpAsync();
        await full.SellAsync();
        await full.TakeMoneyAsync();
        await full.CollectAsync();
        await full.HarvestAsync();
        return full;
    }

    /// <summary>A member of its staff, by role; held to the first store where it says so.</summary>
    public async Task<string> StaffAsync(string role, bool held = false)
    {
        var email = $"{Mark}-{role}{(held ? "-s01" : "")}@example.com";
        using var admin = _system.Admin();
        await SaidAsync(
            admin,
            HttpMethod.Put,
            $"/v1/sellers/{Shop.Id}/staff/{email}",
            held ? new JsonObject { ["role"] = role, ["stores"] = new JsonArray("S01") } : new JsonObject { ["role"] = role }
        );
        return email;
    }

    /// <summary>Everything that its own key can read, by address.</summary>
    public async Task<SortedDictionary<string, string>> ReadAllAsync()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var service in Services)
        {
            using var http = Shop.Http(service);
            foreach (var route in (await Route.OfAsync(_system, service)).Where(route => route.Method == "GET"))
            {
                if (route.Parts.Any(part => !_values.ContainsKey(part)))
                {
                    continue;
                }

                var path = route.Filled(part => _values[part][0]);
                var query = path.StartsWith("/v1/reports", StringComparison.Ordinal) ? "?from=2026-01-01&to=2027-12-31" : "";
                var answer = await Visit.AnswerAsync(http, new HttpRequestMessage(HttpMethod.Get, path + query));
                if (answer.IsFine && answer.Type != "text/event-stream")
                {
                    // As of when something is said changes with each saying.
                    all[$"{service}{path}"] = Instants().Replace(answer.Body, "…");
                }
            }
        }

        return all;
    }

    /// <summary>Another name of something, or one that no list tells.</summary>
    public void Know(string name, params IEnumerable<string> values)
    {
        if (!_values.TryGetValue(name, out var known))
        {
            _values[name] = known = [];
        }

        known.AddRange(values.Where(value => value.Length is > 0 and < 300 && !known.Contains(value)));
    }

    private async Task NameAsync()
    {
        using var admin = _system.Admin();
        var seller = await SaidAsync(admin, HttpMethod.Get, $"/v1/sellers/{Shop.Id}", null);
        var told = DemoShop.Seller with
        {
            Name = $"Comercios {Mark}, S.L.",
            TradeName = $"Tienda {Mark}",
            RegistryData = $"Registro de {Mark}",
            Email = Shop.Email,
            TaxId = (string)seller["taxId"]!,
            Iban = Shop.Iban,
        };
        await SaidAsync(admin, HttpMethod.Put, $"/v1/sellers/{Shop.Id}", JsonSerializer.SerializeToNode(told, Wire.Tolerant));
        Know("taxId", told.TaxId);
        Know("iban", Shop.Iban);
        Know("sellerId", Shop.Id);
    }

    private async Task SetUpAsync()
    {
        using (var payments = Shop.Http("payments"))
        {
            await SeedProviders.StripeAsync(
                payments,
                _system.Now.Http("stripe"),
                $"acct_{Shop.Id.Replace('-', 'x')}",
                TestContext.Current.CancellationToken
            );
        }

        await AskAsync("PUT", "delivery", "/v1/campaigns/vuelve", Campaign());
        await AskAsync(
            "PUT",
            "delivery",
            "/v1/customers/K-2/consent",
            new
            {
                purpose = "offers",
                granted = true,
                source = $"web de {Mark}",
            }
        );
        await AskAsync(
            "PUT",
            "delivery",
            "/v1/webhooks/caja",
            new { url = $"https://{Mark}.example/hooks", events = new[] { "collections.receivable-overdue.v1" } }
        );
        await AskAsync("PUT", "delivery", "/v1/recommendations/rules", new { leftOut = new[] { $"{Mark}*" } });
        await AskAsync("PUT", "delivery", "/v1/dkim/tienda.example", new { selector = "retail1" });
        await AskAsync("PUT", "collections", "/v1/dunning-policies/firme", Policy());
        await AskAsync("PUT", "collections", "/v1/collections-settings", new { writeOffWithoutApprovalUpTo = "0.00" });
        await AskAsync(
            "PUT",
            "reporting",
            "/v1/report-schedules/lunes",
            new
            {
                report = "sales",
                cadence = "weekly",
                format = "csv",
                recipients = new[] { $"{Mark}-informes@example.com" },
                parameters = new { groupBy = "store" },
            }
        );
        await AskAsync(
            "PUT",
            "payments",
            "/v1/direct-debit-settings",
            new
            {
                creditorId = CreditorOf(_values["taxId"][0]),
                name = $"Comercios {Mark}",
                iban = Shop.Iban,
                leadDays = 2,
            }
        );
        await AskAsync(
            "PUT",
            "payments",
            "/v1/mandates/M-5",
            new
            {
                customerId = "K-5",
                name = $"Deudora {Mark}",
                iban = "ES7921000813610123456789",
                signedOn = Day(-30),
            }
        );
        await AskAsync(
            "PUT",
            "payments",
            "/v1/payment-policy",
            new
            {
                tolerance = "0.05",
                credit = "offset",
                means = new[] { "bizum", "card", "transfer" },
            }
        );
    }

    private async Task SellAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        Invoice = await PostAsync(Sale("FULL-1", "S01", now.AddHours(-9), "64.90", Buyer("K-2", CustomerEmail, Mark)));
        await PostAsync(Sale("FULL-2", "S01", now.AddHours(-8), "30.00", Buyer("K-2", CustomerEmail, Mark)));
        await PostAsync(Sale("FULL-3", "S01", now.AddHours(-7), "12.00", Buyer("K-5", $"{Mark}-cinco@example.com", Mark)));
        var returned = await PostAsync(Sale("FULL-4", "S01", now.AddHours(-6), "18.00", Buyer("K-2", CustomerEmail, Mark)));
        Ticket = await PostAsync(Sale("FULL-5", "S01", now.AddHours(-5), "9.95", null));
        OfOtherStore.Add(
            await PostAsync(Sale("FULL-6", "S02", now.AddHours(-4), "41.00", Buyer("K-7", OtherCustomerEmail, OtherMark), OtherMark))
        );
        OfOtherStore.Add(await PostAsync(Sale("FULL-7", "S02", now.AddHours(-3), "7.50", null, OtherMark)));
        OfOtherStore.Add(
            await PostAsync(Sale("FULL-8", "S02", now.AddHours(-2), "22.00", Buyer("K-7", OtherCustomerEmail, OtherMark), OtherMark))
        );
        var back = Sale("FULL-9", "S01", now.AddHours(-1), "18.00", null);
        back["returnOf"] = new JsonObject { ["invoiceId"] = returned };
        back["lines"]![0]!["quantity"] = "-1";
        back.Remove("payments");
        await PostAsync(back);
        await Wait.EqualAsync(
            "what is owed is known everywhere",
            Wait.Generous,
            true,
            async () =>
                Shop.ItemsOf(await Shop.GetAsync("collections", "/v1/receivables?limit=200")).GetArrayLength() >= 5
                && (await Shop.GetAsync("payments", $"/v1/invoices/{OfOtherStore[^1]}/balance")).GetProperty("amountDue").GetString()
                    == "22.00"
        );
    }

    private async Task TakeMoneyAsync()
    {
        var second = (await Shop.GetAsync("invoicing", "/v1/invoices?saleId=FULL-2")).GetProperty("invoices")[0].GetProperty("invoiceId");
        var paid = await AskAsync(
            "POST",
            "payments",
            "/v1/payments",
            new
            {
                invoiceId = second.GetString(),
                means = "transfer",
                amount = "35.00",
                reference = $"{Mark}-transferencia",
            }
        );
        Know("paymentId", (string)paid["paymentId"]!);
        Know("id", (string)paid["paymentId"]!);
        await AskAsync(
            "POST",
            "payments",
            $"/v1/payments/{(string)paid["paymentId"]!}/refunds",
            new { amount = "1.00", reference = $"{Mark}-devuelto" }
        );
        var link = await AskAsync("POST", "payments", $"/v1/invoices/{Invoice}/payment-links", new { });
        PayToken = new Uri((string)link["url"]!).Segments[^1];
        using (var http = Shop.Http("payments"))
        {
            using var file = new StringContent(Statement(), Encoding.UTF8, "application/xml");
            using var read = await http.PostAsync("/v1/bank-statements", file, TestContext.Current.CancellationToken);
            Assert.True(read.IsSuccessStatusCode, await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        using (var http = Shop.Http("payments"))
        {
            using var body = Json(new JsonObject { ["collectOn"] = Day(40), ["reference"] = $"{Mark}-LOTE" });
            using var made = await http.PostAsync("/v1/direct-debits", body, TestContext.Current.CancellationToken);
            Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Know("batchId", made.Headers.GetValues("X-Batch-Id"));
        }
    }

    private async Task CollectAsync()
    {
        foreach (var (invoice, word) in new[] { (Invoice, Mark), (OfOtherStore[0], OtherMark) })
        {
            var path = $"/v1/receivables/{invoice}";
            await AskAsync("POST", "collections", $"{path}/acts", new { kind = "note", why = $"Nota de {word}" });
            await AskAsync("POST", "collections", $"{path}/holds", new { reason = $"Espera de {word}" });
            await AskAsync("POST", "collections", $"{path}/disputes", new { lineId = "1", reason = $"Roto, dice {word}" });
            await AskAsync(
                "POST",
                "collections",
                $"{path}/promises",
                new
                {
                    date = Day(7),
                    amount = "10.00",
                    why = $"Palabra de {word}",
                }
            );
        }

        await AskAsync("POST", "collections", "/v1/customers/K-7/holds", new { reason = $"Espera de {OtherMark}" });
        await AskAsync(
            "POST",
            "collections",
            $"/v1/receivables/{OfOtherStore[2]}/write-off",
            new { amount = "20.00", reason = $"Perdido, {OtherMark}" }
        );
    }

    /// <summary>What its own lists name, and what was answered when it was made.</summary>
    private async Task HarvestAsync()
    {
        Know("invoiceId", [Invoice, Ticket, .. OfOtherStore]);
        Know("customerId", "K-2", "K-7");
        Know("email", CustomerEmail, await StaffAsync("owner"), await StaffAsync("collector"));
        Know("address", CustomerEmail);
        Know("channel", "email", "sms");
        Know("domain", "tienda.example");
        Know("name", "mail", "page");
        Know("webhookId", "caja");
        Know("campaignId", "vuelve");
        Know("policyId", "firme");
        Know("scheduleId", "lunes");
        Know("mandateId", "M-5");
        Know("provider", "stripe");
        Know("halfYear", "2026-07-01");
        Know("saleId", "FULL-1");
        Know("number", (await Shop.GetAsync("invoicing", $"/v1/invoices/{Invoice}")).GetProperty("number").GetString()!);
        using (var admin = _system.Admin())
        {
            var keys = await SaidAsync(admin, HttpMethod.Get, $"/v1/sellers/{Shop.Id}/keys", null);
            KnowAll(keys);
        }

        for (var round = 0; round < 2; round++)
        {
            foreach (var (_, text) in await ReadAllAsync())
            {
                if (text.Length > 0 && text[0] is '{' or '[')
                {
                    KnowAll(JsonNode.Parse(text));
                }
            }
        }
    }

    private void KnowAll(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var each in list)
                {
                    KnowAll(each);
                }

                break;
            case JsonObject told:
                foreach (var (name, value) in told)
                {
                    if (
                        name.EndsWith("Id", StringComparison.Ordinal)
                        && value is JsonValue known
                        && known.TryGetValue<string>(out var text)
                    )
                    {
                        Know(name, text);
                    }
                    else if (name == "code" && value is JsonValue code && code.TryGetValue<string>(out var coupon))
                    {
                        Know("code", coupon);
                    }
                    else
                    {
                        KnowAll(value);
                    }
                }

                break;
        }
    }

    private async Task<string> PostAsync(JsonObject sale) => (string)(await AskAsync("POST", "invoicing", "/v1/sales", sale))["invoiceId"]!;

    private async Task<JsonNode> AskAsync(string method, string service, string path, object body)
    {
        var sent = body as JsonNode ?? JsonSerializer.SerializeToNode(body)!;
        Asked.Add((method, service, path, sent));
        using var http = Shop.Http(service);
        var said = await SaidAsync(http, new HttpMethod(method), path, sent);
        KnowAll(said);
        return said;
    }

    private static async Task<JsonNode> SaidAsync(HttpClient http, HttpMethod method, string path, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json(body) };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject();
    }

    private static StringContent Json(JsonNode body) =>
        new(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private JsonObject Sale(string saleId, string store, DateTimeOffset at, string price, JsonObject? buyer, string? mark = null)
    {
        var sale = new JsonObject
        {
            ["saleId"] = saleId,
            ["storeId"] = store,
            ["occurredAt"] = at.ToString("O", CultureInfo.InvariantCulture),
            ["currency"] = "EUR",
            ["lines"] = new JsonArray(
                new JsonObject
                {
                    ["sku"] = "71053",
                    ["name"] = $"Jarrón {mark ?? Mark}",
                    ["quantity"] = "1",
                    ["unitPrice"] = price,
                    ["vat"] = new JsonObject { ["category"] = "S", ["rate"] = "21" },
                }
            ),
        };
        if (buyer is not null)
        {
            sale["buyer"] = buyer;
        }
        else
        {
            sale["payments"] = new JsonArray(new JsonObject { ["means"] = "cash", ["amount"] = price });
        }

        return sale;
    }

    private static JsonObject Buyer(string customerId, string email, string mark) =>
        new()
        {
            ["customerId"] = customerId,
            ["name"] = $"Eva {mark}",
            ["taxId"] = "12345678Z",
            ["email"] = email,
            ["address"] = new JsonObject
            {
                ["line1"] = $"Calle de {mark} 1",
                ["postalCode"] = "28004",
                ["city"] = "Madrid",
                ["country"] = "ES",
            },
        };

    private object Campaign() =>
        new
        {
            name = $"Vuelve, {Mark}",
            from = Day(0),
            to = Day(60),
            texts = new { es = new { title = $"Oferta de {Mark}", text = "En tu próxima compra." } },
            coupon = new
            {
                percent = "10",
                validDays = 30,
                prefix = "VUELVE",
            },
        };

    private object Policy() =>
        new
        {
            name = $"Firmes con {Mark}",
            steps = new object[]
            {
                new
                {
                    step = "reminder-1",
                    offsetDays = 2,
                    at = "10:00",
                    channels = new[] { "email" },
                },
                new
                {
                    step = "final",
                    offsetDays = 30,
                    template = "final",
                    tone = "firm",
                },
            },
        };

    /// <summary>A transfer of somebody unknown.</summary>
    private string Statement() =>
        $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
            <GrpHdr><MsgId>M-{Shop.Iban}</MsgId><CreDtTm>{Day(0)}T08:00:00</CreDtTm></GrpHdr>
            <Stmt><Id>S-{Shop.Iban}</Id><CreDtTm>{Day(0)}T08:00:00</CreDtTm><Acct><Id><IBAN>{Shop.Iban}</IBAN></Id></Acct>
            {Balance("OPBD", "0.00")}{Balance("CLBD", "77.00")}{Entry("1", "41.00")}{Entry("2", "36.00")}
            </Stmt></BkToCstmrStmt></Document>
            """;

    private static string Balance(string code, string amount) =>
        $"""
            <Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
            <Dt><Dt>{Day(0)}</Dt></Dt></Bal>
            """;

    private string Entry(string place, string amount) =>
        $"""
            <Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
            <BookgDt><Dt>{Day(0)}</Dt></BookgDt><ValDt><Dt>{Day(0)}</Dt></ValDt><AcctSvcrRef>R{place}-{Shop.Iban}</AcctSvcrRef>
            <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
            <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
            <RltdPties><Dbtr><Pty><Nm>Pagadora {Mark}</Nm></Pty></Dbtr></RltdPties>
            <RmtInf><Ustrd>pago {Mark}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
            """;

    /// <summary>The SEPA creditor identifier of a NIF: its check digits leave the business code out.</summary>
    private static string CreditorOf(string taxId)
    {
        var digits = string.Concat($"{taxId}ES00".Select(each => char.IsAsciiDigit(each) ? $"{each}" : $"{each - 'A' + 10}"));
        var check = 98 - (int)(BigInteger.Parse(digits, CultureInfo.InvariantCulture) % 97);
        return $"ES{check.ToString("D2", CultureInfo.InvariantCulture)}ZZZ{taxId}";
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(Z|[+-]\d\d:\d\d)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instants();

    private static string Day(int days) =>
        DateOnly
            .FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
            .AddDays(days)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
