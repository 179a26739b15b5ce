using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.Demo;

/// <summary>
/// A seller's accounts with the payment providers that are simulated beside the system; without a simulator there is no account.
/// </summary>
public static class SeedProviders
{
    /// <summary>The demo seller's name at the simulator of Stripe.</summary>
    public const string StripeAccount = "acct_demo";

    /// <summary>The demo seller's code at the simulator of Redsys.</summary>
    public const string RedsysMerchant = "999008881";

    // They open nothing but the simulators, which take whatever they are told.
    private const string StripeSigning = "whsec_demo0000000000000000000000000000";
    private const string RedsysKey = "ZGVtby1kZW1vLWRlbW8tZGVtby1kZW1v";

    /// <summary>Makes those of the demo seller, or finds them as they are; AppHost says by the environment where everybody is.</summary>
    public static async Task RunAsync(string apiKey, CancellationToken cancellation)
    {
        using var payments = Connections.Http(new Uri(Given.Needed("services__payments__http__0")), apiKey);
        if (Given.Maybe("services__stripe__http__0") is { } stripe)
        {
            await StripeAsync(payments, new Uri(stripe), StripeAccount, cancellation);
        }

        if (Given.Maybe("services__redsys__http__0") is { } redsys)
        {
            await RedsysAsync(payments, new Uri(redsys), RedsysMerchant, cancellation);
        }
    }

    /// <summary>An account with Stripe, for cards and wallets.</summary>
    public static async Task StripeAsync(HttpClient payments, Uri stripe, string accountId, CancellationToken cancellation)
    {
        var secretKey = $"sk_test_{accountId}";
        // First there, since Payments asks whose the key is; where its notices go is known only afterwards.
        await PutAsync(stripe, $"/control/accounts/{accountId}", new { secretKey }, cancellation);
        var webhookUrl = await KeepAsync(
            payments,
            "stripe",
            new
            {
                environment = "test",
                means = new[] { "card", "wallet" },
                place = 1,
                enabled = true,
                settings = new { accountId },
                secrets = new { secretKey, webhookSecret = StripeSigning },
            },
            cancellation
        );
        await PutAsync(
            stripe,
            $"/control/accounts/{accountId}",
            new
            {
                secretKey,
                webhookUrl,
                webhookSecret = StripeSigning,
                events = new[] { "*" },
            },
            cancellation
        );
    }

    /// <summary>An account with Redsys, for Bizum and cards.</summary>
    public static async Task RedsysAsync(HttpClient payments, Uri redsys, string merchantCode, CancellationToken cancellation)
    {
        await PutAsync(redsys, $"/control/terminals/{merchantCode}/1", new { key = RedsysKey }, cancellation);
        await KeepAsync(
            payments,
            "redsys",
            new
            {
                environment = "test",
                means = new[] { "bizum", "card" },
                place = 2,
                enabled = true,
                settings = new { merchantCode, terminal = "1" },
                secrets = new { key = RedsysKey },
            },
            cancellation
        );
    }

    private static async Task<string> KeepAsync<T>(HttpClient payments, string provider, T account, CancellationToken cancellation)
    {
        using var response = await Connections.AnsweredAsync(
            () => payments.PutAsJsonAsync($"/v1/providers/{provider}", account, Wire.Tolerant, cancellation),
            cancellation
        );
        var said = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(said).RootElement.GetProperty("webhookUrl").GetString()!
            : throw new CommandFailed($"There is no account with {provider}: {(int)response.StatusCode} {said}");
    }

    private static async Task PutAsync<T>(Uri simulator, string path, T body, CancellationToken cancellation)
    {
        using var http = Connections.Http(simulator, null);
        using var response = await Connections.AnsweredAsync(
            () => http.PutAsJsonAsync(path, body, Wire.Tolerant, cancellation),
            cancellation
        );
        if (!response.IsSuccessStatusCode)
        {
            throw new CommandFailed($"PUT {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}
