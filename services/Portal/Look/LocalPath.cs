namespace RetailInvoicing.Portal.Look;

/// <summary>An address within this site, so that no link of ours sends anyone elsewhere.</summary>
public static class LocalPath
{
    /// <summary>The path where it is one of ours, else the front door.</summary>
    public static string Of(string? path) =>
        path is { Length: > 0 and <= 2000 }
        && path[0] == '/'
        // Browsers read // and /\ as another host.
        && (path.Length == 1 || path[1] is not ('/' or '\\'))
        && path.All(character => character is > ' ' and <= '~' and not '\\')
            ? path
            : "/";
}
