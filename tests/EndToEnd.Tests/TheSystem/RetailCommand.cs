using System.Diagnostics;
using System.Text.Json;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>./retail, as an operator calls it.</summary>
internal sealed record RetailCommand(int ExitCode, string Output, string Errors)
{
    /// <summary>What --json printed.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    /// <summary>Runs it against a system to its end.</summary>
    public static async Task<RetailCommand> RunAsync(StartedSystem system, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all =
        [
            Repository.Built(Path.Combine("cli", "Retail"), "RetailInvoicing.Retail"),
            .. arguments,
            "--data",
            system.Data.FullName,
        ];
        Array.ForEach(all, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new RetailCommand(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
