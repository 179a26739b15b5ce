namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Reference data beside the repository; tests that want it are skipped, and say so, where it is missing.</summary>
internal static class SharedData
{
    /// <summary>A file or folder of the data.</summary>
    public static string At(string path)
    {
        var root = Environment.GetEnvironmentVariable("RETAIL_SHARED") ?? Find();
        var full = root is null ? null : Path.Combine(root, "data", path);
        Assert.SkipWhen(full is null || !Path.Exists(full), $"{path} of the shared data is not here: set RETAIL_SHARED to where it is");
        return full!;
    }

    /// <summary>The lines of a CSV after its header, split by an RFC 4180 reader.</summary>
    public static IEnumerable<string[]> Csv(string path)
    {
        using var reader = new StreamReader(At(path));
        using var csv = new CsvHelper.CsvReader(reader, System.Globalization.CultureInfo.InvariantCulture);
        csv.Read();
        while (csv.Read())
        {
            yield return csv.Parser.Record!;
        }
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(shared, "data")))
            {
                return shared;
            }
        }

        return null;
    }
}
