namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>A folder that goes with whoever made it.</summary>
internal sealed class TemporaryFolder(string prefix) : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
