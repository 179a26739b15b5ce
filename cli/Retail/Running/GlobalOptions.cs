using System.CommandLine;

namespace RetailInvoicing.Retail.Running;

/// <summary>What every command takes: which system, and whether a script reads the result.</summary>
public sealed class GlobalOptions
{
    /// <summary>The data directory of the system.</summary>
    public Option<DirectoryInfo> Data { get; } =
        new("--data")
        {
            Description = "Data directory of the system to talk to",
            HelpName = "DIR",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Environment.GetEnvironmentVariable("RETAIL_ROOT") ?? "", ".local")),
            Recursive = true,
        };

    /// <summary>JSON on standard output and nothing else there.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON", Recursive = true };

    /// <summary>Runs a command: a refusal is one sentence on standard error and exit code 1, a broken-off run 130.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<DirectoryInfo, bool, Task<int>> command)
    {
        try
        {
            return await command(parsed.GetRequiredValue(Data), parsed.GetValue(Json));
        }
        catch (CommandFailed refusal)
        {
            OnTerminal.Say(refusal.Message);
            return 1;
        }
        catch (HttpRequestException exception)
        {
            OnTerminal.Say($"The system does not answer: {exception.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            OnTerminal.Say("Stopped.");
            return 130;
        }
    }
}
