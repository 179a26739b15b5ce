using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// The real shop is declared to the simulated tax agency, which fails one request in ten, while tickets are exchanged and processes are
/// killed: one unbroken chain, and the VAT that the agency has is the VAT of the invoices.
/// </summary>
public sealed class DeclareShop(SharedSystem shared, ITestOutputHelper log)
{
    private static readonly string[] Faults = ["cut-before", "cut-after", "5xx", "malformed", "fault-server", "slow"];
    private static readonly TimeSpan ComesBackWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public Task What_a_day_of_the_shop_declares_is_what_it_invoiced() =>
        DeclareAsync("declare", new(2010, 12, 1), new(2010, 12, 1), exchanges: 3, rounds: 1, speed: 1500, settled: TimeSpan.FromMinutes(3));

    [Fact]
    [Trait("Category", "Long")]
    public Task What_nine_months_of_the_shop_declare_is_what_it_invoiced() =>
        DeclareAsync(
            "declare-long",
            DateOnly.MinValue,
            DateOnly.MaxValue,
            exchanges: 1000,
            rounds: 12,
            speed: 0,
            settled: TimeSpan.FromMinutes(20)
        );

    private async Task DeclareAsync(string name, DateOnly from, DateOnly to, int exchanges, int rounds, int speed, TimeSpan settled)
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, name);
        var taxId = await CertifyAsync(system, shop);
        using var agency = system.Http("tax-agency", "");
        (await agency.PutAsJsonAsync("/control/settings", new { waitSeconds = 1 })).EnsureSuccessStatusCode();
        foreach (var kind in Faults)
        {
            var fault = new
            {
                kind,
                rate = 0.1 / Faults.Length,
                nif = taxId,
                seconds = 1,
            };
            (await agency.PostAsJsonAsync("/control/faults", fault)).EnsureSuccessStatusCode();
        }

        using var over = new CancellationTokenSource();
        var exchanging = ExchangeAsync(shop, exchanges, over.Token);
        var days = new ReplayedDay(system, shop, from, to);
        var replay = days.ReplayAsync("--speed", speed == 0 ? "max" : $"{speed}");
        await KillAsync(system, rounds, () => replay.IsCompleted);
        var replayed = await replay;
        Assert.True(replayed.ExitCode == 0, $"{replayed.ExitCode}: {replayed.Errors}{replayed.Output}");
        await over.CancelAsync();
        var exchanged = await exchanging;
        await system.WellAsync(settled);

        var invoices = await shop.InvoicesAsync();
        await Wait.EqualAsync(
            "every record has its answer",
            settled,
            invoices.Count,
            async () => (await TotalsAsync(system, taxId)).GetProperty("records").GetInt32()
        );
        await Wait.EqualAsync(
            "every invoice says so",
            settled,
            0,
            async () => (await shop.InvoicesAsync()).Count(invoice => invoice.Fiscal.Submission != FiscalSubmission.Accepted)
        );
        await agency.DeleteAsync("/control/faults");
        var totals = await TotalsAsync(system, taxId);
        log.WriteLine($"{invoices.Count} records, {exchanged} of them exchanges; the agency: {totals.GetRawText()}");

        Assert.Equal(exchanges, exchanged);
        Assert.Equal(days.Issued + exchanged, invoices.Count);
        Assert.Equal(0, totals.GetProperty("rejected").GetInt32());
        Assert.Equal(0, totals.GetProperty("acceptedWithErrors").GetInt32());
        Assert.Empty(totals.GetProperty("chain").GetProperty("broken").EnumerateArray());
        Assert.Equal(invoices.Count, totals.GetProperty("inForce").GetInt32());
        // Exchanges declare nothing: their tickets did.
        var sales = invoices.Where(invoice => invoice.Kind != InvoiceKind.Exchange).ToArray();
        Assert.Equal(sales.Sum(invoice => invoice.Totals.VatTotal), Shop.Amount(totals, "cuotaTotal"));
        Assert.Equal(sales.Sum(invoice => invoice.Totals.TotalWithVat), Shop.Amount(totals, "importeTotal"));
        Assert.Equal(days.Total, Shop.Amount(totals, "importeTotal"));
        IsOneChain(invoices);

        // The VAT book declares the same.
        await Wait.EqualAsync(
            "the VAT book declares what the agency has",
            settled,
            (Shop.Amount(totals, "cuotaTotal"), Shop.Amount(totals, "importeTotal")),
            async () =>
            {
                var book = await shop.GetAsync("reporting", "/v1/reports/vat-book?from=2025-01-01&to=2026-12-31");
                var declared = book.GetProperty("declared");
                return (Shop.Amount(declared, "vatAmount") + Shop.Amount(declared, "surchargeAmount"), Shop.Amount(declared, "total"));
            }
        );
    }

    private static void IsOneChain(IReadOnlyList<InvoiceBody> invoices)
    {
        var next = invoices.ToDictionary(invoice => invoice.Fiscal.PreviousFingerprint ?? "", invoice => invoice.Fiscal.Fingerprint!);
        var length = 0;
        for (var at = ""; next.TryGetValue(at, out var after); at = after)
        {
            length++;
        }

        Assert.Equal(invoices.Count, length);
    }

    /// <summary>Exchanges tickets as they appear, one at a time, until there are enough or the day is over.</summary>
    private static async Task<int> ExchangeAsync(Shop shop, int most, CancellationToken over)
    {
        InvoiceId? seen = null;
        var exchanged = 0;
        while (exchanged < most)
        {
            var isOver = over.IsCancellationRequested;
            IReadOnlyList<InvoiceBody> invoices;
            try
            {
                invoices = await shop.InvoicesSinceAsync(seen);
            }
            catch (HttpRequestException)
            {
                // Killed just now.
                await Task.Delay(200, CancellationToken.None);
                continue;
            }

            seen = invoices.Count > 0 ? invoices[0].InvoiceId : seen;
            var tickets = invoices
                .Where(each => each.Kind == InvoiceKind.Simplified && each.CorrectedBy.Count == 0 && each.ReplacedBy is null)
                .ToArray();
            foreach (var ticket in tickets.Take(most - exchanged))
            {
                exchanged += await ExchangeAsync(shop, ticket) ? 1 : 0;
            }

            if (isOver && tickets.Length == 0)
            {
                break;
            }
        }

        return exchanged;
    }

    private static async Task<bool> ExchangeAsync(Shop shop, InvoiceBody ticket)
    {
        var body = new { ticketInvoiceIds = new[] { ticket.InvoiceId }, buyer = new { name = "Ana Sol", taxId = "12345678Z" } };
        while (true)
        {
            try
            {
                using var http = shop.Http("invoicing");
                // The key makes it one exchange, however often a killed service lets it be asked for.
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/exchanges")
                {
                    Content = JsonContent.Create(body, options: Wire.Tolerant),
                    Headers = { { "Idempotency-Key", ticket.Number } },
                };
                using var response = await http.SendAsync(request, CancellationToken.None);
                if (response.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
                {
                    return true;
                }

                if ((int)response.StatusCode < 500)
                {
                    return false;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
            {
                // Killed just now.
            }

            await Task.Delay(200, CancellationToken.None);
        }
    }

    private async Task KillAsync(StartedSystem system, int rounds, Func<bool> isOver)
    {
        string[] victims = ["invoicing", "tax-agency", "postgres", "messaging"];
        for (var round = 0; round < rounds && !isOver(); round++)
        {
            foreach (var victim in victims.Shuffle())
            {
                var before = system.Now.Processes.GetValueOrDefault(victim);
                log.WriteLine($"{victim} ({before}) {(system.Kill(victim) ? "killed" : "was not there")}");
                await Wait.UntilAsync(
                    $"{victim} is there again",
                    ComesBackWithin,
                    () => Task.FromResult(system.Now.Processes.TryGetValue(victim, out var now) && now != before)
                );
                await Task.Delay(Random.Shared.Next(500, 3000), TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task<JsonElement> TotalsAsync(StartedSystem system, string taxId)
    {
        using var agency = system.Http("tax-agency", "");
        return await agency.GetFromJsonAsync<JsonElement>($"/control/records?nif={taxId}", TestContext.Current.CancellationToken);
    }

    private static async Task<string> CertifyAsync(StartedSystem system, Shop shop)
    {
        using var admin = system.Admin();
        var seller = await admin.GetFromJsonAsync<JsonElement>($"/v1/sellers/{shop.Id}", TestContext.Current.CancellationToken);
        var taxId = seller.GetProperty("taxId").GetString()!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Prueba, OID.2.5.4.97=VATES-{taxId}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        using var answer = await admin.PutAsJsonAsync(
            $"/v1/sellers/{shop.Id}/certificate",
            new
            {
                pkcs12 = Convert.ToBase64String(certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "p")),
                password = "p",
            },
            TestContext.Current.CancellationToken
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return taxId;
    }
}
