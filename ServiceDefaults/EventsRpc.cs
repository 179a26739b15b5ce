using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts.Grpc.Events;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Tells again what this service has told, from its own kept bodies and not from the broker.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class EventsRpc(NpgsqlDataSource database) : Events.EventsBase
{
    private const string After = """
        select position, seller_id, sequence, event_id, name, body from event
        where position > @after and (@seller is null or seller_id = @seller) and (@names is null or name = any(@names))
        order by position
        """;

    /// <inheritdoc />
    public override async Task Replay(ReplayRequest request, IServerStreamWriter<KeptEvent> responseStream, ServerCallContext context)
    {
        await using var connection = await database.OpenConnectionAsync(context.CancellationToken);
        await using var command = new NpgsqlCommand(After, connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new("after", request.After),
                new("seller", NpgsqlDbType.Text) { Value = request.HasSellerId ? request.SellerId : DBNull.Value },
                new("names", NpgsqlDbType.Array | NpgsqlDbType.Text)
                {
                    Value = request.Names.Count > 0 ? request.Names.ToArray() : DBNull.Value,
                },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, context.CancellationToken);
        while (await reader.ReadAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(
                new KeptEvent
                {
                    Position = reader.GetInt64(0),
                    SellerId = reader.GetString(1),
                    Sequence = reader.GetInt64(2),
                    EventId = reader.GetGuid(3).ToString(),
                    Name = reader.GetString(4),
                    // As it is kept: UTF-8 (RFC 8259, 8.1).
                    Body = UnsafeByteOperations.UnsafeWrap(await reader.GetFieldValueAsync<byte[]>(5, context.CancellationToken)),
                },
                context.CancellationToken
            );
        }
    }
}
