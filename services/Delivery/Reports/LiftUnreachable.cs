using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Reports;

/// <summary>A buyer's address works again, or the report was wrong: the seller lets mails go there again.</summary>
public sealed partial class LiftUnreachable(NpgsqlDataSource database, ILogger<LiftUnreachable> log)
{
    private const string Lift = """
        delete from unreachable_address where seller_id = @SellerId and channel = @Channel and address = lower(@Address)
        """;

    /// <summary>Lifts it; refused where nothing stands against the address.</summary>
    public async Task<Outcome<string>> RunAsync(SellerId seller, string channel, string address, CancellationToken cancellationToken)
    {
        var meant = address.Trim();
        if (channel.Contains('\0', StringComparison.Ordinal) || meant.Contains('\0', StringComparison.Ordinal))
        {
            return DeliveryFaults.NotUnreachable.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var lifted = await connection.ExecuteAsync(
            Lift,
            new
            {
                SellerId = seller,
                Channel = channel,
                Address = meant,
            }
        );
        if (lifted == 0)
        {
            return DeliveryFaults.NotUnreachable.With();
        }

        LogLifted(channel, seller.Value);
        return meant;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An address of {Channel} gets messages of seller {SellerId} again")]
    private partial void LogLifted(string channel, string sellerId);
}
