using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// A provider tells us something: believed only where the account's signature is right and its time is near, kept before anything else,
/// once, and answered at once. What it means is worked out afterwards by <see cref="ApplyNotices"/>.
/// </summary>
public sealed partial class HearProvider(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    ProviderNames names,
    OpenProviders accounts,
    KeepNotices keep,
    ApplyNotices apply,
    TimeProvider clock,
    ILogger<HearProvider> log
)
{
    /// <summary>Bodies over this are no notices.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>How many refused ones of a provider are kept in a minute: enough to see what goes on, too few to fill a disk.</summary>
    public const int MostRefusedPerMinute = 60;

    private const int MostOfId = 500;
    private const int MostOfStart = 2000;

    private const string KeepRefused = """
        insert into refused_notice (provider, account_id, seller_id, at, code, sha256, body_start, remote)
        select @Provider, @AccountId, (select seller_id from provider_account where provider = @Provider and account_id = @AccountId), @Now,
            @Code, @Sha256, @BodyStart, @Remote
        """;

    private static readonly Counter<long> Received = Telemetry.Meter.CreateCounter<long>("payments.notices.received", "{notice}");
    private static readonly Counter<long> Repeated = Telemetry.Meter.CreateCounter<long>("payments.notices.repeated", "{notice}");
    private static readonly Counter<long> RefusedOnes = Telemetry.Meter.CreateCounter<long>("payments.notices.refused", "{notice}");

    private readonly ConcurrentDictionary<string, Minute> _refused = new(StringComparer.Ordinal);

    /// <summary>Takes it, or says why not; false where it was known.</summary>
    public async Task<Outcome<bool>> HandleAsync(string provider, ProviderRequest request, string? remote, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("HearProvider");
        if (names.Of(provider) is not { } wire)
        {
            return PaymentsFaults.NoSuchProvider.With(provider, names.Said);
        }

        var now = clock.GetUtcNow();
        string? addressed = null;
        ProviderAccount? account;
        Outcome<ProviderNotice> read;
        try
        {
            addressed = wire.AddressedTo(request) ?? request.Query.GetValueOrDefault("account");
            account = addressed is null ? null : await accounts.ByAccountAsync(provider, addressed, token);
            read = account is null ? PaymentsFaults.UnknownAccount.With() : wire.Read(account, request, now);
        }
        catch (Exception exception) when (!token.IsCancellationRequested && !Resilience.IsPassing(exception))
        {
            // Whoever sends something that nobody thought of is told that it cannot be read, and the provider sends it again.
            LogSurprise(exception, provider);
            account = null;
            read = PaymentsFaults.UnreadableNotice.With();
        }

        if (read.Refused(out var refused))
        {
            return await RefuseAsync(provider, addressed, request, remote, refused, now, token);
        }

        var notice = read.Value;
        if (account is null || notice.EventId.Length is 0 or > MostOfId || notice.EventId.Any(char.IsControl))
        {
            return await RefuseAsync(provider, addressed, request, remote, PaymentsFaults.UnreadableNotice.With(), now, token);
        }

        var isNew = await keep.RunAsync(
            new KeptNotice(
                account.SellerId,
                provider,
                notice.EventId,
                now,
                FactForm.Write(notice.Facts),
                request.Body.ToArray(),
                TellsOfOurs: notice.Facts.Count > 0
            ),
            token
        );
        (isNew ? Received : Repeated).Add(1, new KeyValuePair<string, object?>("provider", provider));
        if (isNew && notice.Facts.Count > 0)
        {
            apply.Wake();
        }

        return isNew;
    }

    /// <summary>Keeps what came for whoever looks after the system, and gives back why it is refused.</summary>
    private async Task<Fault> RefuseAsync(
        string provider,
        string? addressed,
        ProviderRequest request,
        string? remote,
        Fault fault,
        DateTimeOffset now,
        CancellationToken token
    )
    {
        RefusedOnes.Add(
            1,
            new KeyValuePair<string, object?>("provider", provider),
            new KeyValuePair<string, object?>("code", fault.Code.Code)
        );
        if (!_refused.GetOrAdd(provider, static _ => new Minute()).HasRoom(now))
        {
            return fault;
        }

        LogRefused(provider, fault.Code.Code, remote);
        var start = request.Body[..Math.Min(request.Body.Length, MostOfStart)];
        await using var connection = await database.OpenConnectionAsync(token);
        await connection.ExecuteAsync(
            new CommandDefinition(
                KeepRefused,
                new
                {
                    Provider = provider,
                    AccountId = addressed is null ? null : Plain(addressed, KeepProvider.MostOfName),
                    Now = now,
                    Code = fault.Code.Code,
                    Sha256 = SHA256.HashData(request.Body.Span),
                    BodyStart = Plain(Encoding.UTF8.GetString(start.Span), MostOfStart),
                    Remote = remote,
                },
                cancellationToken: token
            )
        );
        return fault;
    }

    /// <summary>Text that a table takes and a screen shows, whatever was sent.</summary>
    private static string Plain(string text, int most) =>
        string.Concat(text.Take(most).Select(each => char.IsControl(each) || char.IsSurrogate(each) ? ' ' : each));

    [LoggerMessage(Level = LogLevel.Error, Message = "What came for {Provider} cannot be read")]
    private partial void LogSurprise(Exception exception, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came for {Provider} from {Remote} is not believed: {Code}")]
    private partial void LogRefused(string provider, string code, string? remote);

    /// <summary>How many were kept in this minute.</summary>
    private sealed class Minute
    {
        private readonly Lock _lock = new();
        private DateTimeOffset _began = DateTimeOffset.MinValue;
        private int _count;

        public bool HasRoom(DateTimeOffset now)
        {
            lock (_lock)
            {
                if (now - _began >= TimeSpan.FromMinutes(1) || now < _began)
                {
                    (_began, _count) = (now, 0);
                }

                return ++_count <= MostRefusedPerMinute;
            }
        }
    }
}
