using System.Text.Json;
using System.Text.Json.Serialization;
using RetailInvoicing.Simulators.Bank.Control;

namespace RetailInvoicing.Simulators.Bank.Books;

/// <summary>A line of the journal: transfers and movements as they are from then on, an account, or what the control API has set.</summary>
internal sealed record Entry
{
    public IReadOnlyList<Transfer>? Transfers { get; init; }

    public IReadOnlyList<Movement>? Movements { get; init; }

    public Account? Account { get; init; }

    public Settings? Settings { get; init; }
}

/// <summary>What the bank knows, one line of JSON after another. A line is on the disk before anybody is told.</summary>
internal sealed class Journal : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
    };

    private readonly FileStream _file;

    private Journal(FileStream file) => _file = file;

    /// <summary>Opens a journal and reads it. What a crash has left unfinished at the end was never answered, and is taken off.</summary>
    public static (Journal Journal, IReadOnlyList<Entry> Entries) Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Sellers' keys are in it.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(Path.Combine(folder, "journal.jsonl"), options);
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
