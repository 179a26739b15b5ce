using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Payments;
using RetailInvoicing.Simulators.Bank;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>A simulated bank in this process.</summary>
internal sealed class PlayedBank : IAsyncDisposable
{
    private readonly WebApplication _bank;
    private readonly TemporaryFolder? _own;

    private PlayedBank(string? books)
    {
        _own = books is null ? new TemporaryFolder("retail-bank-") : null;
        var folder = books ?? _own!.Path;
        var port = Infrastructure.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = $"http://127.0.0.1:{port}",
                ["Bank:Data"] = folder,
                ["Bank:RetrySeconds"] = "0.1",
            }
        );
        _bank = Simulator.Build(builder);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
    }

    public HttpClient Http { get; }

    public static async Task<PlayedBank> StartAsync(string? books = null)
    {
        var bank = new PlayedBank(books);
        await bank._bank.StartAsync(TestContext.Current.CancellationToken);
        return bank;
    }

    public Task<JsonElement> TransferAsync(object transfer) => Http.PostAsJsonAsync("/control/transfers", transfer).JsonAsync(200);

    public Task<JsonElement> BooksAsync() => Http.GetAsync("/control/books").JsonAsync(200);

    public Task FaultAsync(object fault) => Http.PostAsJsonAsync("/control/faults", fault).JsonAsync(200);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _bank.DisposeAsync();
        _own?.Dispose();
    }
}

public sealed class BankTests(Infrastructure infrastructure)
{
    private const string Iban = "ES9121000418450200051332";
    private static int _invoices;

    [Fact]
    public async Task Every_published_QR_is_read_or_refused_as_its_verdict_has_it()
    {
        await using var bank = await PlayedBank.StartAsync();
        foreach (var (payload, isValid) in EpcVectors.All())
        {
            // A QR without an amount leaves it to the payer, who is asked.
            var asksForAmount = isValid && payload.Split('\n') is var lines && (lines.Length < 8 || lines[7].Length == 0);
            using var page = await bank.Http.GetAsync($"/transfer?epc={Uri.EscapeDataString(payload)}");
            var text = await page.Content.ReadAsStringAsync();

            Assert.True(
                page.StatusCode == (isValid && !asksForAmount ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity),
                $"{page.StatusCode}: {payload}"
            );
            Assert.Equal(isValid && !asksForAmount, text.Contains("id=\"transfer\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_page_says_that_it_moves_no_money_shows_what_is_paid_and_orders_once_however_often_it_is_pressed()
    {
        await using var bank = await PlayedBank.StartAsync();
        var payload = EpcQr.For("Comercios Ñandú, S.L.", Iban, null, Money.Of(64.90m, Currency.Eur), "RF18539007547034")!.Payload;
        var page = await bank.Http.GetStringAsync($"/transfer?epc={Uri.EscapeDataString(payload)}");
        var html = await new HtmlParser().ParseDocumentAsync(page);
        Assert.Contains("aquí no se mueve dinero", html.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Comercios Ñandú, S.L.", html.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("64,90\u00a0€", html.QuerySelector(".total")!.TextContent);
        Assert.Equal(
            ["ES91 2100 0418 4502 0005 1332", "RF18 5390 0754 7034"],
            html.QuerySelectorAll("dd").Select(each => each.TextContent)
        );
        Assert.Empty(html.Scripts);

        var fields = html.QuerySelectorAll("input[name]")
            .ToDictionary(each => each.GetAttribute("name")!, each => each.GetAttribute("value")!);
        using var first = await bank.Http.PostAsync("/transfer", new FormUrlEncodedContent(fields));
        using var second = await bank.Http.PostAsync("/transfer", new FormUrlEncodedContent(fields));
        Assert.Equal((HttpStatusCode.Found, first.Headers.Location), (second.StatusCode, second.Headers.Location));
        var made = await bank.Http.GetStringAsync(first.Headers.Location);
        Assert.Contains("El beneficiario no tiene avisos en este banco", made, StringComparison.Ordinal);
        var movement = Assert.Single((await bank.BooksAsync()).GetProperty("movements").EnumerateArray());
        Assert.Equal(("64.90", "RF18539007547034"), (movement.Text("amount"), movement.Text("reference")));
    }

    [Theory]
    [InlineData("/transfer?iban=ES9121000418450200051333&name=N&amount=1&reference=x", 422)]
    [InlineData("/transfer?iban=ES9121000418450200051332&name=N&amount=0&reference=x", 422)]
    [InlineData("/transfer?iban=ES9121000418450200051332&name=N&amount=1.005&reference=x", 422)]
    [InlineData("/transfer?iban=ES9121000418450200051332&name=N&amount=1e3&reference=x", 422)]
    [InlineData("/transfer?iban=ES9121000418450200051332&name=%00&amount=1&reference=x", 422)]
    [InlineData("/transfer?iban=ES9121000418450200051332&name=N&amount=1&reference=%0B", 422)]
    [InlineData("/transfer?iban=ES9121000418450200051332&name=N&amount=1&reference=x&fault=fire", 422)]
    [InlineData("/transfer?iban=es91+2100+0418+4502+0005+1332&name=N&amount=1,5", 200)]
    [InlineData("/transfer", 200)]
    [InlineData("/transfer/7", 404)]
    [InlineData("/control/statement?iban=ES00", 400)]
    [InlineData("/control/statement?iban=ES9121000418450200051332&date=2026-02-30", 400)]
    public async Task What_cannot_be_transferred_is_asked_for_again(string path, int status)
    {
        await using var bank = await PlayedBank.StartAsync();
        using var answer = await bank.Http.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task What_is_booked_is_told_to_the_seller_whose_books_say_what_it_pays()
    {
        await using var host = await StartAsync();
        await using var bank = await PlayedBank.StartAsync();
        using var http = host.As("s1");
        await ConnectAsync(bank, host);

        // As it should be, and told twice.
        var plain = await host.HearAsync(Invoice(40m));
        await bank.TransferAsync(Paying(plain));
        await StandsAsync(http, plain, "paid 40.00, refunded 0.00, due 0.00");
        await bank.FaultAsync(new { kind = "duplicate", times = 1 });
        var twice = await host.HearAsync(Invoice(41m));
        await bank.TransferAsync(Paying(twice));
        await StandsAsync(http, twice, "paid 41.00, refunded 0.00, due 0.00");

        // Two in one.
        var (one, other) = (await host.HearAsync(Invoice(50m)), await host.HearAsync(Invoice(51m)));
        Assert.Equal(JsonValueKind.Null, (await bank.TransferAsync(Paying(one, "merged"))).GetProperty("movement").ValueKind);
        await bank.TransferAsync(Paying(other));
        await StandsAsync(http, one, "paid 50.00, refunded 0.00, due 0.00");
        await StandsAsync(http, other, "paid 51.00, refunded 0.00, due 0.00");

        // A slip in the reference, with the exact amount, can be only one invoice's.
        var slip = await host.HearAsync(Invoice(60m));
        await bank.TransferAsync(Paying(slip, "typo"));
        await StandsAsync(http, slip, "paid 60.00, refunded 0.00, due 0.00");

        // Without a reference nobody knows for certain.
        var lost = await host.HearAsync(Invoice(70m));
        await bank.TransferAsync(Paying(lost, "lost-reference"));
        await Eventually.TrueAsync(
            async () =>
                (await bank.BooksAsync()).GetProperty("movements").EnumerateArray().Last().Text("answer") is "proposed" or "unknown",
            "the bank is told that nobody knows what it pays"
        );
        await StandsAsync(http, lost, "paid 0.00, refunded 0.00, due 70.00");

        // Late, and taken back.
        await bank.FaultAsync(
            new
            {
                kind = "late",
                times = 1,
                seconds = 0.3,
            }
        );
        await bank.FaultAsync(
            new
            {
                kind = "returned",
                times = 1,
                seconds = 0.1,
                code = "AC04",
            }
        );
        var back = await host.HearAsync(Invoice(80m));
        await bank.TransferAsync(Paying(back));
        await Eventually.TrueAsync(
            async () =>
                (await bank.BooksAsync()).GetProperty("movements").EnumerateArray().Last() is var last
                && last.Text("reason") == "AC04"
                && last.Text("toldAt") is not null,
            "the return is told"
        );
        await StandsAsync(http, back, "paid 80.00, refunded 80.00, due 80.00");

        Assert.Equal("312.00", (await bank.BooksAsync()).Text("balance"));
        Assert.Equal(312m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'bank'"));

        // The day's statement tells all of it again, and changes nothing.
        var statement = await bank.Http.GetByteArrayAsync($"/control/statement?iban={Iban}");
        using var content = new ByteArrayContent(statement) { Headers = { ContentType = new("application/xml") } };
        var again = (await http.PostAsync("/v1/bank-statements", content).JsonAsync(200)).GetProperty("statements")[0];
        Assert.Equal((0, 7), (again.GetProperty("new").GetInt32(), again.GetProperty("repeated").GetInt32()));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_seller_who_is_away_is_told_after_the_bank_has_started_again_and_one_who_is_not_told_has_the_statement()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1");
        var (away, silent) = (await host.HearAsync(Invoice(40m)), await host.HearAsync(Invoice(41m)));
        using var books = new TemporaryFolder("retail-bank-");
        await using (var bank = await PlayedBank.StartAsync(books.Path))
        {
            // Nobody listens there.
            await bank
                .Http.PutAsJsonAsync(
                    $"/control/accounts/{Iban}",
                    new { paymentsAddress = $"http://127.0.0.1:{Infrastructure.FreePort()}", apiKey = host.KeyFor("s1", "payments:write") }
                )
                .JsonAsync(200);
            var shown = await bank.Http.GetStringAsync($"/control/accounts/{Iban}");
            Assert.DoesNotContain("key", shown, StringComparison.OrdinalIgnoreCase);
            await bank.TransferAsync(Paying(silent, "lost-notice"));
            await bank.TransferAsync(Paying(away));
            await Eventually.TrueAsync(
                async () => (await bank.BooksAsync()).GetProperty("movements").EnumerateArray().Last().Text("trouble") is not null,
                "the bank has tried"
            );
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(books.Path, "journal.jsonl")));
        }

        // A line that a crash has torn was never answered.
        await File.AppendAllTextAsync(
            Path.Combine(books.Path, "journal.jsonl"),
            """{"movements":[{"numb""",
            TestContext.Current.CancellationToken
        );
        await using var again = await PlayedBank.StartAsync(books.Path);
        await again.Http.PutAsJsonAsync($"/control/accounts/{Iban}", new { paymentsAddress = host.HttpAddress.ToString() }).JsonAsync(200);
        await StandsAsync(http, away, "paid 40.00, refunded 0.00, due 0.00");
        await StandsAsync(http, silent, "paid 0.00, refunded 0.00, due 41.00");

        var statement = await again.Http.GetByteArrayAsync($"/control/statement?iban={Iban}");
        Assert.Contains("camt.053", Encoding.UTF8.GetString(statement), StringComparison.Ordinal);
        using var content = new ByteArrayContent(statement) { Headers = { ContentType = new("application/xml") } };
        await http.PostAsync("/v1/bank-statements", content).JsonAsync(200);
        await StandsAsync(http, silent, "paid 41.00, refunded 0.00, due 0.00");
    }

    [Fact]
    public async Task A_day_on_which_nothing_was_booked_has_a_statement_with_its_balance()
    {
        await using var bank = await PlayedBank.StartAsync();
        await bank.TransferAsync(
            new
            {
                iban = Iban,
                name = "N",
                amount = "12.10",
                reference = "hola",
            }
        );

        var empty = await bank.Http.GetStringAsync($"/control/statement?iban={Iban}&date=2026-01-31");
        Assert.Contains("2026-01-31", empty, StringComparison.Ordinal);
        Assert.DoesNotContain("Ntry", empty, StringComparison.Ordinal);
        await using var file = new MemoryStream(await bank.Http.GetByteArrayAsync($"/control/statement?iban={Iban}&kind=camt.054"));
        Assert.Equal(1, CamtReader.Read(file).Value.Portions(2).Sum(each => each.Entries.Count));
    }

    private async Task<ServiceHost> StartAsync()
    {
        var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await host.HearAsync(Shop.Registered("s1"));
        return host;
    }

    private static Task<JsonElement> ConnectAsync(PlayedBank bank, ServiceHost host) =>
        bank
            .Http.PutAsJsonAsync(
                $"/control/accounts/{Iban}",
                new
                {
                    name = "Ñandú",
                    paymentsAddress = host.HttpAddress.ToString(),
                    apiKey = host.KeyFor("s1", "payments:write"),
                }
            )
            .JsonAsync(200);

    /// <summary>Each of another customer, who pays from an account of their own.</summary>
    private static InvoiceIssued Invoice(decimal total)
    {
        var number = Interlocked.Increment(ref _invoices);
        return Shop.Invoice("s1", total) with
        {
            Number = $"F-BNK-2026-{number:000000}",
            PaymentReference = CreditorReference.Of($"X{number * 7919 % 10_000:0000}QK{number * 104_729 % 100_000:00000}BN{number:000}")!,
            Contact = new InvoiceContact { CustomerId = CustomerId.Of($"b{(total < 52m && total >= 50m ? 0 : number)}") },
        };
    }

    private static object Paying(InvoiceIssued invoice, string? fault = null) =>
        new
        {
            epc = EpcQr
                .For("Comercios Ñandú, S.L.", Iban, null, Money.Of(invoice.Totals.AmountDue, Currency.Eur), invoice.PaymentReference)!
                .Payload,
            payer = $"Cliente {invoice.Number}",
            fault,
        };

    private static Task StandsAsync(HttpClient http, InvoiceIssued invoice, string expected) =>
        Eventually.EqualAsync(expected, () => http.StandAsync(invoice.InvoiceId), invoice.Number);
}
