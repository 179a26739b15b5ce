using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A seller sees its ways out beside e-mail, in the order in which they are tried, without the keys that they are opened by.</summary>
public sealed class ListChannels(NpgsqlDataSource database, IConfiguration configuration)
{
    private const string InOrder = """
        select channel, enabled, priority, gateway, sealed_headers, changed_at from channel
        where seller_id = @seller
        order by gateway is null, priority, channel
        """;

    /// <summary>All of them: there are at most four.</summary>
    public async Task<KeptChannels> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(InOrder, new { seller = seller.Value }, cancellationToken: cancellationToken)
        );
        var seal = GatewaySecrets.SealOf(configuration);
        return new KeptChannels
        {
            Channels =
            [
                .. rows.Select(row =>
                    KeptChannel.Of(
                        row.Channel,
                        row.Enabled,
                        row.Priority,
                        row.Gateway is { } gateway ? JsonSerializer.Deserialize<Gateway>(gateway, Wire.Tolerant) : null,
                        GatewaySecrets.Open(seal, seller, row.Channel, row.SealedHeaders),
                        row.ChangedAt
                    )
                ),
            ],
        };
    }

    private sealed record Row
    {
        public string Channel { get; init; } = "";
        public bool Enabled { get; init; }
        public int Priority { get; init; }
        public string? Gateway { get; init; }
        public byte[]? SealedHeaders { get; init; }
        public DateTimeOffset ChangedAt { get; init; }
    }
}
