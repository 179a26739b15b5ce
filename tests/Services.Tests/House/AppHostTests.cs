using System.Diagnostics;
using System.Text.Json.Nodes;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.House;

/// <summary>The topology as AppHost publishes it: who holds which database and key, and who may ask whom.</summary>
public sealed class AppHostTests : IDisposable
{
    private static readonly Dictionary<string, string[]> Asks = new(StringComparer.Ordinal)
    {
        ["invoicing"] = [],
        ["delivery"] = ["invoicing", "payments"],
        ["payments"] = [],
        ["collections"] = ["delivery", "payments"],
        ["reporting"] = ["collections", "invoicing", "payments"],
        ["portal"] = ["collections", "delivery", "invoicing", "payments", "reporting"],
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("manifest");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_service_holds_the_login_of_its_own_database_and_of_no_other()
    {
        var resources = await ManifestAsync();
        foreach (var service in Asks.Keys)
        {
            var databases = Environment(resources, service).Where(e => e.Key.EndsWith("db", StringComparison.Ordinal)).ToList();
            var (name, value) = Assert.Single(databases);
            Assert.Equal($"ConnectionStrings__{service}db", name);
            Assert.EndsWith($"Username={service};Password={{{service}-db-password.value}};Database={service}db", value);
            Assert.Equal($"{{{service}-db-password.value}}", Environment(resources, "postgres")[$"{service.ToUpperInvariant()}_PASSWORD"]);
        }
    }

    [Fact]
    public async Task A_service_knows_the_address_of_those_it_asks_and_they_know_its_key()
    {
        var resources = await ManifestAsync();
        foreach (var (service, asked) in Asks)
        {
            var known = Environment(resources, service).Keys.Where(k => k.StartsWith("services__", StringComparison.Ordinal));
            Assert.Equal(asked, known.Select(k => k.Split("__")[1]).Distinct().Order(StringComparer.Ordinal));
            foreach (var other in Asks.Keys)
            {
                var key = Environment(resources, other).GetValueOrDefault($"Keys__Callers__{service}");
                Assert.Equal(asked.Contains(other) ? $"{{{service}-key.value}}" : null, key);
            }
        }
    }

    [Fact]
    public async Task A_published_system_has_no_secret_in_it_and_no_demo()
    {
        var resources = await ManifestAsync();
        Assert.DoesNotContain("demo", resources.Select(r => r.Key));
        var secrets = resources.SelectMany(r => r.Value!["env"] is null ? [] : Environment(resources, r.Key));
        foreach (var (name, value) in secrets.Where(e => e.Key.StartsWith("Keys__", StringComparison.Ordinal) || e.Key.Contains("PASS")))
            Assert.True(value.StartsWith('{') && value.EndsWith(".value}", StringComparison.Ordinal), $"{name} is published as '{value}'");
    }

    private static Dictionary<string, string> Environment(JsonObject resources, string resource) =>
        resources[resource]!["env"]!.AsObject().ToDictionary(e => e.Key, e => (string)e.Value!, StringComparer.Ordinal);

    private async Task<JsonObject> ManifestAsync()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Path.Combine(Repository.Root, "AppHost", "bin", output.Parent!.Name, output.Name, "RetailInvoicing.AppHost.dll");
        Assert.True(File.Exists(program), $"{program} is not built: build RetailInvoicing.sln");
        var start = new ProcessStartInfo(
            "dotnet",
            [program, "--operation", "publish", "--step", "publish-manifest", "--output-path", folder.FullName]
        )
        {
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, publish.ExitCode);
        var manifest = await File.ReadAllTextAsync(
            Path.Combine(folder.FullName, "aspire-manifest.json"),
            TestContext.Current.CancellationToken
        );
        return JsonNode.Parse(manifest)!["resources"]!.AsObject();
    }
}
