using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A seller's mails from a domain are signed no more, and all keys of it are forgotten.</summary>
public sealed partial class RemoveDkimKeys(NpgsqlDataSource database, SignMails sign, ILogger<RemoveDkimKeys> log)
{
    private const string Remove = "delete from dkim_key where seller_id = @SellerId and domain = @domain";

    /// <summary>Forgets them; refused where there are none.</summary>
    public async Task<Outcome<string>> RunAsync(SellerId seller, string domainText, CancellationToken cancellationToken)
    {
        if (!MailDomain.TryParse(domainText, out var domain))
        {
            return DeliveryFaults.NoDkimKey.With(domainText);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteAsync(Remove, new { SellerId = seller, domain }) == 0)
        {
            return DeliveryFaults.NoDkimKey.With(domain);
        }

        sign.Forget(seller, domain);
        LogRemoved(seller.Value, domain);
        return domain;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Mails of seller {SellerId} from {Domain} are signed no more")]
    private partial void LogRemoved(string sellerId, string domain);
}
