using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts.Events.Delivery;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// A reminder that came back, or that Delivery gave up, is kept until it is acted on; told again it is the same. An address that is the
/// cause is closed with it, whether the notice that it was is recorded yet or not: nobody else is to be written to there.
/// </summary>
public sealed class HearFailure(NpgsqlDataSource database) : IConsumer<TransmissionFailed>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "collections-hear-failure";

    private const string Keep = $"""
        with kept as (
            insert into failed_message (seller_id, transmission_id, channel, recipient, reason, failed_at)
            values (@seller, @transmission, @channel, @recipient, @reason, @at)
            on conflict (seller_id, transmission_id) do nothing
            returning seller_id, channel, lower(btrim(recipient)) as address, failed_at
        )
        insert into closed_address (seller_id, channel, address, closed_at)
        select seller_id, channel, address, failed_at from kept where @ofAddress
        on conflict (seller_id, channel, address) do update set closed_at = greatest(closed_address.closed_at, excluded.closed_at);
        select pg_notify('{RunDunning.Channel}', '')
        """;

    // As Delivery's reasons begin (its ReportedFate, faults and channels).
    private static readonly string[] OfMailAddress = ["5", "DEL-SEND-02", "DEL-SEND-07", ApplyFailures.Complaint];
    private static readonly string[] OfNumber = ["400", "410", "422", "DEL-SEND-07"];

    /// <summary>Takes the event; what is no reminder says nothing about one.</summary>
    public Task Consume(ConsumeContext<TransmissionFailed> context) => KeepAsync(context.Message, context.CancellationToken);

    /// <summary>Keeps it once, however it was told.</summary>
    public async Task KeepAsync(TransmissionFailed failed, CancellationToken cancellationToken)
    {
        if (failed.Purpose != "reminder")
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
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
                    ofAddress = IsOfAddress(failed),
                },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>
    /// Whether there is nobody at the address. A mail server or gateway that was away for days, or wants to be paid or signed in to, says
    /// nothing of it.
    /// </summary>
    private static bool IsOfAddress(TransmissionFailed failed) =>
        (failed.Channel == "email" ? OfMailAddress : OfNumber).Any(begin => failed.Reason.StartsWith(begin, StringComparison.Ordinal));

    /// <summary>A server's words, without what PostgreSQL's text cannot hold.</summary>
    private static string Plain(string text) => text.Replace("\0", "", StringComparison.Ordinal);
}
