using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>Everything that a run writes; held by one run at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly FileStream hold;
    private readonly JsonObject secrets;
    private readonly Lock gate = new();

    private DataDirectory(string path, FileStream hold, JsonObject secrets) => (Path, this.hold, this.secrets) = (path, hold, secrets);

    public string Path { get; }

    /// <summary>Made up with the directory, so that data kept elsewhere is never taken for that of another.</summary>
    public string InstanceId => SecretOrNew("instance-id", () => Guid.CreateVersion7().ToString("N"));

    public static async Task<DataDirectory> OpenAsync(string path)
    {
        FileStream hold;
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(path, "logs"));
            // On Unix this is flock: the kernel lets go of it when the process ends, however it ends.
            hold = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new RefusalException(
                $"{path} is in use by a system that runs already. Stop that one, or take another place: --data DIR."
            );
        }
        catch (UnauthorizedAccessException)
        {
            throw new RefusalException($"{path} cannot be written by this user. Take another place: --data DIR.");
        }
        var file = System.IO.Path.Combine(path, "secrets.json");
        var secrets = File.Exists(file) ? JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject() : [];
        var directory = new DataDirectory(path, hold, secrets);
        directory.Remove("endpoints.json");
        return directory;
    }

    public string FileNamed(string name) => System.IO.Path.Combine(Path, name);

    public string Log(string resource) => System.IO.Path.Combine(Path, "logs", resource + ".log");

    public string? Secret(string name, ParameterDefault? fallback) =>
        fallback is null ? (string?)secrets[name] : SecretOrNew(name, fallback.GetDefaultValue);

    /// <summary>Writes the file whole: who reads it sees the old one or the new one.</summary>
    public void Write(string name, JsonObject content)
    {
        lock (gate)
        {
            var temporary = FileNamed(name + ".new");
            File.Delete(temporary);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            };
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(JsonSerializer.SerializeToUtf8Bytes(content, Readable));
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, FileNamed(name), overwrite: true);
        }
    }

    public async Task<JsonObject?> ReadAsync(string name)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllTextAsync(FileNamed(name)))?.AsObject();
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Remove(string name)
    {
        lock (gate)
            File.Delete(FileNamed(name));
    }

    public void Dispose() => hold.Dispose();

    private string SecretOrNew(string name, Func<string> make)
    {
        lock (gate)
        {
            if ((string?)secrets[name] is { } known)
                return known;
            var made = make();
            secrets[name] = made;
            Write("secrets.json", secrets);
            return made;
        }
    }
}
