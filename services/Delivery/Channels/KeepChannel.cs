using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A seller sets up another way out than e-mail, in place of the one of that name before, or takes it away.</summary>
public sealed class KeepChannel(NpgsqlDataSource database, PublicHttp http, IConfiguration configuration, TimeProvider clock)
{
    private const string Kept = """
        select gateway, sealed_headers, seal from channel where seller_id = @seller and channel = @channel for update
        """;

    private const string Keep = """
        insert into channel as c (seller_id, channel, enabled, priority, gateway, sealed_headers, seal, changed_at)
        values (@seller, @channel, @enabled, @priority, @gateway, @closed, @seal, @now)
        on conflict (seller_id, channel) do update
        set enabled = excluded.enabled, priority = excluded.priority, gateway = excluded.gateway,
            sealed_headers = excluded.sealed_headers, seal = excluded.seal, changed_at = excluded.changed_at
        returning c.xmax = 0
        """;

    private const string Remove = "delete from channel where seller_id = @seller and channel = @channel";

    /// <summary>Keeps it; tells whether it is the first of its name, and what it is.</summary>
    public async Task<Outcome<(bool IsNew, KeptChannel Channel)>> RunAsync(
        SellerId seller,
        string channel,
        ChannelRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!OwnChannels.Exists(channel))
        {
            return DeliveryFaults.NoSuchChannel.With(channel);
        }

        if (!OwnChannels.HasGateway(channel))
        {
            return HasGatewaySettings(request)
                ? DeliveryFaults.PrintHasNoGateway.With()
                : await PutAsync(seller, channel, request, null, null, cancellationToken);
        }

        var described = GatewayRules.Of(channel, request);
        if (described.Refused(out var fault))
        {
            return fault;
        }

        return await http.RefuseAsync(request.Url, cancellationToken) is { } refused
            ? refused
            : await PutAsync(seller, channel, request, described.Value, GatewaySecrets.SealOf(configuration), cancellationToken);
    }

    /// <summary>Takes it away; what waits for it fails, and goes out on the next one.</summary>
    public async Task<Outcome<bool>> RemoveAsync(SellerId seller, string channel, CancellationToken cancellationToken)
    {
        if (!OwnChannels.Exists(channel))
        {
            return DeliveryFaults.NoSuchChannel.With(channel);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var removed = await connection.ExecuteAsync(
            new CommandDefinition(Remove, new { seller = seller.Value, channel }, cancellationToken: cancellationToken)
        );
        return removed > 0 ? true : DeliveryFaults.ChannelNotKept.With(channel);
    }

    private async Task<Outcome<(bool IsNew, KeptChannel Channel)>> PutAsync(
        SellerId seller,
        string channel,
        ChannelRequest request,
        Gateway? gateway,
        Seal? seal,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var secrets = new GatewaySecrets();
        if (gateway is not null)
        {
            var found = await SecretsAsync(transaction, seller, channel, request, gateway, seal, cancellationToken);
            if (found.Refused(out var fault))
            {
                return fault;
            }

            secrets = found.Value;
        }

        if (!secrets.IsEmpty && seal is null)
        {
            return DeliveryFaults.ChannelNotSealed.With();
        }

        var now = clock.GetUtcNow();
        var isNew = await connection.QuerySingleAsync<bool>(
            new CommandDefinition(
                Keep,
                new
                {
                    seller = seller.Value,
                    channel,
                    enabled = request.Enabled,
                    priority = request.Priority,
                    gateway = gateway is null ? null : JsonSerializer.Serialize(gateway, Wire.Tolerant),
                    closed = secrets.IsEmpty ? null : secrets.Close(seal!, seller, channel),
                    seal = secrets.IsEmpty ? null : seal!.Name,
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        return (isNew, KeptChannel.Of(channel, request.Enabled, request.Priority, gateway, secrets, now));
    }

    private static async Task<Outcome<GatewaySecrets>> SecretsAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        string channel,
        ChannelRequest request,
        Gateway gateway,
        Seal? seal,
        CancellationToken cancellationToken
    )
    {
        var before = await transaction.Connection!.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Kept, new { seller = seller.Value, channel }, transaction, cancellationToken: cancellationToken)
        );
        if (GatewaySecrets.Open(seal, seller, channel, before?.SealedHeaders) is not { } kept)
        {
            // Whoever gives everything anew needs nothing of what does not open.
            return request is { Headers: { } headers, Secret: not null } && !headers.ContainsValue(GatewaySecrets.Hidden)
                ? GatewayRules.SecretsOf(channel, request, new GatewaySecrets(), isSameServer: true)
                : DeliveryFaults.ChannelSealBroken.With(channel);
        }

        var isSameServer =
            before?.Gateway is not { } text
            || Gateway.IsSameServer(JsonSerializer.Deserialize<Gateway>(text, Wire.Tolerant)!.Url, gateway.Url);
        return GatewayRules.SecretsOf(channel, request, kept, isSameServer);
    }

    private static bool HasGatewaySettings(ChannelRequest request) =>
        (request.Url ?? request.Method ?? request.ContentType ?? request.Body ?? request.From ?? request.Secret) is not null
        || request.Headers is not null
        || request.Success is not null;

    private sealed record Row
    {
        public string? Gateway { get; init; }
        public byte[]? SealedHeaders { get; init; }
    }
}
