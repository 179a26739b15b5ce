using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A seller's products that go with what somebody bought, by what its other customers bought together.</summary>
public sealed class SuggestProducts([FromKeyedServices(Postgres.Point)] NpgsqlDataSource database, ItemToItem statistic)
{
    // What a whole warehouse bought says no more than some of it.
    private const int MostAsked = 100;

    private const string Rules = "select left_out, words_are_products from suggestion_rule where seller_id = @seller";

    private const string BoughtOnes = """
        select sku, name, weight, baskets, last_at, goes_with, goes_with_score
        from sold_product where seller_id = @seller and sku = any(@skus)
        """;

    private const string Candidates = """
        select sku, name, weight, baskets, last_at from sold_product where seller_id = @seller and sku = any(@skus)
        """;

    private const string Popular = """
        select sku, name, weight, baskets, last_at from sold_product where seller_id = @seller order by weight desc limit @most
        """;

    /// <summary>
    /// At most so many, best first: fewer, or none, where the shop has not sold enough yet. Nothing of the basket is among them.
    /// </summary>
    public async Task<IReadOnlyList<Suggestion>> RunAsync(
        SellerId seller,
        IReadOnlyList<string> basket,
        int most,
        CancellationToken cancellationToken
    )
    {
        if (most < 1)
        {
            return [];
        }

        using var activity = Telemetry.Source.StartActivity("SuggestProducts");
        var codes = basket.Select(code => code.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var asked = basket.Select(code => code.Trim()).Distinct(StringComparer.Ordinal).Take(MostAsked).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (rules, bought) = await BoughtAsync(connection, seller, asked, cancellationToken);
        var ranked = ItemToItem.Rank(bought, codes, ItemToItem.WantedFor(most));
        var (known, popular) = await ProductsAsync(
            connection,
            seller,
            [.. ranked.Select(each => each.Sku)],
            ItemToItem.WantedFor(most) + asked.Length,
            cancellationToken
        );
        var newest = bought
            .Select(each => each.Product)
            .Concat(known.Values)
            .Concat(popular)
            .Select(product => product.LastAt)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();
        return statistic.Choose(ranked, popular, sku => known.GetValueOrDefault(sku), bought, codes, rules, newest, most);
    }

    private static async Task<(SuggestionRules Rules, List<Bought> Bought)> BoughtAsync(
        NpgsqlConnection connection,
        SellerId seller,
        string[] skus,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Rules) { Parameters = { Text("seller", seller.Value) } },
                new NpgsqlBatchCommand(BoughtOnes) { Parameters = { Text("seller", seller.Value), Texts("skus", skus) } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rules = SuggestionRules.None;
        while (await reader.ReadAsync(cancellationToken))
        {
            rules = new SuggestionRules
            {
                LeftOut = await reader.GetFieldValueAsync<string[]>(0, cancellationToken),
                WordsAreProducts = reader.GetBoolean(1),
            };
        }

        await reader.NextResultAsync(cancellationToken);
        var bought = new List<Bought>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var goesWith = await reader.GetFieldValueAsync<string[]>(5, cancellationToken);
            var scores = await reader.GetFieldValueAsync<float[]>(6, cancellationToken);
            bought.Add(new Bought(Product(reader), [.. goesWith.Zip(scores, static (sku, score) => new Neighbour(sku, score))]));
        }

        return (rules, bought);
    }

    private static async Task<(Dictionary<string, SoldProduct> Known, List<SoldProduct> Popular)> ProductsAsync(
        NpgsqlConnection connection,
        SellerId seller,
        string[] skus,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Candidates) { Parameters = { Text("seller", seller.Value), Texts("skus", skus) } },
                new NpgsqlBatchCommand(Popular)
                {
                    Parameters =
                    {
                        Text("seller", seller.Value),
                        new NpgsqlParameter("most", NpgsqlDbType.Bigint) { Value = (long)most },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var known = new Dictionary<string, SoldProduct>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var product = Product(reader);
            known[product.Sku] = product;
        }

        await reader.NextResultAsync(cancellationToken);
        var popular = new List<SoldProduct>();
        while (await reader.ReadAsync(cancellationToken))
        {
            popular.Add(Product(reader));
        }

        return (known, popular);
    }

    private static SoldProduct Product(NpgsqlDataReader reader) =>
        new()
        {
            Sku = reader.GetString(0),
            Name = reader.GetString(1),
            Weight = reader.GetDouble(2),
            Baskets = reader.GetInt64(3),
            LastAt = new DateTimeOffset(reader.GetDateTime(4)),
        };

    private static NpgsqlParameter Text(string name, string value) => new(name, NpgsqlDbType.Text) { Value = value };

    private static NpgsqlParameter Texts(string name, string[] values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values };
}
