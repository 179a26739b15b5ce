namespace RetailInvoicing.Portal.Sessions;

/// <summary>A browser and its system in words, as far as people tell their devices apart.</summary>
public static class Device
{
    // The first that fits: browsers call themselves by the names of others too.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>Chrome, Windows; empty where nothing is known.</summary>
    public static string Of(string? userAgent) =>
        string.Join(", ", new[] { Named(Browsers, userAgent), Named(Systems, userAgent) }.Where(name => name is not null));

    private static string? Named((string Mark, string Name)[] known, string? userAgent) =>
        userAgent is null
            ? null
            : known.Where(each => userAgent.Contains(each.Mark, StringComparison.Ordinal)).Select(each => each.Name).FirstOrDefault();
}
