using System.Diagnostics;
using System.Text.Json.Nodes;
using RetailInvoicing.Retail.Chains;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Invoicing;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>./retail chains, as a program of its own, against a running service.</summary>
public sealed class ChainsCommandTests(Infrastructure infra) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("chains");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_operator_sees_chains_and_holds_and_lifts_one()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        var endpoints = new JsonObject
        {
            ["status"] = "ready",
            ["services"] = new JsonObject { ["invoicing"] = new JsonObject { ["http"] = shop.Host.HttpAddress.AbsoluteUri } },
            ["admin"] = new JsonObject { ["apiKey"] = ServiceHost.AdminKey },
        };
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "endpoints.json"),
            endpoints.ToJsonString(),
            TestContext.Current.CancellationToken
        );

        var inOrder = await RunAsync("chains");
        var none = await RunAsync("chains", "holds");
        var restored = await RunAsync("chains", "restored", "--json");
        var holds = await RunAsync("chains", "holds");
        var id = JsonNode.Parse(restored.Output)!["holds"]![0]!["holdId"]!.GetValue<string>();
        var adopt = await RunAsync("chains", "lift", id, "--how", "adopt", "--reason", "Try");
        var wrong = await RunAsync("chains", "lift", id, "--how", "go-on", "--reason", "x", "--number", "T-S01-2026");
        var lifted = await RunAsync("chains", "lift", id, "--how", "go-on", "--reason", "Backup", "--number", "T-S01-2026=41", "--json");

        Assert.Equal(0, inOrder.Code);
        Assert.Contains("in order", inOrder.Output, StringComparison.Ordinal);
        Assert.Equal((0, "No chain is on hold."), (none.Code, none.Output.Trim()));
        Assert.Equal(1, restored.Code);
        Assert.Equal(1, holds.Code);
        Assert.Contains(id, holds.Output, StringComparison.Ordinal);
        Assert.Equal(1, adopt.Code);
        Assert.Contains("INV-FISCAL-16", adopt.Error, StringComparison.Ordinal);
        Assert.Equal(1, wrong.Code);
        Assert.Equal(0, lifted.Code);
        Assert.Equal("go-on", JsonNode.Parse(lifted.Output)!["liftedHow"]!.GetValue<string>());
        Assert.Equal("T-S01-2026-000042", (await shop.IssueAsync(Shop.Sale("A-2"))).Number);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [typeof(ChainsCommand).Assembly.Location, "--data", folder.FullName, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }
}
