using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>The record stands in the DNS: from now on mails from the domain are signed with its newest key, and no more with the one before.</summary>
public sealed partial class ActivateDkimKey(NpgsqlDataSource database, SignMails sign, TimeProvider clock, ILogger<ActivateDkimKey> log)
{
    private const string LockDomain = """
        select selector from dkim_key where seller_id = @SellerId and domain = @domain
        order by created_at desc, selector desc for update
        """;

    private const string RetireOthers = """
        update dkim_key set active = false, activated_at = null
        where seller_id = @SellerId and domain = @domain and active and selector <> @selector
        """;

    private const string Activate = $"""
        update dkim_key set active = true, activated_at = coalesce(activated_at, @now)
        where seller_id = @SellerId and domain = @domain and selector = @selector
        returning {KeptDkimKey.Columns}
        """;

    /// <summary>Activates it; the same again changes nothing.</summary>
    public async Task<Outcome<DkimKey>> RunAsync(SellerId seller, string domainText, CancellationToken cancellationToken)
    {
        if (!MailDomain.TryParse(domainText, out var domain))
        {
            return DeliveryFaults.NoDkimKey.With(domainText);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var selectors = await connection.QueryAsync<string>(LockDomain, new { SellerId = seller, domain }, transaction);
        if (selectors.FirstOrDefault() is not { } selector)
        {
            return DeliveryFaults.NoDkimKey.With(domain);
        }

        var facts = new
        {
            SellerId = seller,
            domain,
            selector,
            now = clock.GetUtcNow(),
        };
        await connection.ExecuteAsync(RetireOthers, facts, transaction);
        var active = await connection.QuerySingleAsync<KeptDkimKey>(Activate, facts, transaction);
        await transaction.CommitAsync(cancellationToken);
        sign.Forget(seller, domain);
        LogActive(seller.Value, domain, selector);
        return active.Shown();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Mails of seller {SellerId} from {Domain} are signed, selector {Selector}")]
    private partial void LogActive(string sellerId, string domain, string selector);
}
