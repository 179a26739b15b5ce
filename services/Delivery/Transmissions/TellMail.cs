using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Tells whoever operates the system what waits to be sent, by channel, and since when.</summary>
public sealed class TellMail(NpgsqlDataSource database) : IOperationsPart
{
    private const string Queues = """
        select channel, count(*) as queued, count(*) filter (where attempts > 0 or put_off > 0) as retrying, min(created_at) as oldest_at
        from transmission where status = 'queued' group by channel order by channel
        """;

    /// <inheritdoc />
    public string Name => "mail";

    /// <inheritdoc />
    public async Task<JsonNode> TellAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var channels = await connection.QueryAsync<MailQueue>(new CommandDefinition(Queues, cancellationToken: cancellationToken));
        return JsonSerializer.SerializeToNode(channels.ToList(), Wire.Tolerant)!;
    }
}

/// <summary>What waits to be sent on a channel.</summary>
public sealed record MailQueue
{
    /// <summary>email, sms and so on.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Messages that wait.</summary>
    public long Queued { get; init; }

    /// <summary>Those of them that were tried or put off before.</summary>
    public long Retrying { get; init; }

    /// <summary>When the oldest was asked for.</summary>
    public DateTimeOffset? OldestAt { get; init; }
}
