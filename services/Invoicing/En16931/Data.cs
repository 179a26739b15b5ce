using System.Text;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>The tables that the rules are made of, embedded in the program; lines that begin with # say what they are.</summary>
internal static class Data
{
    /// <summary>The files whose names begin so.</summary>
    public static IEnumerable<string> Files(string beginning) =>
        typeof(Data)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"En16931/{beginning}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => name["En16931/".Length..]);

    /// <summary>A file's lines.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var stream =
            typeof(Data).Assembly.GetManifestResourceStream($"En16931/{file}")
            ?? throw new InvalidOperationException($"En16931/{file} is not embedded");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
