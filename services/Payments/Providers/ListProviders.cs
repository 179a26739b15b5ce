using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>A seller sees its accounts with providers in its own order, without what opens them.</summary>
public sealed class ListProviders(NpgsqlDataSource database, ProviderSeal seal, PublicAddress address)
{
    private const string InOrder = """
        select provider, account_id, environment, means, place, enabled, settings, secrets, changed_at
        from provider_account where seller_id = @SellerId order by place, provider
        """;

    /// <summary>All of them: there are as many as there are providers at most.</summary>
    public async Task<Answer> HandleAsync(SellerId seller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(InOrder, new { SellerId = seller }, cancellationToken: token));
        return new Answer { Providers = [.. rows.Select(row => Shown(seller, row))] };
    }

    private KeptProvider Shown(SellerId seller, Row row)
    {
        var secrets = seal.Open(seller, row.Provider, row.Secrets);
        return new KeptProvider
        {
            Provider = row.Provider,
            AccountId = row.AccountId,
            Environment = row.Environment,
            Means = [.. row.Means.Select(Account.MeansOf)],
            Place = row.Place,
            Enabled = row.Enabled,
            Settings = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Settings, Wire.Tolerant) ?? [],
            HasSecrets = secrets is not { Count: 0 },
            Opens = secrets is not null,
            WebhookUrl = KeptProvider.Webhook(address, row.Provider, row.AccountId).AbsoluteUri,
            ChangedAt = row.ChangedAt,
        };
    }

    /// <summary>A seller's accounts.</summary>
    public sealed record Answer
    {
        /// <summary>In the seller's order.</summary>
        public required IReadOnlyList<KeptProvider> Providers { get; init; }
    }

    private sealed record Row
    {
        public string Provider { get; init; } = "";

        public string AccountId { get; init; } = "";

        public string Environment { get; init; } = "";

        public string[] Means { get; init; } = [];

        public short Place { get; init; }

        public bool Enabled { get; init; }

        public string Settings { get; init; } = "{}";

        public byte[] Secrets { get; init; } = [];

        public DateTimeOffset ChangedAt { get; init; }
    }
}
