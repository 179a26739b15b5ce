using System.Text.Json;
using System.Text.Json.Serialization;
using RetailInvoicing.Simulators.TaxAgency.Control;

namespace RetailInvoicing.Simulators.TaxAgency.Books;

/// <summary>A line of the journal: a record, the submission that ends its records, or what the control API has set.</summary>
internal sealed record Entry
{
    public KeptRecord? Record { get; init; }

    public Submitted? Submission { get; init; }

    public Settings? Settings { get; init; }

    public CensusEntry? Census { get; init; }
}

/// <summary>A submission that was answered.</summary>
internal sealed record Submitted(Shelf Shelf, string System, DateTimeOffset At, int WaitSeconds, int Records, string? Violation);

/// <summary>An identifier that is unknown from here on, or known again.</summary>
internal sealed record CensusEntry(string Id, bool IsUnknown);

/// <summary>What the agency has received, one line of JSON after another. A line is on the disk before anybody is told.</summary>
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
        var unfinished = new List<Entry>();
        var good = 0;
        var at = 0;
        while (
            at < bytes.Length && Array.IndexOf(bytes, (byte)'\n', at) is >= 0 and var end && Read(bytes.AsSpan(at, end - at)) is { } entry
        )
        {
            unfinished.Add(entry.Record is { } record ? entry with { Record = record with { Xml = null, At = (at, end - at) } } : entry);
            at = end + 1;
            if (entry.Record is null)
            {
                entries.AddRange(unfinished);
                unfinished.Clear();
                good = at;
            }
        }

        file.SetLength(good);
        file.Position = good;
        return (new Journal(file), entries);
    }

    /// <summary>Writes lines and waits for the disk; the records come back as they are kept in memory.</summary>
    public IReadOnlyList<Entry> Append(params IReadOnlyList<Entry> entries)
    {
        var kept = new List<Entry>(entries.Count);
        using var lines = new MemoryStream();
        foreach (var entry in entries)
        {
            var from = lines.Length;
            JsonSerializer.Serialize(lines, entry, Json);
            var place = (_file.Position + from, (int)(lines.Length - from));
            kept.Add(entry.Record is { } record ? entry with { Record = record with { Xml = null, At = place } } : entry);
            lines.WriteByte((byte)'\n');
        }

        _file.Write(lines.GetBuffer(), 0, (int)lines.Length);
        _file.Flush(flushToDisk: true);
        return kept;
    }

    /// <summary>The record itself, as it was sent.</summary>
    public string XmlOf(KeptRecord record)
    {
        var line = new byte[record.At.Length];
        RandomAccess.Read(_file.SafeFileHandle, line, record.At.Offset);
        return Read(line)!.Record!.Xml!;
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
