using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>Pages against the HTML standard, by html-validate; ./test installs it beside the inbox.</summary>
internal static class ValidHtml
{
    /// <summary>What the standard has against the pages, by their names.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IReadOnlyDictionary<string, string> pages, CancellationToken cancellation)
    {
        var cache =
            Environment.GetEnvironmentVariable("RETAIL_CACHE")
            ?? Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
                    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "retailinvoicing"
            );
        var program = Directory
            .EnumerateDirectories(cache, "html-validate-*")
            .Select(place => Path.Combine(place, "node_modules", "html-validate", "bin", "html-validate.mjs"))
            .FirstOrDefault(File.Exists);
        Assert.True(program is not null, $"html-validate is not in {cache}; ./test installs it");
        var folder = Directory.CreateTempSubdirectory("retail-html-").FullName;
        try
        {
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, html) in pages)
            {
                var file = Path.Combine(folder, $"{names.Count:000}.html");
                names[file] = name;
                await File.WriteAllTextAsync(file, html, cancellation);
            }

            var settings = Path.Combine(folder, "rules.json");
            await File.WriteAllTextAsync(settings, """{"root": true, "extends": ["html-validate:standard"]}""", cancellation);
            var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, WorkingDirectory = folder };
            foreach (var argument in new[] { program, "--config", settings, "--formatter", "json" }.Concat(names.Keys))
            {
                start.ArgumentList.Add(argument);
            }

            using var node = Process.Start(start)!;
            var said = await node.StandardOutput.ReadToEndAsync(cancellation);
            await node.WaitForExitAsync(cancellation);
            return
            [
                .. JsonSerializer
                    .Deserialize<JsonArray>(said)!
                    .SelectMany(page =>
                        page!["messages"]!
                            .AsArray()
                            .Select(each =>
                                $"{names[(string)page["filePath"]!]}: html {(string)each!["ruleId"]!}, line {(int)each["line"]!}: {(string)each["message"]!}"
                            )
                    ),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
