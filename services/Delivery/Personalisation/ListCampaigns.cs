using System.Buffers.Text;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A seller sees its campaigns and what they have used of their budgets.</summary>
public sealed class ListCampaigns(NpgsqlDataSource database)
{
    private const int MostAtOnce = 200;

    private const string ByName = """
        select campaign_id, rules, impressions, discount, created_at, changed_at from campaign
        where seller_id = @SellerId and (@After::text is null or campaign_id > @After)
        order by campaign_id limit @Limit
        """;

    private const string One = """
        select campaign_id, rules, impressions, discount, created_at, changed_at from campaign
        where seller_id = @SellerId and campaign_id = @CampaignId
        """;

    /// <summary>One page.</summary>
    public async Task<Outcome<CampaignPage>> RunAsync(SellerId seller, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.With("limit", limit);
        }

        string? after = null;
        if (cursor is not null && (after = Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.With("cursor", cursor);
        }

        var most = limit ?? 50;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (
            await connection.QueryAsync<KeepCampaign.Row>(
                ByName,
                new
                {
                    SellerId = seller,
                    After = after,
                    Limit = most + 1,
                }
            )
        ).AsList();
        return new CampaignPage
        {
            Campaigns = [.. found.Take(most).Select(row => row.ToCampaign())],
            NextCursor = found.Count > most ? Base64Url.EncodeToString(Encoding.ASCII.GetBytes(found[most - 1].CampaignId)) : null,
        };
    }

    /// <summary>One campaign.</summary>
    public async Task<Outcome<Campaign>> FindAsync(SellerId seller, string campaignId, CancellationToken cancellationToken)
    {
        if (!KeepCampaign.IsCampaignId(campaignId))
        {
            return DeliveryFaults.NoCampaign.With(campaignId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QuerySingleOrDefaultAsync<KeepCampaign.Row>(One, new { SellerId = seller, CampaignId = campaignId });
        return found is null ? DeliveryFaults.NoCampaign.With(campaignId) : found.ToCampaign();
    }

    private static string? Read(string cursor)
    {
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var id = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
        return KeepCampaign.IsCampaignId(id) ? id : null;
    }
}
