using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// A seller opens its account with a payment provider to us, in place of the one with that provider before, or takes it out of use: then
/// nothing new begins there, and what is under way ends.
/// </summary>
public sealed partial class KeepProvider(
    NpgsqlDataSource database,
    ProviderNames names,
    ProviderSeal seal,
    OpenProviders accounts,
    PublicAddress address,
    TimeProvider clock,
    ILogger<KeepProvider> log
)
{
    internal const int MostOfName = 100;
    private const int MostNames = 50;
    private const int MostOfText = 4000;
    private const short LastPlace = 99;

    /// <summary>What stands for a secret that is kept and not shown.</summary>
    private const string Hidden = "…";

    private const string Kept = """
        select account_id, environment, secrets from provider_account where seller_id = @SellerId and provider = @Provider for update
        """;
    private const string UnderWay = """
        select (select count(*) from checkout where seller_id = @SellerId and provider = @Provider
                and (state = 'open' or next_look_at is not null))
             + (select count(*) from refund where seller_id = @SellerId and provider = @Provider and state = 'asked')
        """;
    private const string Keep = """
        insert into provider_account as a (seller_id, provider, account_id, environment, means, place, enabled, settings, secrets,
            changed_at)
        values (@SellerId, @Provider, @AccountId, @Environment, @Means, @Place, @Enabled, @Settings::jsonb, @Secrets, @Now)
        on conflict (seller_id, provider) do update
        set account_id = excluded.account_id, environment = excluded.environment, means = excluded.means, place = excluded.place,
            enabled = excluded.enabled, settings = excluded.settings, secrets = excluded.secrets, version = a.version + 1,
            changed_at = excluded.changed_at
        """;
    private const string Disable = """
        update provider_account set enabled = false, version = version + 1, changed_at = @Now
        where seller_id = @SellerId and provider = @Provider
        """;

    /// <summary>What is put.</summary>
    public sealed record Request
    {
        /// <summary>test or live.</summary>
        public required string Environment { get; init; }

        /// <summary>What of it can be paid with; all that the provider takes unless said.</summary>
        public IReadOnlyList<PaymentMeans>? Means { get; init; }

        /// <summary>The seller's order: the first that takes a means is asked, the next where that one is down.</summary>
        public int Place { get; init; } = 1;

        /// <summary>Whether anything new begins there.</summary>
        public bool Enabled { get; init; } = true;

        /// <summary>What may be shown.</summary>
        public IReadOnlyDictionary<string, string>? Settings { get; init; }

        /// <summary>What may not; those before are kept where there are none, and each of them where its text is "…".</summary>
        public IReadOnlyDictionary<string, string>? Secrets { get; init; }
    }

    /// <summary>Keeps it; the first value tells whether it is the first with that provider.</summary>
    public async Task<Outcome<(bool IsNew, KeptProvider Provider)>> HandleAsync(
        SellerId seller,
        string provider,
        Request request,
        CancellationToken token
    )
    {
        using var activity = Telemetry.Source.StartActivity("KeepProvider");
        if (names.Of(provider) is not { } wire)
        {
            return PaymentsFaults.NoSuchProvider.With(provider, names.Said);
        }

        if (Check(wire, request) is { } bad)
        {
            return bad;
        }

        if (!seal.IsThere)
        {
            return PaymentsFaults.NoProviderSeal.With();
        }

        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var named = new { SellerId = seller, Provider = provider };
        var before = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Kept, named, transaction, cancellationToken: token)
        );
        if (SecretsOf(seller, provider, before, request.Secrets) is not { } secrets)
        {
            return PaymentsFaults.SecretsDoNotOpen.With(provider);
        }

        var account = wire.Account(seller, request.Environment, request.Settings ?? new Dictionary<string, string>(), secrets);
        if (account.Refused(out var refused))
        {
            return refused;
        }

        if (before is not null && (before.AccountId != account.Value.AccountId || before.Environment != account.Value.Environment))
        {
            var underWay = await connection.QuerySingleAsync<long>(
                new CommandDefinition(UnderWay, named, transaction, cancellationToken: token)
            );
            if (underWay > 0)
            {
                return PaymentsFaults.AccountInUse.With(underWay, before.AccountId);
            }
        }

        var settings = account.Value.Settings;
        IReadOnlyList<PaymentMeans> means = request.Means is { Count: > 0 } chosen ? [.. chosen.Distinct()] : wire.Means;
        var now = Book.Kept(clock.GetUtcNow());
        try
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    Keep,
                    new
                    {
                        SellerId = seller,
                        Provider = provider,
                        account.Value.AccountId,
                        request.Environment,
                        Means = means.Select(Account.NameOf).ToArray(),
                        Place = (short)request.Place,
                        request.Enabled,
                        Settings = JsonSerializer.Serialize(settings, Wire.Tolerant),
                        Secrets = seal.Close(seller, provider, secrets),
                        Now = now,
                    },
                    transaction,
                    cancellationToken: token
                )
            );
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return PaymentsFaults.AccountTaken.With(account.Value.AccountId);
        }

        await transaction.CommitAsync(token);
        accounts.Forget();
        LogKept(provider, account.Value.AccountId, seller);
        return (
            before is null,
            new KeptProvider
            {
                Provider = provider,
                AccountId = account.Value.AccountId,
                Environment = request.Environment,
                Means = means,
                Place = (short)request.Place,
                Enabled = request.Enabled,
                Settings = settings,
                HasSecrets = secrets.Count > 0,
                Opens = true,
                WebhookUrl = KeptProvider.Webhook(address, provider, account.Value.AccountId).AbsoluteUri,
                ChangedAt = now,
            }
        );
    }

    /// <summary>Takes it out of use.</summary>
    public async Task<Outcome<bool>> DisableAsync(SellerId seller, string provider, CancellationToken token)
    {
        if (names.Of(provider) is null)
        {
            return PaymentsFaults.NoSuchProvider.With(provider, names.Said);
        }

        await using var connection = await database.OpenConnectionAsync(token);
        var disabled = await connection.ExecuteAsync(
            new CommandDefinition(
                Disable,
                new
                {
                    SellerId = seller,
                    Provider = provider,
                    Now = clock.GetUtcNow(),
                },
                cancellationToken: token
            )
        );
        accounts.Forget();
        return disabled > 0 ? true : PaymentsFaults.ProviderNotKept.With(provider);
    }

    private static Fault? Check(IPaymentProvider wire, Request request)
    {
        if (request.Environment is not ("test" or "live"))
        {
            return PaymentsFaults.BadEnvironment.At("environment");
        }

        if (request.Means is { } means && (means.Count == 0 || means.Any(each => !wire.Means.Contains(each))))
        {
            return PaymentsFaults.BadProviderMeans.At("means", wire.Name, string.Join(", ", wire.Means.Select(Account.NameOf)));
        }

        if (request.Place is < 1 or > LastPlace)
        {
            return PaymentsFaults.BadPlace.At("place", LastPlace);
        }

        return Fits(request.Settings) && Fits(request.Secrets)
            ? null
            : PaymentsFaults.BadSetting.At(Fits(request.Settings) ? "secrets" : "settings", MostNames, MostOfName, MostOfText);
    }

    // Texts may be null all the same: whoever reads JSON is not told what is in a dictionary.
    private static bool Fits(IReadOnlyDictionary<string, string>? texts) =>
        texts is null
        || (
            texts.Count <= MostNames
            && texts.All(each =>
                each.Key.Length is > 0 and <= MostOfName
                && !each.Key.Any(char.IsControl)
                && each.Value is { Length: <= MostOfText }
                && !each.Value.Contains('\0', StringComparison.Ordinal)
            )
        );

    /// <summary>The secrets that hold from now on; nothing where those before are wanted and do not open.</summary>
    private IReadOnlyDictionary<string, string>? SecretsOf(
        SellerId seller,
        string provider,
        Row? before,
        IReadOnlyDictionary<string, string>? given
    )
    {
        if (given is not null && !given.Values.Contains(Hidden, StringComparer.Ordinal))
        {
            return given;
        }

        var kept = before is null ? new Dictionary<string, string>() : seal.Open(seller, provider, before.Secrets);
        return given is null || kept is null
            ? kept
            : given
                .Where(each => each.Value != Hidden || kept.ContainsKey(each.Key))
                .ToDictionary(each => each.Key, each => each.Value == Hidden ? kept[each.Key] : each.Value, StringComparer.Ordinal);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {AccountId} with {Provider} of seller {SellerId} was put")]
    private partial void LogKept(string provider, string accountId, SellerId sellerId);

    private sealed record Row
    {
        public string AccountId { get; init; } = "";
        public string Environment { get; init; } = "";

        public byte[] Secrets { get; init; } = [];
    }
}

/// <summary>A seller's account with a provider as its answer shows it: without what opens it.</summary>
public sealed record KeptProvider
{
    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>What the provider calls the account.</summary>
    public required string AccountId { get; init; }

    /// <summary>test or live.</summary>
    public required string Environment { get; init; }

    /// <summary>What can be paid with there.</summary>
    public required IReadOnlyList<PaymentMeans> Means { get; init; }

    /// <summary>The seller's order.</summary>
    public required short Place { get; init; }

    /// <summary>Whether anything new begins there.</summary>
    public required bool Enabled { get; init; }

    /// <summary>What may be shown.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Whether secrets are kept.</summary>
    public required bool HasSecrets { get; init; }

    /// <summary>Whether they open with the operator's key; where they do not, give them anew.</summary>
    public required bool Opens { get; init; }

    /// <summary>Where the provider is to send its notices.</summary>
    public required string WebhookUrl { get; init; }

    /// <summary>When it was put last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Where a provider's notices for an account go.</summary>
    public static Uri Webhook(PublicAddress address, string provider, string accountId) =>
        new($"{address.Payments}/v1/providers/{provider}/webhook?account={Uri.EscapeDataString(accountId)}");
}
