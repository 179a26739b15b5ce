using System.Net.Http.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>A seller of the benchmark's own with a tax identifier of its own: its numbers and its chain are one point.</summary>
internal sealed record Shop(string SellerId, string ApiKey)
{
    private const int FirstTaxId = 10_000_000;

    private static readonly string[] Scopes = ["sales:write", "invoices:read", "reports:read", "payments:write"];

    private static int _taxIds;

    /// <summary>Registers sellers, each with a key.</summary>
    public static async Task<IReadOnlyList<Shop>> RegisterAsync(
        RunningSystem system,
        string name,
        int count,
        CancellationToken cancellation
    )
    {
        using var admin = Connections.Http(system.Http("invoicing"), system.Admin!.ApiKey);
        var shops = new List<Shop>(count);
        for (var i = 0; i < count; i++)
        {
            var seller = $"{name}-{i:00}";
            using var answer = await admin.PutAsJsonAsync($"/v1/sellers/{seller}", Body(seller), Wire.Tolerant, cancellation);
            answer.EnsureSuccessStatusCode();
            var key = await Connections.MakeKeyAsync(admin, seller, Scopes, cancellation);
            shops.Add(new Shop(seller, key.ApiKey));
        }

        return shops;
    }

    private static SellerBody Body(string name) =>
        new()
        {
            Name = $"Comercio {name}",
            TaxId = Nif.OfPerson(FirstTaxId + Interlocked.Increment(ref _taxIds)),
            Address = new Address
            {
                Line1 = "Calle de Fuencarral 45",
                PostalCode = "28004",
                City = "Madrid",
                Region = "Madrid",
                Country = "ES",
            },
            Email = $"{name}@example.com",
            Regime = FiscalRegime.Verifactu,
            // As the replayed shop is.
            AllowBlindReturns = true,
            Stores = [new Store { StoreId = new StoreId("S01") }],
        };
}
