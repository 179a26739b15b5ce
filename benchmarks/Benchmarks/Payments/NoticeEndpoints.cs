using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using RetailInvoicing.Benchmarks.Issuing;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// Two endpoints in the benchmark's own process: one takes the simulated Stripe's notices, to be sent to Payments later, and one is the
/// baseline: it stores a body in PostgreSQL, and does nothing else.
/// </summary>
internal sealed class NoticeEndpoints : IAsyncDisposable
{
    private const string Database = "barenotices";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _taken = new(StringComparer.Ordinal);
    private NpgsqlDataSource? _database;

    private NoticeEndpoints(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Notices by the session that they are of.</summary>
    public IReadOnlyDictionary<string, byte[]> Taken => _taken;

    /// <summary>Starts them.</summary>
    public static async Task<NoticeEndpoints> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var endpoints = new NoticeEndpoints(app);
        app.MapPost("/stripe", endpoints.TakeAsync);
        app.MapPost("/bare", endpoints.StoreAsync);
        await app.StartAsync(cancellation);
        return endpoints;
    }

    /// <summary>Makes the table that the baseline stores in, on the running server.</summary>
    public async Task OpenDatabaseAsync(DatabaseAddress server, CancellationToken cancellation)
    {
        await using (var postgres = NpgsqlDataSource.Create(Databases.ConnectionString(server, "postgres")))
        {
            await using var create = postgres.CreateCommand($"create database {Database}");
            await create.ExecuteNonQueryAsync(cancellation);
        }

        _database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Databases.ConnectionString(server, Database)) { MaxPoolSize = 32 }
        );
        await using var table = _database.CreateCommand(
            "create table notice (position bigint generated always as identity primary key, body bytea not null)"
        );
        await table.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var body = await ReadAsync(request);
        var told = JsonSerializer.Deserialize<JsonElement>(body);
        if (told.GetProperty("type").GetString() == "checkout.session.completed")
        {
            _taken[told.GetProperty("data").GetProperty("object").GetProperty("id").GetString()!] = body;
        }

        return Results.Ok();
    }

    private async Task<IResult> StoreAsync(HttpRequest request)
    {
        var body = await ReadAsync(request);
        await using var insert = _database!.CreateCommand("insert into notice (body) values ($1)");
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = body });
        await insert.ExecuteNonQueryAsync(request.HttpContext.RequestAborted);
        return Results.Text("{}", "application/json");
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }
}
