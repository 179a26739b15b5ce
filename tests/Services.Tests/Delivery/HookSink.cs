using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>A seller's server: it keeps what it is told, and answers as a test wants.</summary>
internal sealed class HookSink : IAsyncDisposable
{
    /// <summary>Settings of a Delivery that calls it, and is quick to call again.</summary>
    public static readonly (string, string)[] Quick =
    [
        ("Keys:DkimKey", "key-of-the-tests-that-seals-what-delivery-keeps-0123456789"),
        ("Delivery:Webhooks:AllowPrivate", "true"),
        ("Delivery:Webhooks:Waits", "00:00:00.100"),
        ("Delivery:Webhooks:PauseBase", "00:00:00.050"),
        ("Delivery:Webhooks:PauseCap", "00:00:00.100"),
        ("Delivery:Webhooks:LookAnyway", "00:00:00.100"),
        ("Delivery:Webhooks:LookForChanges", "00:00:00.200"),
    ];

    private readonly List<Call> _calls = [];
    private readonly WebApplication _app;

    private HookSink()
    {
        Port = Infrastructure.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port));
        _app = builder.Build();
        _app.Run(http => TakeAsync(http));
    }

    /// <summary>What it was told.</summary>
    public sealed record Call(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Id => Headers["webhook-id"];
    }

    public int Port { get; }

    /// <summary>How it answers: 200 unless told.</summary>
    public Func<Call, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public static async Task<HookSink> StartAsync()
    {
        var sink = new HookSink();
        await sink._app.StartAsync();
        return sink;
    }

    public string Url(string path) => $"http://127.0.0.1:{Port}{path}";

    public IReadOnlyList<Call> Of(string path) => [.. Calls.Where(call => call.Path == path)];

    public async Task<IReadOnlyList<Call>> AtLeastAsync(int count)
    {
        await Eventually.TrueAsync(() => Task.FromResult(Calls.Count >= count), $"{count} calls");
        return Calls;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var call = new Call(
            http.Request.Path.Value ?? "",
            http.Request.Headers.ToDictionary(each => each.Key, each => each.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()
        );
        lock (_calls)
        {
            _calls.Add(call);
        }

        await Answer(call, http);
    }
}
