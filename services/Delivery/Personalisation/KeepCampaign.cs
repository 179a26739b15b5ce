using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// A seller says what it offers, or says it anew: who came into a campaign stays in the group and keeps the code that it was given, and
/// what was spent of the budget stays spent.
/// </summary>
public sealed class KeepCampaign(NpgsqlDataSource database, FindPromotions promotions, TimeProvider clock)
{
    /// <summary>Campaigns that run or wait; each is looked at for every mail.</summary>
    public const int MostAtOnce = 200;

    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('campaigns of ' || @SellerId, 0))";

    private const string OthersThatRunOrWait = """
        select count(*)::int from campaign where seller_id = @SellerId and campaign_id <> @CampaignId and to_date >= @Today
        """;

    private const string Keep = """
        insert into campaign as c
            (seller_id, campaign_id, rules, from_date, to_date, currency, measure_days, max_impressions, max_discount,
             created_at, changed_at)
        values
            (@SellerId, @CampaignId, @Rules, @From, @To, @Currency, @MeasureDays, @MaxImpressions, @MaxDiscount, @Now, @Now)
        on conflict (seller_id, campaign_id) do update
        set rules = excluded.rules, from_date = excluded.from_date, to_date = excluded.to_date, currency = excluded.currency,
            measure_days = excluded.measure_days, max_impressions = excluded.max_impressions, max_discount = excluded.max_discount,
            changed_at = excluded.changed_at
        returning c.xmax = 0 as is_new, c.campaign_id, c.rules, c.impressions, c.discount, c.created_at, c.changed_at
        """;

    /// <summary>Keeps it; tells whether it is new.</summary>
    public async Task<Outcome<(bool IsNew, Campaign Campaign)>> RunAsync(
        SellerId seller,
        string campaignId,
        CampaignRules given,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("KeepCampaign");
        if (!IsCampaignId(campaignId))
        {
            return DeliveryFaults.BadCampaign.At("campaignId", "campaignId", "A-Z a-z 0-9 . - _, 1–64");
        }

        var checkedRules = CampaignChecks.Of(given);
        if (checkedRules.Refused(out var fault))
        {
            return fault;
        }

        var rules = checkedRules.Value;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two new ones at once count each other.
        await connection.ExecuteAsync(OneAtATime, new { SellerId = seller }, transaction);
        var others = await connection.QuerySingleAsync<int>(
            OthersThatRunOrWait,
            new
            {
                SellerId = seller,
                CampaignId = campaignId,
                Today = DateOnly.FromDateTime(now.UtcDateTime),
            },
            transaction
        );
        if (others >= MostAtOnce)
        {
            return DeliveryFaults.TooManyCampaigns.With(MostAtOnce);
        }

        var kept = await connection.QuerySingleAsync<Row>(
            Keep,
            new
            {
                SellerId = seller,
                CampaignId = campaignId,
                Rules = JsonSerializer.Serialize(rules, Wire.Tolerant),
                rules.From,
                rules.To,
                Currency = rules.Currency.Code,
                rules.MeasureDays,
                MaxImpressions = rules.Budget?.Impressions,
                MaxDiscount = rules.Budget?.Discount,
                Now = now,
            },
            transaction
        );
        await transaction.CommitAsync(cancellationToken);
        promotions.Forget(seller);
        return (kept.IsNew, kept.ToCampaign());
    }

    /// <summary>Letters, digits, dot, dash and underscore, at most 64.</summary>
    internal static bool IsCampaignId(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>A campaign as the table has it.</summary>
    internal sealed record Row
    {
        public bool IsNew { get; init; }
        public string CampaignId { get; init; } = "";
        public string Rules { get; init; } = "";
        public long Impressions { get; init; }
        public decimal Discount { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset ChangedAt { get; init; }

        public Campaign ToCampaign()
        {
            var rules = JsonSerializer.Deserialize<CampaignRules>(Rules, Wire.Tolerant)!;
            return new Campaign
            {
                CampaignId = CampaignId,
                Rules = rules,
                Impressions = Impressions,
                Discount = Money.Of(Discount, rules.Currency).Amount,
                CreatedAt = CreatedAt,
                ChangedAt = ChangedAt,
            };
        }
    }
}
