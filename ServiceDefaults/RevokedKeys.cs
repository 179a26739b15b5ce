using System.Collections.Concurrent;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Keys that open nothing any more, as this service knows them; asked on every request, so held in memory.</summary>
public sealed class RevokedKeys
{
    private readonly ConcurrentDictionary<Guid, bool> _keys = new();

    /// <summary>Whether the key was revoked.</summary>
    public bool Contains(KeyId key) => _keys.ContainsKey(key.Value);

    /// <summary>Holds from now on in this process.</summary>
    public void Add(KeyId key) => _keys[key.Value] = true;
}

/// <summary>A revoked key is refused by this service from now on, after every restart too.</summary>
internal sealed class RevokeApiKey(NpgsqlDataSource database, RevokedKeys revoked) : IConsumer<ApiKeyRevoked>
{
    private const string Remember = """
        insert into revoked_key (seller_id, key_id, revoked_at) values (@SellerId, @KeyId, @RevokedAt) on conflict do nothing
        """;

    public async Task Consume(ConsumeContext<ApiKeyRevoked> context)
    {
        await using var connection = await database.OpenConnectionAsync(context.CancellationToken);
        await connection.ExecuteAsync(Remember, context.Message);
        revoked.Add(context.Message.KeyId);
    }
}

/// <summary>Reads the revoked keys at start, and every few seconds those that another instance heard of.</summary>
internal sealed class RevokedKeysReader(IServiceProvider services, RevokedKeys revoked, TimeProvider clock) : BackgroundService
{
    private const string All = "select key_id from revoked_key";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(3), clock);
        do
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                foreach (var key in await connection.QueryAsync<KeyId>(All))
                {
                    revoked.Add(key);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException exception) when (Resilience.IsPassing(exception))
            {
                // The next look will do; what is known stays known.
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
