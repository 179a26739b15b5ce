using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Timing;

/// <summary>How a message was chosen to go stays with its notice, so that what came of it is learned and both ways are compared.</summary>
public static class KeepSendChoice
{
    private const string Keep = """
        insert into send_choice (seller_id, notice_id, customer_key, channel, local_hour, held_out, chosen_at)
        values (@seller, @notice, @customerKey, @channel, @hour, @heldOut, @at)
        on conflict (seller_id, notice_id) do update
        set channel = excluded.channel, local_hour = excluded.local_hour
        """;

    /// <summary>Keeps it in the transaction that decides the message; a notice decided again keeps its group.</summary>
    public static Task AddAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        NoticeId notice,
        string customerKey,
        SendChoice choice,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    seller = seller.Value,
                    notice = notice.Value,
                    customerKey,
                    channel = choice.Channel,
                    hour = choice.At.Hour,
                    heldOut = choice.HeldOut,
                    at,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
}
