namespace RetailInvoicing.Collections.Places;

/// <summary>Tables of places that come with the program: data/places.csv and data/holidays.csv.</summary>
internal static class PlaceData
{
    /// <summary>The lines of a table, field by field, its remarks left out.</summary>
    public static IEnumerable<string[]> Lines(string file)
    {
        using var stream = typeof(PlaceData).Assembly.GetManifestResourceStream($"RetailInvoicing.Collections.data.{file}")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split(',', 3);
            }
        }
    }
}
