namespace RetailInvoicing.AppHost.LocalHosting;

internal static class Manifest
{
    public static int Write(LocalSystem system) => system.Resources.Count > 0 ? 1 : 0;
}
