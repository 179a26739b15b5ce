using System.Runtime.CompilerServices;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>Where things are in the checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static readonly string Root = Find();

    /// <summary>A project's built program, of the configuration these tests were built in.</summary>
    public static string Built(string folder, string assembly) =>
        Path.Combine(Root, folder, "bin", Configuration, "net10.0", $"{assembly}.dll");

    /// <summary>A picture or log that is kept after the run.</summary>
    public static string Artifact(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "artifacts")).FullName, name);

    /// <summary>The open file of the real shop; the test is skipped where it is not.</summary>
    public static string ShopFile()
    {
        var shared = Environment.GetEnvironmentVariable("RETAIL_SHARED") ?? Path.Combine(Root, "..", "shared");
        var file = Path.GetFullPath(Path.Combine(shared, "data", "retail", "online-retail-2010-12_2011-08.csv.gz"));
        Assert.SkipUnless(File.Exists(file), "../shared/data/retail is not here; RETAIL_SHARED names another place");
        return file;
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
