using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>A gateway for short messages that keeps what it is asked, and misbehaves on request.</summary>
internal sealed class StandInGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _asked = new();

    private StandInGateway(WebApplication app, int port) => (_app, Url) = (app, $"http://127.0.0.1:{port}/send");

    /// <summary>A request as it came.</summary>
    public sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

    public string Url { get; }

    /// <summary>The answer to a request; null to hang up.</summary>
    public Func<Asked, (int Status, string Body)?> Answer { get; set; } = _ => (202, """{"id":"m1"}""");

    public IReadOnlyList<Asked> All => [.. _asked];

    public static async Task<StandInGateway> StartAsync()
    {
        var port = Fixtures.Infrastructure.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var gateway = new StandInGateway(app, port);
        RequestDelegate take = gateway.TakeAsync;
        app.Run(take);
        await app.StartAsync();
        return gateway;
    }

    public async Task<IReadOnlyList<Asked>> AtLeastAsync(int count)
    {
        await Fixtures.Eventually.TrueAsync(() => Task.FromResult(_asked.Count >= count), $"{count} requests, {_asked.Count} so far");
        return All;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = new Asked(
            context.Request.Method,
            context.Request.Path,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(context.RequestAborted)
        );
        _asked.Enqueue(asked);
        if (Answer(asked) is not { } answer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Status is >= 300 and < 400)
        {
            context.Response.Headers.Location = "http://127.0.0.1:9/";
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
