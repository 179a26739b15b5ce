using System.Net;
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
    AskProviders ask,
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
        select account_id, environment, secrets from provider_account where seller_id = @SellerId and provider = @Provider
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

        var looked = await LookAsync(seller, provider, token);
        if (SecretsOf(seller, provider, looked, request.Secrets) is not { } secrets)
        {
            return PaymentsFaults.SecretsDoNotOpen.With(provider);
        }

        var account = wire.Account(seller, request.Environment, request.Settings ?? new Dictionary<string, string>(), secrets);
        if (account.Refused(out var refused))
        {
            return refused;
        }

        // Without a connection: the provider takes its time.
        if (!IsProven(looked, account.Value) && await ProveAsync(account.Value, token) is { } unproven)
        {
            return unproven;
        }

        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var named = new { SellerId = seller, Provider = provider };
        var before = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition($"{Kept} for update", named, transaction, cancellationToken: token)
        );
        if (!IsSame(looked, before))
        {
            // Somebody put it meanwhile: what is hidden is what holds now.
            await transaction.RollbackAsync(token);
            return await HandleAsync(seller, provider, request, token);
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

    private async Task<Row?> LookAsync(SellerId seller, string provider, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Kept, new { SellerId = seller, Provider = provider }, cancellationToken: token)
        );
    }

    private static bool IsSame(Row? one, Row? other) =>
        one is null || other is null
            ? one is null && other is null
            : one.AccountId == other.AccountId && one.Environment == other.Environment && one.Secrets.AsSpan().SequenceEqual(other.Secrets);

    /// <summary>Whether the same account was put with the same secrets before: it was asked about then.</summary>
    private bool IsProven(Row? before, ProviderAccount account) =>
        before is not null
        && before.AccountId == account.AccountId
        && before.Environment == account.Environment
        && seal.Open(account.SellerId, account.Provider, before.Secrets) is { } kept
        && kept.Count == account.Secrets.Count
        && kept.All(each => account.Secrets.GetValueOrDefault(each.Key) == each.Value);

    /// <summary>Whoever has a key that opens the account has the account; why it is not so, where it is not.</summary>
    private async Task<Fault?> ProveAsync(ProviderAccount account, CancellationToken token)
    {
        try
        {
            var opened = await ask.AccountAsync(account, token);
            return opened is null || opened == account.AccountId
                ? null
                : PaymentsFaults.AccountOfAnotherKey.At("settings", account.Provider, account.AccountId);
        }
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return PaymentsFaults.AccountUnproven.At("secrets", account.Provider, (int)refused.StatusCode);
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            LogNotAsked(account.Provider, account.AccountId, account.SellerId, exception.Message);
            return PaymentsFaults.AccountNotAsked.With(account.Provider) with { RetryAfter = 5 };
        }
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Provider} does not say whose the account {AccountId} is that seller {SellerId} puts: {Reason}"
    )]
    private partial void LogNotAsked(string provider, string accountId, SellerId sellerId, string reason);

    private sealed record Row
    {
        public string AccountId { get; init; } = "";

        public string Environment { get; init; } = "";

        public byte[] Secrets { get; init; } = [];
    }
}
