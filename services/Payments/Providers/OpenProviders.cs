using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// Sellers' accounts with providers, opened: read once in a few seconds and kept in memory meanwhile, so that a flood of notices asks the
/// database for nothing but to keep them.
/// </summary>
public sealed partial class OpenProviders(
    NpgsqlDataSource database,
    ProviderNames names,
    ProviderSeal seal,
    TimeProvider clock,
    ILogger<OpenProviders> log
)
{
    private const string OfSeller = """
        select seller_id, provider, account_id, environment, means, enabled, settings, secrets
        from provider_account where seller_id = @SellerId order by place, provider
        """;
    private const string WhoseAccount = "select seller_id from provider_account where provider = @Provider and account_id = @AccountId";

    // Whoever asks for many accounts that there are gets no more memory than this.
    private const int MostKept = 10_000;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SellerId, Kept<IReadOnlyList<Opened>>> _ofSeller = new();
    private readonly ConcurrentDictionary<(string Provider, string AccountId), Kept<SellerId>> _whose = new();
    private int _changes;

    /// <summary>A seller's account with a provider, be it in use or not: what is under way there has to end.</summary>
    public async Task<ProviderAccount?> OfAsync(SellerId seller, string provider, CancellationToken token) =>
        (await AllAsync(seller, token)).FirstOrDefault(each => each.Account.Provider == provider)?.Account;

    /// <summary>The account that a provider calls so.</summary>
    public async Task<ProviderAccount?> ByAccountAsync(string provider, string accountId, CancellationToken token)
    {
        if (accountId.Length > KeepProvider.MostOfName || accountId.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (!_whose.TryGetValue((provider, accountId), out var whose) || IsOld(whose.At))
        {
            var changes = Volatile.Read(ref _changes);
            await using var connection = await database.OpenConnectionAsync(token);
            var seller = await connection.QuerySingleOrDefaultAsync<string>(
                new CommandDefinition(WhoseAccount, new { Provider = provider, AccountId = accountId }, cancellationToken: token)
            );
            // Those that there are not are asked for each time: nobody can fill the memory with them.
            if (seller is null)
            {
                return null;
            }

            whose = new(clock.GetTimestamp(), SellerId.Of(seller));
            Keep(_whose, (provider, accountId), whose, changes);
        }

        return await OfAsync(whose.What, provider, token) is { } account && account.AccountId == accountId ? account : null;
    }

    /// <summary>The seller's accounts that can be paid through, in the seller's order, and what can be paid with there.</summary>
    public async Task<IReadOnlyList<(ProviderAccount Account, IReadOnlyList<PaymentMeans> Means)>> EnabledAsync(
        SellerId seller,
        CancellationToken token
    ) => [.. (await AllAsync(seller, token)).Where(each => each.Enabled).Select(each => (each.Account, each.Means))];

    /// <summary>An account was changed: it is read anew. Other instances do within seconds.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        _ofSeller.Clear();
        _whose.Clear();
    }

    private async Task<IReadOnlyList<Opened>> AllAsync(SellerId seller, CancellationToken token)
    {
        if (_ofSeller.TryGetValue(seller, out var kept) && !IsOld(kept.At))
        {
            return kept.What;
        }

        var changes = Volatile.Read(ref _changes);
        await using var connection = await database.OpenConnectionAsync(token);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(OfSeller, new { SellerId = seller }, cancellationToken: token));
        IReadOnlyList<Opened> opened = [.. rows.Select(Open).OfType<Opened>()];
        Keep(_ofSeller, seller, new(clock.GetTimestamp(), opened), changes);
        return opened;
    }

    private Opened? Open(Row row)
    {
        if (names.Of(row.Provider) is not { } provider)
        {
            LogNobodySpeaks(row.Provider, row.SellerId);
            return null;
        }

        if (seal.Open(row.SellerId, row.Provider, row.Secrets) is not { } secrets)
        {
            LogSealed(row.Provider, row.SellerId);
            return null;
        }

        var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Settings, Wire.Tolerant) ?? [];
        var made = provider.Account(row.SellerId, row.Environment, settings, secrets);
        if (made.Refused(out var refused))
        {
            LogRefused(row.Provider, row.SellerId, refused.Code.Code, refused.In(null));
            return null;
        }

        return new(made.Value, [.. row.Means.Select(Account.MeansOf)], row.Enabled);
    }

    private void Keep<TKey, TWhat>(ConcurrentDictionary<TKey, Kept<TWhat>> there, TKey key, Kept<TWhat> what, int changes)
        where TKey : notnull
    {
        // What was read before a change is not kept after it.
        if (Volatile.Read(ref _changes) != changes)
        {
            return;
        }

        if (there.Count >= MostKept)
        {
            there.Clear();
        }

        there[key] = what;
    }

    private bool IsOld(long at) => clock.GetElapsedTime(at) > Moment;

    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody here speaks to {Provider}, with which seller {SellerId} has an account")]
    private partial void LogNobodySpeaks(string provider, SellerId sellerId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The account with {Provider} of seller {SellerId} does not open: Keys:ProviderKey is missing or another one"
    )]
    private partial void LogSealed(string provider, SellerId sellerId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The account with {Provider} of seller {SellerId} is none any more, {Code}: {Reason}")]
    private partial void LogRefused(string provider, SellerId sellerId, string code, string reason);

    /// <summary>Something read, and when.</summary>
    private readonly record struct Kept<TWhat>(long At, TWhat What);

    private sealed record Opened(ProviderAccount Account, IReadOnlyList<PaymentMeans> Means, bool Enabled);

    private sealed record Row
    {
        public SellerId SellerId { get; init; }

        public string Provider { get; init; } = "";

        public string AccountId { get; init; } = "";

        public string Environment { get; init; } = "";

        public string[] Means { get; init; } = [];

        public bool Enabled { get; init; }

        public string Settings { get; init; } = "{}";

        public byte[] Secrets { get; init; } = [];
    }
}
