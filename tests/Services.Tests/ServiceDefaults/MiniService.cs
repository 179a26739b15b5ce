using System.Globalization;
using Dapper;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>The smallest service: the shared rooms and nothing else.</summary>
internal sealed class MiniService : IAsyncDisposable
{
    private MiniService(WebApplication app, Uri broker, HashSet<string> heard) => (App, Broker, Heard) = (app, broker, heard);

    public WebApplication App { get; }

    public Uri Broker { get; }

    public HashSet<string> Heard { get; }

    public string Database => App.Configuration.GetConnectionString("collectionsdb")!;

    public static async Task<MiniService> StartAsync(
        Infrastructure infrastructure,
        Complaints? complaints = null,
        string? database = null,
        Uri? broker = null,
        Action<MessagingPlan>? plan = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null
    )
    {
        broker ??= await infrastructure.VirtualHostAsync();
        var heard = new HashSet<string>();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Infrastructure.FreePort()}"),
                ["ConnectionStrings:collectionsdb"] = database ?? await infrastructure.DatabaseAsync("collections"),
                ["ConnectionStrings:messaging"] = broker.AbsoluteUri,
                ["Keys:ApiKeySecret"] = new string('k', 32),
            }
        );
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.AddServiceDefaults("collections");
        builder.AddPostgres("collections");
        builder.Services.AddSingleton(heard);
        builder.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(complaints ?? new Complaints());
        services?.Invoke(builder.Services);
        builder.AddMessaging("collections", plan ?? (plan => plan.Consume<Hear>("mini-hear").Publish<PromiseMade>()));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        await Eventually.TrueAsync(async () => (await http.GetAsync("/health")).IsSuccessStatusCode, "ready");
        return new MiniService(app, broker, heard);
    }

    public async Task AppendAsync(PromiseMade told, bool commit)
    {
        await using var connection = await App.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var outbox = App.Services.GetRequiredService<Outbox>();
        await outbox.AppendAsync(transaction, told, default);
        if (commit)
        {
            await outbox.CommitAsync(transaction, default);
        }
    }

    public async Task<T> QueryAsync<T>(string sql, object? values = null)
    {
        await using var connection = await App.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        return (await connection.QuerySingleAsync<T>(sql, values))!;
    }

    public async Task<IEnumerable<T>> QueryListAsync<T>(string sql, object values)
    {
        await using var connection = await App.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.QueryAsync<T>(sql, values);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await App.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

public sealed class Hear(HashSet<string> heard) : IConsumer<PromiseMade>
{
    public Task Consume(ConsumeContext<PromiseMade> context)
    {
        if (context.Message.SellerId.Value == "poison")
        {
            throw new InvalidOperationException("no consumer can bear this");
        }

        lock (heard)
        {
            heard.Add(context.Message.SellerId.Value);
        }

        return Task.CompletedTask;
    }
}
