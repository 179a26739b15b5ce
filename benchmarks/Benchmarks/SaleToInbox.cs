using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// From a till's POST to the mail in the buyer's inbox, one sale at a time. Its baseline is what such a sale cannot do without on this
/// machine: the POST's own answer, and handing a mail of that size to the same SMTP server.
/// </summary>
internal static class SaleToInbox
{
    public static readonly Benchmark Benchmark = new(
        "sale-to-inbox",
        "From a till's POST to the mail with PDF and UBL in the inbox, against the bare POST plus a bare SMTP hand-over",
        RunAsync
    );

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static async Task<BenchmarkResult> RunAsync(bool quick, CancellationToken cancellation)
    {
        var (warmUps, sales) = quick ? (10, 100) : (50, 1000);
        await using var system = await BenchSystem.StartAsync(cancellation);
        var parts = system.Parts;
        var seller = parts.Demo ?? throw new InvalidOperationException("the system has no demo seller");
        using var till = Connections.Http(parts.Http("invoicing"), seller.ApiKey);
        using var inbox = Connections.Http(
            new Uri(parts.Mail?.Http ?? throw new InvalidOperationException("there is no inbox: maildev needs Node 20")),
            apiKey: null
        );
        var posts = new List<double>();
        var mails = new List<double>();
        var size = 0;
        for (var i = -warmUps; i < sales; i++)
        {
            var address = $"b{i + warmUps}@bench.example";
            var began = Stopwatch.GetTimestamp();
            using var answer = await till.PostAsJsonAsync("/v1/sales", Sale(i + warmUps, address), Wire.Tolerant, cancellation);
            answer.EnsureSuccessStatusCode();
            var posted = Stopwatch.GetElapsedTime(began);
            size = await ArrivedAsync(inbox, address, began, cancellation);
            if (i >= 0)
            {
                posts.Add(posted.TotalMilliseconds);
                mails.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        var smtp = await HandOversAsync(new Uri(parts.Mail!.Smtp!), size, sales, cancellation);
        var baseline = posts.Percentile(0.5) + smtp.Percentile(0.5);
        return new BenchmarkResult(
            new Dictionary<string, double>
            {
                ["p50"] = mails.Percentile(0.5) / baseline,
                ["p95"] = mails.Percentile(0.95) / baseline,
                ["p99"] = mails.Percentile(0.99) / baseline,
            },
            new Dictionary<string, double>
            {
                ["sales"] = sales,
                ["mailBytes"] = size,
                ["postP50Ms"] = posts.Percentile(0.5),
                ["postP99Ms"] = posts.Percentile(0.99),
                ["smtpP50Ms"] = smtp.Percentile(0.5),
                ["saleToInboxP50Ms"] = mails.Percentile(0.5),
                ["saleToInboxP95Ms"] = mails.Percentile(0.95),
                ["saleToInboxP99Ms"] = mails.Percentile(0.99),
            }
        );
    }

    /// <summary>Waits until the inbox has a mail to the address; gives its size.</summary>
    private static async Task<int> ArrivedAsync(HttpClient inbox, string address, long since, CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (Stopwatch.GetElapsedTime(since) < Patience && await tick.WaitForNextTickAsync(cancellation))
        {
            var found = await inbox.GetFromJsonAsync<JsonElement>($"/api/email?to.address={Uri.EscapeDataString(address)}", cancellation);
            foreach (var mail in found.EnumerateArray())
            {
                return mail.GetProperty("size").GetInt32();
            }
        }

        throw new TimeoutException($"no mail to {address} within {Patience.TotalSeconds:0} s");
    }

    private static async Task<IReadOnlyList<double>> HandOversAsync(Uri server, int size, int count, CancellationToken cancellation)
    {
        var took = new List<double>();
        using var smtp = new SmtpClient();
        await smtp.ConnectAsync(server.Host, server.Port, SecureSocketOptions.None, cancellation);
        for (var i = 0; i < count; i++)
        {
            using var mail = new MimeMessage
            {
                Body = new TextPart("plain")
                {
                    Text = string.Concat(
                        Enumerable.Repeat("a line of sixty-three letters and a new line after it, and so on\r\n", size / 66)
                    ),
                },
            };
            mail.From.Add(MailboxAddress.Parse("baseline@bench.example"));
            mail.To.Add(MailboxAddress.Parse("baseline@bench.example"));
            var began = Stopwatch.GetTimestamp();
            await smtp.SendAsync(mail, cancellation);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        await smtp.DisconnectAsync(quit: true, cancellation);
        return took;
    }

    private static object Sale(int number, string email) =>
        new
        {
            saleId = $"BENCH-{number}",
            storeId = "S01",
            occurredAt = TimeProvider.System.GetUtcNow(),
            currency = "EUR",
            lines = Enumerable
                .Range(1, 5)
                .Select(line => new
                {
                    sku = $"A{line}",
                    name = $"Artículo {line}",
                    quantity = "2",
                    unitPrice = "9.95",
                    vat = new { category = "S", rate = "21" },
                }),
            payments = new[] { new { means = "card", amount = "99.50" } },
            buyer = new
            {
                name = "Ana Gil Prado",
                taxId = "12345678Z",
                email,
                address = new
                {
                    line1 = "Calle del Pez 1",
                    postalCode = "28004",
                    city = "Madrid",
                    country = "ES",
                },
            },
        };
}
