namespace RetailInvoicing.Retail.Running;

/// <summary>A file that is there whole or not at all, and readable by its owner only, since it holds a key.</summary>
internal static class WholeFile
{
    public static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var half = $"{path}.{Environment.ProcessId}.new";
        await File.WriteAllTextAsync(half, text, cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(half, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(half, path, overwrite: true);
    }
}
