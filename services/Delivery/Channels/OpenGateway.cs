using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A gateway that can be asked.</summary>
public sealed record OpenedGateway(Gateway Settings, GatewaySecrets Secrets);

/// <summary>A seller's gateway as it is set up at this moment, or why it cannot be asked.</summary>
public sealed class OpenGateway(NpgsqlDataSource database, IConfiguration configuration)
{
    private const string OfChannel = """
        select seller_id, channel, enabled, gateway, sealed_headers from channel where seller_id = @seller and channel = @channel
        """;

    private const string OfTransmission = """
        select t.seller_id, t.channel, coalesce(c.enabled, false) as enabled, c.gateway, c.sealed_headers
        from transmission t left join channel c on c.seller_id = t.seller_id and c.channel = t.channel
        where t.transmission_id = @id and t.channel <> 'email'
        """;

    /// <summary>The gateway of a channel, on or off: to try it.</summary>
    public async Task<Outcome<OpenedGateway>> RunAsync(SellerId seller, string channel, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(OfChannel, new { seller = seller.Value, channel }, cancellationToken: cancellationToken)
        );
        return row is null ? DeliveryFaults.ChannelNotKept.With(channel) : Opened(row);
    }

    /// <summary>The gateway that a transmission goes out by, where its channel is on.</summary>
    public async Task<Outcome<OpenedGateway>> OfAsync(TransmissionId transmission, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(OfTransmission, new { id = transmission.Value }, cancellationToken: cancellationToken)
        );
        if (row is null)
        {
            return DeliveryFaults.NoTransmission.With(transmission);
        }

        return row.Enabled ? Opened(row) : DeliveryFaults.ChannelIsOff.With(row.Channel);
    }

    private Outcome<OpenedGateway> Opened(Row row)
    {
        if (row.Gateway is not { } settings)
        {
            return DeliveryFaults.ChannelIsOff.With(row.Channel);
        }

        return GatewaySecrets.Open(GatewaySecrets.SealOf(configuration), row.SellerId, row.Channel, row.SealedHeaders) is { } secrets
            ? new OpenedGateway(JsonSerializer.Deserialize<Gateway>(settings, Wire.Tolerant)!, secrets)
            : DeliveryFaults.ChannelSealBroken.With(row.Channel);
    }

    private sealed record Row
    {
        public SellerId SellerId { get; init; }
        public string Channel { get; init; } = "";
        public bool Enabled { get; init; }
        public string? Gateway { get; init; }
        public byte[]? SealedHeaders { get; init; }
    }
}
