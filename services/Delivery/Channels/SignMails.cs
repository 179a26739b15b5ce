using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Dapper;
using MimeKit;
using MimeKit.Cryptography;
using Npgsql;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>
/// A mail is signed (DKIM, RFC 6376) with the seller's active key for the domain that it comes from; without one, or where the key cannot be
/// opened, it goes out unsigned: no invoice waits for a signature. Nothing may be changed in it afterwards.
/// </summary>
public sealed partial class SignMails(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<SignMails> log
)
{
    private const string Active = $"""
        select {KeptDkimKey.Columns} from dkim_key where seller_id = @SellerId and domain = @domain and active
        """;

    private const int MostKept = 1_000;

    private static readonly HeaderId[] Signed =
    [
        HeaderId.From,
        HeaderId.To,
        HeaderId.Subject,
        HeaderId.Date,
        HeaderId.MessageId,
        HeaderId.MimeVersion,
        HeaderId.ListUnsubscribe,
        HeaderId.ListUnsubscribePost,
    ];

    private static readonly Counter<long> Unsigned = Telemetry.Meter.CreateCounter<long>("delivery.mails.unsigned");

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    // As they are kept: sealed.
    private readonly BriefMemory<(SellerId Seller, string Domain), KeptDkimKey?> _keys = new(Fresh, MostKept, clock);

    /// <summary>Looks anew next time: the seller has just put, activated or removed a key here.</summary>
    public void Forget(SellerId seller, string domain) => _keys.Forget((seller, domain));

    /// <summary>Signs it, where the seller has a key for its domain.</summary>
    public async Task RunAsync(SellerId seller, MimeMessage message, CancellationToken cancellationToken)
    {
        if (message.From.Mailboxes.FirstOrDefault() is not { } from || !MailDomain.TryParse(from.Domain, out var domain))
        {
            return;
        }

        if (await _keys.GetAsync((seller, domain), token => ActiveAsync(seller, domain, token), cancellationToken) is not { } kept)
        {
            return;
        }

        if (
            KeptDkimKey.SealOf(configuration) is not { } seal
            || seal.Open(KeptDkimKey.BoundTo(seller, domain, kept.Selector), kept.SealedKey) is not { } key
        )
        {
            Unsigned.Add(1);
            LogUnsigned(seller.Value, domain, kept.Selector);
            return;
        }

        try
        {
            // What is signed is what is sent: lines and encodings that every server passes on as they are.
            message.Prepare(EncodingConstraint.SevenBit);
            if (!message.Headers.Contains(HeaderId.MimeVersion))
            {
                message.Headers.Add(HeaderId.MimeVersion, "1.0");
            }

            var signer = new Signer(PrivateKeyFactory.CreateKey(key), domain, kept.Selector, clock.GetUtcNow())
            {
                HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
                BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            };
            HeaderId[] fields = [.. Signed.Where(each => message.Headers.Contains(each)), HeaderId.ContentType];
            signer.Sign(message, fields);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private async Task<KeptDkimKey?> ActiveAsync(SellerId seller, string domain, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<KeptDkimKey>(Active, new { SellerId = seller, domain });
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Mails of seller {SellerId} from {Domain} go out unsigned: the key {Selector} does not open (Keys:DkimKey); put it again"
    )]
    private partial void LogUnsigned(string sellerId, string domain, string selector);

    /// <summary>Signs at an instant that it is given.</summary>
    private sealed class Signer(AsymmetricKeyParameter key, string domain, string selector, DateTimeOffset now)
        : DkimSigner(key, domain, selector, DkimSignatureAlgorithm.RsaSha256)
    {
        protected override long GetTimestamp() => now.ToUnixTimeSeconds();
    }
}
