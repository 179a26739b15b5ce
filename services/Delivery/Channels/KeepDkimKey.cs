using System.Security.Cryptography;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>
/// A seller puts a key for the domain that its mails come from, made here or brought along, and is told what to publish in the DNS. Until
/// it is activated mails go out as before; the same again changes nothing.
/// </summary>
public sealed partial class KeepDkimKey(
    NpgsqlDataSource database,
    SignMails sign,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<KeepDkimKey> log
)
{
    private const int MostKeys = 50;
    private const int MostPemCharacters = 16 * 1024;
    private const int Bits = 2048;

    private const string Known = $"""
        select {KeptDkimKey.Columns} from dkim_key where seller_id = @SellerId and domain = @domain and selector = @selector
        """;

    private const string Count = "select count(*) from dkim_key where seller_id = @SellerId";

    // A key in use is never exchanged under its name; one whose secret is lost signs nothing and may be.
    private const string Keep = $"""
        insert into dkim_key as k (seller_id, domain, selector, public_key, sealed_key, seal, created_at)
        values (@SellerId, @domain, @selector, @publicKey, @sealedKey, @seal, @now)
        on conflict (seller_id, domain, selector) do update
        set public_key = excluded.public_key, sealed_key = excluded.sealed_key, seal = excluded.seal, active = false,
            created_at = excluded.created_at, activated_at = null
        where (@isGiven and not k.active) or k.seal <> excluded.seal
        returning {KeptDkimKey.Columns}
        """;

    /// <summary>Keeps it; tells whether it is new, and what to publish.</summary>
    public async Task<Outcome<(bool IsNew, DkimKey Key)>> RunAsync(
        SellerId seller,
        string domainText,
        DkimRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!MailDomain.TryParse(domainText, out var domain))
        {
            return DeliveryFaults.BadDomain.With(domainText);
        }

        if (!MailDomain.TryParse(request.Selector, out var selector) || selector.Length > 63)
        {
            return DeliveryFaults.BadSelector.At("selector", request.Selector);
        }

        if (KeptDkimKey.SealOf(configuration) is not { } seal)
        {
            return DeliveryFaults.NoDkimSeal.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var of = new
        {
            SellerId = seller,
            domain,
            selector,
        };
        var known = await connection.QuerySingleOrDefaultAsync<KeptDkimKey>(Known, of);
        if (known is not null && known.Seal == seal.Name && request.PrivateKey is null)
        {
            return (false, known.Shown());
        }

        if (known is null && await connection.ExecuteScalarAsync<long>(Count, of) >= MostKeys)
        {
            return DeliveryFaults.TooManyDkimKeys.With(MostKeys);
        }

        var opening = Open(request.PrivateKey);
        if (opening.Refused(out var fault))
        {
            return fault;
        }

        using var key = opening.Value;
        var publicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        var kept =
            await connection.QuerySingleOrDefaultAsync<KeptDkimKey>(
                Keep,
                new
                {
                    of.SellerId,
                    of.domain,
                    of.selector,
                    publicKey,
                    sealedKey = Sealed(key, seal, KeptDkimKey.BoundTo(seller, domain, selector)),
                    seal = seal.Name,
                    isGiven = request.PrivateKey is not null,
                    now = clock.GetUtcNow(),
                }
            ) ?? await connection.QuerySingleAsync<KeptDkimKey>(Known, of);
        if (request.PrivateKey is not null && kept.PublicKey != publicKey)
        {
            return DeliveryFaults.DkimKeyInUse.With(selector);
        }

        sign.Forget(seller, domain);
        LogKept(seller.Value, domain, selector);
        return (known is null, kept.Shown());
    }

    private static Outcome<RSA> Open(string? pem)
    {
        if (pem is null)
        {
            return RSA.Create(Bits);
        }

        var key = RSA.Create();
        try
        {
            if (pem.Length <= MostPemCharacters)
            {
                key.ImportFromPem(pem);
                // A public key is PEM too.
                CryptographicOperations.ZeroMemory(key.ExportPkcs8PrivateKey());
                if (key.KeySize is >= Bits and <= 2 * Bits)
                {
                    return key;
                }
            }
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Noise, encrypted, of another kind, or without its private half.
        }

        key.Dispose();
        return DeliveryFaults.BadDkimKey.At("privateKey");
    }

    private static byte[] Sealed(RSA key, Seal seal, byte[] boundTo)
    {
        var open = key.ExportPkcs8PrivateKey();
        try
        {
            return seal.Close(boundTo, open);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(open);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Seller {SellerId} put a key for mails from {Domain}, selector {Selector}")]
    private partial void LogKept(string sellerId, string domain, string selector);
}
