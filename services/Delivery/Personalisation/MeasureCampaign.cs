using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What one group did.</summary>
public sealed record GroupResult
{
    /// <summary>Customers in it.</summary>
    public required long Customers { get; init; }

    /// <summary>Those who bought again in the days that are measured.</summary>
    public required long Conversions { get; init; }

    /// <summary>Their share.</summary>
    public required decimal ConversionRate { get; init; }

    /// <summary>What they spent, with VAT, returns taken off.</summary>
    public required decimal Spend { get; init; }

    /// <summary>What one customer of the group spent on average.</summary>
    public required decimal MeanSpend { get; init; }
}

/// <summary>A measured difference between those who were shown the campaign and those who were not.</summary>
public sealed record UpliftResult
{
    /// <summary>The difference.</summary>
    public required decimal Value { get; init; }

    /// <summary>The lower end of its 95% interval.</summary>
    public required decimal Low { get; init; }

    /// <summary>The upper end.</summary>
    public required decimal High { get; init; }
}

/// <summary>What a campaign brought.</summary>
public sealed record CampaignResults
{
    /// <summary>The campaign.</summary>
    public required string CampaignId { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Days after a customer came into it that count.</summary>
    public required int MeasureDays { get; init; }

    /// <summary>Invoices that carried it.</summary>
    public required long Impressions { get; init; }

    /// <summary>Coupons given.</summary>
    public required long CouponsGiven { get; init; }

    /// <summary>Coupons used.</summary>
    public required long CouponsRedeemed { get; init; }

    /// <summary>What they took off sales.</summary>
    public required decimal Discount { get; init; }

    /// <summary>Those who were shown it.</summary>
    public required GroupResult Exposed { get; init; }

    /// <summary>Those who were not, so that the others can be compared.</summary>
    public required GroupResult HeldOut { get; init; }

    /// <summary>How much more of them bought, in shares of 1; absent while a group is empty.</summary>
    public UpliftResult? ConversionUplift { get; init; }

    /// <summary>How much more one of them spent; absent while there is too little to tell.</summary>
    public UpliftResult? SpendUplift { get; init; }
}

/// <summary>
/// Whether a campaign works is told by those who were held out: the same kind of customers, chosen by lot before anything was shown, and
/// counted as they were chosen.
/// </summary>
public sealed class MeasureCampaign(NpgsqlDataSource database)
{
    private const string Head = """
        select c.campaign_id, c.currency, c.measure_days, c.impressions, c.discount,
            (select count(*) from coupon k where k.seller_id = c.seller_id and k.campaign_id = c.campaign_id) as coupons_given,
            (select count(*) from coupon k
             where k.seller_id = c.seller_id and k.campaign_id = c.campaign_id and k.redeemed_invoice is not null) as coupons_redeemed
        from campaign c
        where c.seller_id = @SellerId and c.campaign_id = @CampaignId
        """;

    // The purchase that brought the customer into the campaign is none that the campaign brought.
    private const string Groups = """
        with bought as (
            select a.held_out, coalesce(sum(p.spent), 0)::double precision as spend, count(p.invoice_id) > 0 as is_conversion
            from assignment a
            left join net_purchase p on p.seller_id = a.seller_id and p.customer = a.customer and p.currency = @Currency and p.spent > 0
                and p.at > a.assigned_at and p.at <= a.assigned_at + make_interval(days => @MeasureDays) and p.invoice_id <> a.invoice_id
            where a.seller_id = @SellerId and a.campaign_id = @CampaignId
            group by a.customer, a.held_out
        )
        select held_out, count(*) as customers, count(*) filter (where is_conversion) as conversions,
            sum(spend) as spend, sum(spend * spend) as squared_spend
        from bought group by held_out
        """;

    /// <summary>Measures it, up to now.</summary>
    public async Task<Outcome<CampaignResults>> RunAsync(SellerId seller, string campaignId, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("MeasureCampaign");
        if (!KeepCampaign.IsCampaignId(campaignId))
        {
            return DeliveryFaults.NoCampaign.With(campaignId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var head = await connection.QuerySingleOrDefaultAsync<HeadRow>(Head, new { SellerId = seller, CampaignId = campaignId });
        if (head is null)
        {
            return DeliveryFaults.NoCampaign.With(campaignId);
        }

        var groups = (
            await connection.QueryAsync<GroupRow>(
                Groups,
                new
                {
                    SellerId = seller,
                    CampaignId = campaignId,
                    Currency = head.Currency.Code,
                    head.MeasureDays,
                }
            )
        ).ToDictionary(row => row.HeldOut, row => row.ToSums());
        var exposed = groups.GetValueOrDefault(false) ?? GroupRow.Nobody;
        var heldOut = groups.GetValueOrDefault(true) ?? GroupRow.Nobody;
        return new CampaignResults
        {
            CampaignId = head.CampaignId,
            Currency = head.Currency,
            MeasureDays = head.MeasureDays,
            Impressions = head.Impressions,
            CouponsGiven = head.CouponsGiven,
            CouponsRedeemed = head.CouponsRedeemed,
            Discount = Money.Of(head.Discount, head.Currency).Amount,
            Exposed = Shown(exposed, head.Currency),
            HeldOut = Shown(heldOut, head.Currency),
            ConversionUplift = Shown(Uplift.OfRates(exposed, heldOut), 6),
            SpendUplift = Shown(Uplift.OfSpend(exposed, heldOut), 4),
        };
    }

    private static GroupResult Shown(GroupSums group, Currency currency) =>
        new()
        {
            Customers = group.Customers,
            Conversions = group.Conversions,
            ConversionRate = Decimal(group.Rate, 6),
            Spend = Decimal(group.Spend, currency.MinorUnit),
            MeanSpend = Decimal(group.MeanSpend, 4),
        };

    private static UpliftResult? Shown(Difference? difference, int decimals) =>
        difference is null
            ? null
            : new UpliftResult
            {
                Value = Decimal(difference.Value, decimals),
                Low = Decimal(difference.Low, decimals),
                High = Decimal(difference.High, decimals),
            };

    private static decimal Decimal(double value, int decimals) => decimal.Round((decimal)value, decimals, MidpointRounding.AwayFromZero);

    private sealed record HeadRow
    {
        public string CampaignId { get; init; } = "";
        public Currency Currency { get; init; }
        public int MeasureDays { get; init; }
        public long Impressions { get; init; }
        public decimal Discount { get; init; }
        public long CouponsGiven { get; init; }
        public long CouponsRedeemed { get; init; }
    }

    private sealed record GroupRow
    {
        public static readonly GroupSums Nobody = new()
        {
            Customers = 0,
            Conversions = 0,
            Spend = 0,
            SquaredSpend = 0,
        };

        public bool HeldOut { get; init; }
        public long Customers { get; init; }
        public long Conversions { get; init; }
        public double Spend { get; init; }
        public double SquaredSpend { get; init; }

        public GroupSums ToSums() =>
            new()
            {
                Customers = Customers,
                Conversions = Conversions,
                Spend = Spend,
                SquaredSpend = SquaredSpend,
            };
    }
}
