using System.Runtime.CompilerServices;
using RetailInvoicing.Retail.Replay;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>The open file of the real shop, read once; it lives beside the repository and not in it.</summary>
internal static class OpenShop
{
    private static readonly Lazy<IReadOnlyList<ShopNumber>?> Read = new(() =>
    {
        var shared = Environment.GetEnvironmentVariable("RETAIL_SHARED") ?? Path.Combine(Root(), "..", "shared");
        var file = new FileInfo(Path.Combine(shared, "data", "retail", "online-retail-2010-12_2011-08.csv.gz"));
        return file.Exists ? ShopNumber.Of(ShopFile.Read(file)) : null;
    });

    public static IReadOnlyList<ShopNumber> Numbers()
    {
        Assert.SkipWhen(Read.Value is null, "../shared/data/retail is not here; RETAIL_SHARED names another place");
        return Read.Value!;
    }

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
