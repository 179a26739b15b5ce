namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>The checkout this test run belongs to, and the data beside it.</summary>
public static class Repository
{
    /// <summary>The folder that holds RetailInvoicing.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>Where the shared data is, if it is here.</summary>
    public static string Data =>
        Path.Combine(
            Environment.GetEnvironmentVariable("RETAIL_SHARED") is { Length: > 0 } named ? named : Path.Combine(Root, "..", "shared"),
            "data"
        );

    /// <summary>A file of the shared data, or a skip that says it is missing: the data is not part of the product.</summary>
    public static string Shared(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Data, path));
        Assert.SkipUnless(File.Exists(full) || Directory.Exists(full), $"the shared data is not here: {path} (set RETAIL_SHARED)");
        return full;
    }

    /// <summary>Every C# file of a folder, generated ones apart.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>Every project file.</summary>
    public static IEnumerable<string> Projects() =>
        Directory
            .EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/.local/", StringComparison.Ordinal));

    /// <summary>Compares a generated text with the committed one; RETAIL_UPDATE=1 writes it instead.</summary>
    public static void Holds(string path, string generated)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("RETAIL_UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, generated);
        }

        Assert.True(File.Exists(file), $"{path} is missing: run RETAIL_UPDATE=1 ./test and look at what it wrote");
        Assert.True(
            File.ReadAllText(file) == generated,
            $"{path} is stale: run RETAIL_UPDATE=1 ./test, look at the difference and commit it"
        );
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RetailInvoicing.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests run outside a checkout");
    }
}
