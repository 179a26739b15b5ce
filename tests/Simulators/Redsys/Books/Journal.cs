using System.Text.Json;
using System.Text.Json.Serialization;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Books;

/// <summary>A line of the journal: an operation as it is from then on, a terminal's key, or what the control API has set.</summary>
internal sealed record Entry
{
    public Operation? Operation { get; init; }

    public TerminalKey? Key { get; init; }

    public Settings? Settings { get; init; }
}

/// <summary>The key of a terminal.</summary>
internal sealed record TerminalKey(string Merchant, string Terminal, string Key);

/// <summary>What Redsys knows, one line of JSON after another. A line is on the disk before anybody is told.</summary>
internal sealed class Journal : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly FileStream _file;

    private Journal(FileStream file) => _file = file;

    /// <summary>Opens a journal and reads it. What a crash has left unfinished at the end was never answered, and is taken off.</summary>
    public static (Journal Journal, IReadOnlyList<Entry> Entries) Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(Path.Combine(folder, "journal.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var entries = new List<Entry>();
        var at = 0;
        while (
            at < bytes.Length && Array.IndexOf(bytes, (byte)'\n', at) is >= 0 and var end && Read(bytes.AsSpan(at, end - at)) is { } entry
        )
        {
            entries.Add(entry);
            at = end + 1;
        }

        file.SetLength(at);
        file.Position = at;
        return (new Journal(file), entries);
    }

    /// <summary>Writes a line and waits for the disk.</summary>
    public void Append(Entry entry)
    {
        using var line = new MemoryStream();
        JsonSerializer.Serialize(line, entry, Json);
        line.WriteByte((byte)'\n');
        _file.Write(line.GetBuffer(), 0, (int)line.Length);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private static Entry? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, Json);
        }
        catch (JsonException)
        {
            // A torn line: it and what follows are taken off.
            return null;
        }
    }
}
