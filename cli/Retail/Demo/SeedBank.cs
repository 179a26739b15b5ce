using System.Net;
using System.Net.Http.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.Demo;

/// <summary>
/// A seller's account at the bank that is simulated beside the system: the bank gets a key that may hand in statements and nothing besides,
/// and delivers what is booked by the same API that any seller uses.
/// </summary>
public static class SeedBank
{
    private static readonly IReadOnlyList<string> Scopes = ["payments:write"];

    /// <summary>
    /// That of the demo seller; AppHost says by the environment where the bank is. One that is delivered to already keeps its key, unless
    /// keys of earlier starts open nothing any more.
    /// </summary>
    public static async Task RunAsync(HttpClient admin, bool keysHold, CancellationToken cancellation)
    {
        if (Given.Maybe("services__bank__http__0") is not { } address)
        {
            return;
        }

        using var bank = Connections.Http(new Uri(address), null);
        var isNew = !keysHold || !await IsKnownAsync(bank, DemoShop.Seller.Iban!, cancellation);
        var key = isNew ? (await Connections.MakeKeyAsync(admin, DemoShop.SellerId, Scopes, cancellation)).ApiKey : null;
        await ConnectAsync(
            bank,
            DemoShop.Seller.Iban!,
            DemoShop.Seller.Name,
            new Uri(Given.Needed("services__payments__http__0")),
            key,
            cancellation
        );
    }

    /// <summary>Tells the bank where to deliver what is booked on an account; without a key it keeps the one it has.</summary>
    public static async Task ConnectAsync(
        HttpClient bank,
        string iban,
        string name,
        Uri payments,
        string? apiKey,
        CancellationToken cancellation
    )
    {
        var path = $"/control/accounts/{iban}";
        var delivering = new
        {
            name,
            paymentsAddress = payments.ToString().TrimEnd('/'),
            apiKey,
        };
        using var response = await Connections.AnsweredAsync(
            () => bank.PutAsJsonAsync(path, delivering, Wire.Tolerant, cancellation),
            cancellation
        );
        if (!response.IsSuccessStatusCode)
        {
            throw new CommandFailed($"PUT {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    private static async Task<bool> IsKnownAsync(HttpClient bank, string iban, CancellationToken cancellation)
    {
        using var response = await Connections.AnsweredAsync(() => bank.GetAsync($"/control/accounts/{iban}", cancellation), cancellation);
        return response.StatusCode == HttpStatusCode.OK;
    }
}
