using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Whatever reached an address that reminders came back from opens it again; told again it is the same.</summary>
public sealed class HearTransmission([FromKeyedServices(Postgres.Point)] NpgsqlDataSource database) : IConsumer<InvoiceTransmitted>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "collections-hear-transmission";

    // Mostly there is nothing to open, and nothing is written.
    private const string Open = """
        delete from closed_address where seller_id = @seller and channel = @channel and address = lower(@recipient) and closed_at < @at
        """;

    /// <summary>Takes the event.</summary>
    public async Task Consume(ConsumeContext<InvoiceTransmitted> context)
    {
        var reached = context.Message;
        await using var connection = await database.OpenConnectionAsync(context.CancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Open,
                new
                {
                    seller = reached.SellerId.Value,
                    channel = reached.Channel,
                    recipient = reached.Recipient.Trim(),
                    at = reached.TransmittedAt,
                },
                cancellationToken: context.CancellationToken
            )
        );
    }
}
