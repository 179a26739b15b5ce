using System.CommandLine;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.Demo;

/// <summary>
/// Registers the demo seller with its staff and a key, and posts the sample of about twenty sales; run again it finds everything done.
/// </summary>
public static class SeedDemo
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The command; AppHost runs it and says by its environment where Invoicing is and where the result goes.</summary>
    public static Command Of(GlobalOptions global)
    {
        var command = new Command(
            "seed-demo",
            "Makes the demo seller; ./run starts it (environment: services__invoicing__http__0, Keys__AdminKey, Demo__File)"
        );
        command.SetAction((parsed, cancellation) => global.RunAsync(parsed, async (_, _) => await RunAsync(cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var file = new FileInfo(Given.Needed("Demo__File"));
        using var admin = Connections.Http(new Uri(Given.Needed("services__invoicing__http__0")), Given.Needed("Keys__AdminKey"));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);

        await PutAsync(admin, $"/v1/sellers/{DemoShop.SellerId}", DemoShop.Seller, late.Token);
        await PutAsync(
            admin,
            $"/v1/sellers/{DemoShop.SellerId}/staff/{DemoShop.StaffEmail}",
            new { role = StaffRole.Owner, stores = Array.Empty<string>() },
            late.Token
        );
        await CertifyAsync(admin, late.Token);
        var kept = await KeptKeyAsync(admin.BaseAddress!, file, late.Token);
        var key = kept ?? (await Connections.MakeKeyAsync(admin, DemoShop.SellerId, DemoShop.Scopes, late.Token)).ApiKey;
        await PostAsync(admin.BaseAddress!, key, await SalesAsync(file, late.Token), late.Token);
        await SeedProviders.RunAsync(key, late.Token);
        await SeedBank.RunAsync(admin, keysHold: kept is not null, late.Token);
        await WholeFile.WriteAsync(
            file.FullName,
            JsonSerializer.Serialize(
                new DemoSeller(DemoShop.SellerId, key, DemoShop.StaffEmail, DemoShop.CustomerEmail),
                JsonSerializerOptions.Web
            ),
            late.Token
        );
        OnTerminal.Say($"The demo seller is there; its people are {DemoShop.StaffEmail} and {DemoShop.CustomerEmail}.");
        return 0;
    }

    private static async Task PutAsync<T>(HttpClient admin, string address, T body, CancellationToken cancellation)
    {
        using var response = await admin.PutAsJsonAsync(address, body, Wire.Tolerant, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new CommandFailed($"PUT {address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    /// <summary>A certificate to sign Facturae with, unless the demo seller has one that holds for a month; it is said, since nobody trusts it.</summary>
    private static async Task CertifyAsync(HttpClient admin, CancellationToken cancellation)
    {
        const string address = $"/v1/sellers/{DemoShop.SellerId}/certificate";
        var now = TimeProvider.System.GetUtcNow();
        using var kept = await admin.GetAsync(address, cancellation);
        if (
            kept.IsSuccessStatusCode
            && JsonNode.Parse(await kept.Content.ReadAsStringAsync(cancellation))?["validUntil"]?.GetValue<DateTimeOffset>() is { } until
            && until > now.AddDays(30)
        )
        {
            return;
        }

        using var rsa = RSA.Create(2048);
        var subject = $"CN=Demo (sin validez), O=Demo, OID.2.5.4.97=VATES-{DemoShop.Seller.TaxId}, C=ES";
        var request = new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: true)
        );
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var file = certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);
        await PutAsync(admin, address, new { pkcs12 = Convert.ToBase64String(file), password }, cancellation);
        OnTerminal.Say("The demo seller signs Facturae with a certificate made just now, which nobody trusts.");
    }

    /// <summary>The key of an earlier start, where it still opens the door.</summary>
    private static async Task<string?> KeptKeyAsync(Uri invoicing, FileInfo file, CancellationToken cancellation)
    {
        if (!file.Exists)
        {
            return null;
        }

        try
        {
            var kept = JsonSerializer.Deserialize<DemoSeller>(
                await File.ReadAllTextAsync(file.FullName, cancellation),
                JsonSerializerOptions.Web
            );
            using var http = Connections.Http(invoicing, kept!.ApiKey);
            using var answer = await http.GetAsync("/v1/invoices?limit=1", cancellation);
            return answer.IsSuccessStatusCode ? kept.ApiKey : null;
        }
        catch (JsonException)
        {
            // A file that someone broke is written anew.
            return null;
        }
    }

    /// <summary>The sample with the times of the first start, remembered beside the result.</summary>
    private static async Task<IReadOnlyList<SalePosted>> SalesAsync(FileInfo file, CancellationToken cancellation)
    {
        var remembered = Path.Combine(file.DirectoryName!, Path.GetFileNameWithoutExtension(file.Name) + "-sales.ndjson");
        if (!File.Exists(remembered))
        {
            await using var sample = typeof(SeedDemo).Assembly.GetManifestResourceStream("demo-sales.json")!;
            using var text = new StreamReader(sample);
            var resolved = DemoSales.Resolve(await text.ReadToEndAsync(cancellation), TimeProvider.System.GetUtcNow());
            await WholeFile.WriteAsync(remembered, resolved, cancellation);
        }

        var lines = await File.ReadAllLinesAsync(remembered, cancellation);
        return [.. lines.Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<SalePosted>(line, Wire.Strict)!)];
    }

    private static async Task PostAsync(Uri invoicing, string key, IReadOnlyList<SalePosted> sales, CancellationToken cancellation)
    {
        using var http = Connections.Http(invoicing, key);
        await using var door = new HttpDoor(http);
        var answered = 0;
        await foreach (var outcome in door.SendAsync(sales, cancellation))
        {
            answered++;
            if (outcome.Status == SaleStatus.Refused)
            {
                throw new CommandFailed($"The sample's sale {outcome.SaleId} is refused: {outcome.Code} {outcome.Detail}");
            }
        }

        if (answered != sales.Count)
        {
            throw new CommandFailed($"Of the sample's {sales.Count} sales {answered} were answered.");
        }
    }
}
