using System.Globalization;
using System.Net.Http.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>A seller of the run, and what it is known by at the simulated providers; none where it has no account there.</summary>
internal sealed record TruthShop(TruthSeller Seller, EnduranceTarget Target, string? StripeAccount, string? RedsysMerchant)
{
    private const string StripeSigning = "whsec_truth000000000000000000000000000";
    private const string RedsysKey = "dHJ1dGgtdHJ1dGgtdHJ1dGgtdHJ1dGgt";

    /// <summary>The account that its customers pay to.</summary>
    public const string Iban = "ES9121000418450200051332";

    /// <summary>Who it is.</summary>
    public string Id => Target.SellerId;

    /// <summary>What notices to its Stripe account are signed with.</summary>
    public static string StripeSecret => StripeSigning;

    /// <summary>Registers it, with its accounts at the providers and with what it collects by.</summary>
    public static async Task<TruthShop> OpenAsync(
        Func<RunningSystem> system,
        TruthSeller seller,
        string name,
        int nth,
        Uri? stripeNoticesTo,
        CancellationToken cancellation
    )
    {
        using var admin = Connections.Http(system().Http("invoicing"), system().Admin!.ApiKey);
        var taxId = TaxId(7_654_300 + nth);
        var body = DemoShop.Seller with { Email = $"tienda@{name}.example", TaxId = taxId, Iban = Iban };
        await AnsweredAsync(admin.PutAsJsonAsync($"/v1/sellers/{name}", body, Wire.Tolerant, cancellation), "registering", cancellation);
        var key = await Connections.MakeKeyAsync(admin, name, DemoShop.Scopes, cancellation);
        var target = new EnduranceTarget(system, name, key.ApiKey);
        if (seller == TruthSeller.Sandbox)
        {
            return new TruthShop(seller, target, null, null);
        }

        var shop = new TruthShop(seller, target, $"acct_{name}", $"99900{8800 + nth}");
        using var payments = target.Http("payments");
        await shop.OpenStripeAsync(payments, stripeNoticesTo, cancellation);
        await shop.OpenRedsysAsync(payments, cancellation);
        var debits = new
        {
            creditorId = CreditorId(taxId),
            name = "Comercios de prueba",
            iban = Iban,
            leadDays = 1,
        };
        await PutAsync(payments, "/v1/direct-debit-settings", debits, cancellation);
        return shop;
    }

    private async Task OpenStripeAsync(HttpClient payments, Uri? noticesTo, CancellationToken cancellation)
    {
        var secretKey = $"sk_test_{StripeAccount}";
        using var stripe = Connections.Http(Target.System().Http("stripe"), null);
        // First there, since Payments asks whose the key is; where its notices go is known only afterwards.
        await PutAsync(stripe, $"/control/accounts/{StripeAccount}", new { secretKey }, cancellation);
        await PutAsync(
            payments,
            "/v1/providers/stripe",
            new
            {
                environment = "test",
                means = new[] { "card", "wallet", "direct-debit" },
                place = Seller == TruthSeller.StripeFirst ? 1 : 2,
                settings = new { accountId = StripeAccount },
                secrets = new { secretKey, webhookSecret = StripeSigning },
            },
            cancellation
        );
        var webhookUrl = noticesTo?.AbsoluteUri ?? $"{payments.BaseAddress}v1/providers/stripe/webhook?account={StripeAccount}";
        await PutAsync(
            stripe,
            $"/control/accounts/{StripeAccount}",
            new
            {
                secretKey,
                webhookUrl,
                webhookSecret = StripeSigning,
            },
            cancellation
        );
    }

    private async Task OpenRedsysAsync(HttpClient payments, CancellationToken cancellation)
    {
        using var redsys = Connections.Http(Target.System().Http("redsys"), null);
        await PutAsync(redsys, $"/control/terminals/{RedsysMerchant}/1", new { key = RedsysKey }, cancellation);
        await PutAsync(
            payments,
            "/v1/providers/redsys",
            new
            {
                environment = "test",
                means = new[] { "bizum", "card" },
                place = Seller == TruthSeller.StripeFirst ? 2 : 1,
                settings = new { merchantCode = RedsysMerchant, terminal = "1" },
                secrets = new { key = RedsysKey },
            },
            cancellation
        );
    }

    private static Task PutAsync<T>(HttpClient http, string path, T body, CancellationToken cancellation) =>
        AnsweredAsync(
            Connections.AnsweredAsync(() => http.PutAsJsonAsync(path, body, Wire.Tolerant, cancellation), cancellation),
            $"PUT {path}",
            cancellation
        );

    private static async Task AnsweredAsync(Task<HttpResponseMessage> asked, string what, CancellationToken cancellation)
    {
        using var answer = await asked;
        if (!answer.IsSuccessStatusCode)
        {
            throw new CommandFailed($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    /// <summary>A company's NIF, valid by its check digit.</summary>
    private static string TaxId(int number)
    {
        var digits = number.ToString("D7", CultureInfo.InvariantCulture);
        var sum = digits.Select((digit, i) => i % 2 == 1 ? digit - '0' : (digit - '0') * 2 / 10 + (digit - '0') * 2 % 10).Sum();
        return $"B{digits}{(10 - sum % 10) % 10}";
    }

    /// <summary>The creditor identifier that a Spanish NIF has, its check digits by ISO 7064 mod 97-10.</summary>
    private static string CreditorId(string taxId)
    {
        var rest = $"{taxId}ES00".Aggregate(
            0,
            (sum, sign) => char.IsAsciiDigit(sign) ? (sum * 10 + sign - '0') % 97 : (sum * 100 + sign - 'A' + 10) % 97
        );
        return string.Create(CultureInfo.InvariantCulture, $"ES{98 - rest:00}ZZZ{taxId}");
    }
}
