using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A seller's products that go with what somebody bought, by what its other customers bought together.</summary>
public sealed class SuggestProducts(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    FindPromotions promotions,
    ItemToItem statistic
)
{
    /// <summary>A product's columns, as <see cref="Product" /> reads them.</summary>
    internal const string Columns = "sku, name, weight, baskets, last_at";

    // What a whole warehouse bought says no more than some of it.
    private const int MostAsked = 100;

    private const string BoughtOnes = $"""
        select {Columns}, goes_with, goes_with_score from sold_product where seller_id = @seller and sku = any(@skus)
        """;

    // What the basket speaks for most, summed up here, so that their names come in the same round trip. Arrays, so that rows are read by
    // their keys.
    private const string Spoken = """
        select p.sku, p.name, p.weight, p.baskets, p.last_at from sold_product p
        where p.seller_id = @seller and p.sku = any(array(
            select n.sku
            from sold_product b cross join lateral unnest(b.goes_with, b.goes_with_score) as n (sku, score)
            where b.seller_id = @seller and b.sku = any(@skus) and not n.sku = any(@skus)
            group by n.sku order by sum(n.score::float8) desc, n.sku collate "C" limit @most
        ))
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
        var promoted = await promotions.RunAsync(seller, MostPopular(basket, most), cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        Ask(batch, seller, basket, most);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return Choose(promoted, await ReadAsync(reader, cancellationToken), basket, most);
    }

    /// <summary>How many of what sells most may be looked at for so many suggestions.</summary>
    internal static int MostPopular(IReadOnlyList<string> basket, int most) => ItemToItem.WantedFor(most) + Asked(basket).Length;

    /// <summary>Adds the questions to a batch: two of them, about the basket's products alone.</summary>
    /// <param name="batch">The batch, on connections of statements that are planned once.</param>
    /// <param name="seller">Whose products.</param>
    /// <param name="basket">What was bought.</param>
    /// <param name="most">How many suggestions are wanted.</param>
    /// <param name="consenter">Whose yes it takes for anything to be read at all; nobody's where absent.</param>
    internal static void Ask(NpgsqlBatch batch, SellerId seller, IReadOnlyList<string> basket, int most, Consenter? consenter = null)
    {
        var asked = Asked(basket);
        NpgsqlParameter[] Key() =>
            [
                new("seller", NpgsqlDbType.Text) { Value = seller.Value },
                new("skus", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = asked },
            ];

        var bought = new NpgsqlBatchCommand(consenter is null ? BoughtOnes : BoughtOnes + Consenter.AndHasSaidYes);
        bought.Parameters.AddRange(Key());
        var spoken = new NpgsqlBatchCommand(consenter is null ? Spoken : Spoken + Consenter.AndHasSaidYes);
        spoken.Parameters.AddRange(Key());
        spoken.Parameters.Add(
            // Codes of the basket in other letters are taken out later.
            new NpgsqlParameter("most", NpgsqlDbType.Bigint) { Value = (long)(ItemToItem.WantedFor(most) + asked.Length) }
        );
        foreach (var command in new[] { bought, spoken })
        {
            consenter?.AddTo(command);
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Reads the answers, and stays at the last of them.</summary>
    internal static async Task<SoldBeside> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var bought = new List<Bought>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var goesWith = await reader.GetFieldValueAsync<string[]>(5, cancellationToken);
            var scores = await reader.GetFieldValueAsync<float[]>(6, cancellationToken);
            bought.Add(new Bought(Product(reader), [.. goesWith.Zip(scores, static (sku, score) => new Neighbour(sku, score))]));
        }

        await reader.NextResultAsync(cancellationToken);
        var known = new Dictionary<string, SoldProduct>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var product = Product(reader);
            known[product.Sku] = product;
        }

        return new SoldBeside(bought, known);
    }

    /// <summary>The suggestions, from what was read.</summary>
    internal IReadOnlyList<Suggestion> Choose(Promotions promoted, SoldBeside sold, IReadOnlyList<string> basket, int most)
    {
        var codes = basket.Select(code => code.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ranked = ItemToItem.Rank(sold.Bought, codes, ItemToItem.WantedFor(most));
        SoldProduct[] popular = [.. promoted.Popular.Take(MostPopular(basket, most))];
        var known = ranked.Select(each => sold.Known.GetValueOrDefault(each.Sku)).OfType<SoldProduct>();
        var newest = sold
            .Bought.Select(each => each.Product)
            .Concat(known)
            .Concat(popular)
            .Select(product => product.LastAt)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();
        return statistic.Choose(
            ranked,
            popular,
            sku => sold.Known.GetValueOrDefault(sku),
            sold.Bought,
            codes,
            promoted.Rules,
            newest,
            most
        );
    }

    internal static SoldProduct Product(NpgsqlDataReader reader) =>
        new()
        {
            Sku = reader.GetString(0),
            Name = reader.GetString(1),
            Weight = reader.GetDouble(2),
            Baskets = reader.GetInt64(3),
            LastAt = new DateTimeOffset(reader.GetDateTime(4)),
        };

    private static string[] Asked(IReadOnlyList<string> basket) =>
        [.. basket.Select(code => code.Trim()).Distinct(StringComparer.Ordinal).Take(MostAsked)];

    /// <summary>The bought products as they have sold, and those that they speak for.</summary>
    internal sealed record SoldBeside(IReadOnlyList<Bought> Bought, IReadOnlyDictionary<string, SoldProduct> Known);
}
