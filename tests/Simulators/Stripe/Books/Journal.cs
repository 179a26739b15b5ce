using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>Where a line of the journal lies.</summary>
internal readonly record struct Place(long Offset, int Length);

/// <summary>All that has happened, one line of JSON after another. A line is on the disk before anybody is answered.</summary>
internal sealed class Journal : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly FileStream _file;
    private readonly SafeFileHandle _reader;

    private Journal(FileStream file, SafeFileHandle reader) => (_file, _reader) = (file, reader);

    /// <summary>Opens a journal and reads it. What a crash has left unfinished at the end was never answered, and is taken off.</summary>
    public static Journal Open(string folder, Action<Change, Place> read)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "journal.jsonl");
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var at = 0;
        while (
            at < bytes.Length && Array.IndexOf(bytes, (byte)'\n', at) is >= 0 and var end && Read(bytes.AsSpan(at, end - at)) is { } change
        )
        {
            read(change, new Place(at, end - at));
            at = end + 1;
        }

        file.SetLength(at);
        file.Position = at;
        return new Journal(file, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
    }

    /// <summary>Writes a line, and waits for the disk where it says what somebody is told.</summary>
    public Place Append(Change change, bool toDisk)
    {
        using var line = new MemoryStream();
        JsonSerializer.Serialize(line, change, Json);
        var place = new Place(_file.Position, (int)line.Length);
        line.WriteByte((byte)'\n');
        _file.Write(line.GetBuffer(), 0, (int)line.Length);
        _file.Flush(toDisk);
        return place;
    }

    /// <summary>A line again, with the bodies that memory does not keep.</summary>
    public Change Read(Place place)
    {
        var line = new byte[place.Length];
        RandomAccess.Read(_reader, line, place.Offset);
        return Read(line.AsSpan()) ?? throw new InvalidDataException($"the journal holds no line at {place.Offset}");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private static Change? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Change>(line, Json);
        }
        catch (JsonException)
        {
            // A torn line: it and what follows are taken off.
            return null;
        }
    }
}
