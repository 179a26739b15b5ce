using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts.Events.Delivery;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A reminder that came back, or that Delivery gave up, is kept until it is acted on; told again it is the same.</summary>
public sealed class HearFailure(NpgsqlDataSource database) : IConsumer<TransmissionFailed>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "collections-hear-failure";

    private const string Keep = $"""
        insert into failed_message (seller_id, transmission_id, channel, recipient, reason, failed_at)
        values (@seller, @transmission, @channel, @recipient, @reason, @at)
        on conflict (seller_id, transmission_id) do nothing;
        select pg_notify('{RunDunning.Channel}', '')
        """;

    /// <summary>Takes the event; what is no reminder says nothing about one.</summary>
    public async Task Consume(ConsumeContext<TransmissionFailed> context)
    {
        var failed = context.Message;
        if (failed.Purpose != "reminder")
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(context.CancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    seller = failed.SellerId.Value,
                    transmission = failed.TransmissionId.ToString(),
                    channel = failed.Channel,
                    recipient = Plain(failed.Recipient),
                    reason = Plain(failed.Reason),
                    at = failed.FailedAt,
                },
                cancellationToken: context.CancellationToken
            )
        );
    }

    /// <summary>A server's words, without what PostgreSQL's text cannot hold.</summary>
    private static string Plain(string text) => text.Replace("\0", "", StringComparison.Ordinal);
}
