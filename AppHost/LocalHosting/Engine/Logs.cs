namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>Keeps each log short: past the limit its content moves to NAME.log.1 and it begins again.</summary>
internal static class Logs
{
    private const long Limit = 20 * 1024 * 1024;

    /// <summary>The children hold their log open for appending, so it is copied and emptied; the few lines written between are lost.</summary>
    public static async Task RotateAsync(string directory)
    {
        foreach (var log in Directory.EnumerateFiles(directory, "*.log"))
            if (new FileInfo(log).Length > Limit)
            {
                File.Copy(log, log + ".1", overwrite: true);
                await using var emptied = new FileStream(log, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
            }
    }

    public static async Task<IReadOnlyList<string>> LastLinesAsync(string log, int count)
    {
        if (!File.Exists(log))
            return [];
        await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(-Math.Min(stream.Length, 8192), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(count)];
    }
}
