using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>An event has its effect once, however often it is delivered: the memory of it commits with the effect.</summary>
public sealed class Inbox(NpgsqlDataSource database)
{
    private const string Remember = """
        insert into inbox (consumer, event_id) values (@consumer, @event) on conflict do nothing
        """;

    /// <summary>Runs the effect in a transaction unless this consumer has had the event; true where it ran.</summary>
    public async Task<bool> OnceAsync(
        string consumer,
        EventId eventId,
        Func<NpgsqlTransaction, Task> effect,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var remember = new NpgsqlCommand(Remember, connection, transaction)
        {
            Parameters = { new("consumer", consumer), new("event", eventId.Value) },
        };
        // A second delivery at the same time waits here for the first one's commit, then finds it done.
        if (await remember.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return false;
        }

        await effect(transaction);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
