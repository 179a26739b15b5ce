using System.Text;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A seller says which of its codes are no products; from then on none of them is suggested or learned from.</summary>
public sealed class KeepSuggestionRules(NpgsqlDataSource database, FindPromotions promotions, TimeProvider clock)
{
    private const int MostLeftOut = 200;
    private const int LongestCode = 100;

    private const string Keep = """
        insert into suggestion_rule (seller_id, left_out, words_are_products, changed_at)
        values (@SellerId, @LeftOut, @WordsAreProducts, @Now)
        on conflict (seller_id) do update set
            left_out = excluded.left_out, words_are_products = excluded.words_are_products, changed_at = excluded.changed_at
        """;

    private const string Rules = "select seller_id, left_out, words_are_products from suggestion_rule where seller_id = any(@sellers)";

    /// <summary>Keeps them in the place of those before; answers them as kept.</summary>
    public async Task<Outcome<SuggestionRules>> RunAsync(SellerId seller, SuggestionRules rules, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("KeepSuggestionRules");
        if (rules.LeftOut.Count > MostLeftOut)
        {
            return DeliveryFaults.TooManyLeftOut.At("leftOut", MostLeftOut);
        }

        for (var i = 0; i < rules.LeftOut.Count; i++)
        {
            if (!IsCode(rules.LeftOut[i]))
            {
                return DeliveryFaults.BadLeftOut.At($"leftOut[{i}]", LongestCode);
            }
        }

        var kept = rules with { LeftOut = [.. rules.LeftOut.Select(code => code.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)] };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Keep,
            new
            {
                SellerId = seller.Value,
                LeftOut = kept.LeftOut.ToArray(),
                kept.WordsAreProducts,
                Now = clock.GetUtcNow(),
            }
        );
        promotions.Forget(seller);
        return kept;
    }

    /// <summary>What the seller has said, or what holds where it has said nothing.</summary>
    public async Task<SuggestionRules> FindAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await OfAsync(connection, null, [seller], cancellationToken)).GetValueOrDefault(seller, SuggestionRules.None);
    }

    internal static async Task<Dictionary<SellerId, SuggestionRules>> OfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyList<SellerId> sellers,
        CancellationToken cancellationToken
    )
    {
        await using var ask = new NpgsqlCommand(Rules, connection, transaction)
        {
            Parameters =
            {
                new("sellers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = sellers.Select(seller => seller.Value).ToArray() },
            },
        };
        var rules = new Dictionary<SellerId, SuggestionRules>();
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rules[SellerId.Of(reader.GetString(0))] = new SuggestionRules
            {
                LeftOut = await reader.GetFieldValueAsync<string[]>(1, cancellationToken),
                WordsAreProducts = reader.GetBoolean(2),
            };
        }

        return rules;
    }

    /// <summary>A code that a line could bear: half a surrogate pair or a NUL is in none, and no database takes it.</summary>
    internal static bool IsCode(string? code) =>
        !string.IsNullOrWhiteSpace(code)
        && code.Length <= LongestCode
        && code.EnumerateRunes().All(rune => rune != Rune.ReplacementChar && !Rune.IsControl(rune));
}
