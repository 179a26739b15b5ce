using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>A request that a door got.</summary>
public sealed record Knock(
    string Service,
    string Method,
    string Path,
    string Query,
    string Body,
    string Bearer,
    string Language,
    string Key = ""
)
{
    public override string ToString() => $"{Service} {Method} {Path}{Query} {Body}";
}

/// <summary>The REST doors of the five services on real ports: each answers what a test says, and keeps what it was asked.</summary>
public sealed class FakeDoors : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<Knock, (int Status, string Type, string Body)>> _answers = new(
        StringComparer.Ordinal
    );
    private readonly List<WebApplication> _hosts = [];

    public ConcurrentQueue<Knock> Knocks { get; } = new();

    /// <summary>Where they are, as the web front is told.</summary>
    public Dictionary<string, string?> Configuration { get; } = [];

    // What is nothing is left out, also where it is told by position.
    private static readonly JsonSerializerOptions Shape = new(Wire.Strict) { RespectRequiredConstructorParameters = false };

    /// <summary>JSON of exactly the service's own shape: an unknown or a lacking field fails the test.</summary>
    public static string Shaped<T>(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, Shape), Wire.Tolerant);

    public static async Task<FakeDoors> StartAsync()
    {
        var doors = new FakeDoors();
        foreach (var service in new[] { "invoicing", "delivery", "payments", "collections", "reporting" })
        {
            await doors.AddAsync(service);
        }

        return doors;
    }

    /// <summary>What a door answers from now on.</summary>
    public void Answer(string door, string body, int status = 200, string type = "application/json") =>
        _answers[door] = _ => (status, type, body);

    /// <summary>What a door answers to each.</summary>
    public void Answer(string door, Func<Knock, (int Status, string Type, string Body)> answer) => _answers[door] = answer;

    /// <summary>A refusal as services write it.</summary>
    public void Refuse(string door, int status, string code, string detail) =>
        Answer(
            door,
            JsonSerializer.Serialize(
                new
                {
                    type = $"urn:retailinvoicing:fault:{code}",
                    title = detail,
                    status,
                    detail,
                    code,
                    errors = new[] { new { code, detail } },
                }
            ),
            status,
            "application/problem+json"
        );

    /// <summary>What was sent to a door, the latest first.</summary>
    public IReadOnlyList<Knock> At(string door) =>
        [.. Knocks.Where(knock => $"{knock.Service} {knock.Method} {knock.Path}" == door).Reverse()];

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    private async Task AddAsync(string service)
    {
        var port = Infrastructure.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            var knock = new Knock(
                service,
                http.Request.Method,
                http.Request.Path.ToUriComponent(),
                http.Request.QueryString.Value ?? "",
                await reader.ReadToEndAsync(http.RequestAborted),
                http.Request.Headers.Authorization.ToString(),
                http.Request.Headers.AcceptLanguage.ToString(),
                http.Request.Headers["Idempotency-Key"].ToString()
            );
            Knocks.Enqueue(knock);
            var (status, type, body) = _answers.TryGetValue($"{service} {knock.Method} {knock.Path}", out var answer)
                ? answer(knock)
                : (
                    404,
                    "application/problem+json",
                    """{"title":"Aquí no hay nada.","status":404,"detail":"Aquí no hay nada.","code":"PATH-01"}"""
                );
            http.Response.StatusCode = status;
            if (status != 204)
            {
                http.Response.ContentType = type;
                await http.Response.WriteAsync(body, http.RequestAborted);
            }
        });
        await app.StartAsync();
        _hosts.Add(app);
        Configuration[$"services:{service}:http:0"] = $"http://127.0.0.1:{port}";
    }
}

/// <summary>The web front among simulated neighbours whose REST doors a test scripts.</summary>
public sealed class OfficeHost(Infrastructure infrastructure) : IAsyncLifetime
{
    public PortalHost Portal { get; } = new(infrastructure);

    public FakeDoors Doors { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Doors = await FakeDoors.StartAsync();
        foreach (var (key, value) in Doors.Configuration)
        {
            Portal.Settings[key] = value;
        }

        await Portal.InitializeAsync();
    }

    public Task<Browser> OwnerAsync(string language = "es-ES,es;q=0.9") => Portal.SignedInAsync(Demo.Owner, language);

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        if (Doors is not null)
        {
            await Doors.DisposeAsync();
        }
    }
}
