using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// What a seller promotes is known as it last said it to this process, or as it said it elsewhere seconds ago. Nothing of a customer is
/// kept here: what a person has said about offers is read for each mail.
/// </summary>
public sealed class FindPromotions([FromKeyedServices(Postgres.Point)] NpgsqlDataSource database, TimeProvider clock)
{
    private const string NotOver = """
        select campaign_id, rules, changed_at from campaign where seller_id = @seller and to_date >= @day
        order by from_date, campaign_id
        """;

    private const string Rules = "select left_out, words_are_products from suggestion_rule where seller_id = @seller";

    private const string Popular = $"""
        select {SuggestProducts.Columns} from sold_product where seller_id = @seller order by weight desc limit @most
        """;

    private const int MostKept = 200;

    // What a mail of ten lines looks at, and some.
    private const int FewestPopular = 64;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly BriefMemory<SellerId, Promotions> _known = new(Fresh, MostKept, clock);

    /// <summary>The seller's, with so many of its products that sell most, or more.</summary>
    public ValueTask<Promotions> RunAsync(SellerId seller, int mostPopular, CancellationToken cancellationToken) =>
        _known.GetAsync(
            seller,
            token => ReadAsync(seller, Math.Max(mostPopular, FewestPopular), token),
            cancellationToken,
            known => known.MostPopular >= mostPopular
        );

    /// <summary>Looks anew next time: these sellers have just said something here, or something was learned from their sales.</summary>
    public void Forget(params IEnumerable<SellerId> sellers) => _known.Forget(sellers);

    private async Task<Promotions> ReadAsync(SellerId seller, int mostPopular, CancellationToken cancellationToken)
    {
        // Somewhere it is still yesterday; which day it is for the seller is looked at for each mail.
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(NotOver)
                {
                    Parameters =
                    {
                        SellerOf(seller),
                        new NpgsqlParameter("day", NpgsqlDbType.Date) { Value = day },
                    },
                },
                new NpgsqlBatchCommand(Rules) { Parameters = { SellerOf(seller) } },
                new NpgsqlBatchCommand(Popular)
                {
                    Parameters =
                    {
                        SellerOf(seller),
                        new NpgsqlParameter("most", NpgsqlDbType.Bigint) { Value = (long)mostPopular },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var campaigns = new List<KnownCampaign>();
        while (await reader.ReadAsync(cancellationToken))
        {
            campaigns.Add(
                new KnownCampaign(
                    reader.GetString(0),
                    JsonSerializer.Deserialize<CampaignRules>(reader.GetString(1), Wire.Tolerant)!,
                    new DateTimeOffset(reader.GetDateTime(2))
                )
            );
        }

        await reader.NextResultAsync(cancellationToken);
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
        var popular = new List<SoldProduct>();
        while (await reader.ReadAsync(cancellationToken))
        {
            popular.Add(SuggestProducts.Product(reader));
        }

        return new Promotions
        {
            Campaigns = campaigns,
            Rules = rules,
            Popular = popular,
            MostPopular = mostPopular,
        };
    }

    private static NpgsqlParameter SellerOf(SellerId seller) => new("seller", NpgsqlDbType.Text) { Value = seller.Value };
}
