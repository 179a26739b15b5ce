using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A campaign that a mail carries, with the customer's code.</summary>
public sealed record ShownCampaign
{
    /// <summary>What it says.</summary>
    public required CampaignRules Rules { get; init; }

    /// <summary>The customer's code.</summary>
    public string? Code { get; init; }

    /// <summary>The last day: of the code, else of the campaign.</summary>
    public required DateOnly Until { get; init; }
}

/// <summary>
/// An invoice's mail carries one campaign at most. Its customer's group is written down first, shown or held out, and the budget is taken
/// with it: what is written again for another try takes nothing more.
/// </summary>
public sealed class ShowCampaign([FromKeyedServices(Postgres.Point)] NpgsqlDataSource database, TimeProvider clock)
{
    private const string Running = """
        select c.campaign_id, c.rules, k.expires_at, k.redeemed_invoice is not null as is_redeemed
        from campaign c
        left join coupon k on k.seller_id = c.seller_id and k.campaign_id = c.campaign_id and k.customer = @Customer
        where c.seller_id = @SellerId and c.from_date <= @Today and c.to_date >= @Today
            and (c.max_discount is null or c.discount < c.max_discount)
            and (c.max_impressions is null or c.impressions < c.max_impressions or exists (
                select from impression i
                where i.seller_id = c.seller_id and i.campaign_id = c.campaign_id and i.invoice_id = @InvoiceId
            ))
        order by c.from_date, c.campaign_id
        """;

    private const string BoughtBefore = """
        select currency, count(*)::int as purchases, sum(spent) as spent, max(at) as last_at from net_purchase
        where seller_id = @SellerId and customer = @Customer and invoice_id <> @InvoiceId and spent > 0
        group by currency
        """;

    private const string Assign = """
        insert into assignment (seller_id, campaign_id, customer, held_out, assigned_at, invoice_id)
        select seller_id, campaign_id, @Customer, @HeldOut, @Now, @InvoiceId from campaign
        where seller_id = @SellerId and campaign_id = @CampaignId
            and (not @HeldOut or max_impressions is null or impressions < max_impressions)
        on conflict do nothing
        """;

    private const string GroupOf = """
        select held_out from assignment where seller_id = @SellerId and campaign_id = @CampaignId and customer = @Customer
        """;

    private const string CountImpression = """
        insert into impression (seller_id, campaign_id, invoice_id) values (@SellerId, @CampaignId, @InvoiceId) on conflict do nothing
        """;

    private const string TakeFromBudget = """
        update campaign set impressions = impressions + 1
        where seller_id = @SellerId and campaign_id = @CampaignId and (max_impressions is null or impressions < max_impressions)
        """;

    private const string GiveCoupon = """
        insert into coupon (seller_id, code, campaign_id, customer, percent, amount, currency, min_total, issued_at, expires_at)
        values (@SellerId, @Code, @CampaignId, @Customer, @Percent, @Amount, @Currency, @MinTotal, @Now, @ExpiresAt)
        on conflict on constraint coupon_once do nothing
        """;

    private const string CouponOf = """
        select code, expires_at from coupon where seller_id = @SellerId and campaign_id = @CampaignId and customer = @Customer
        """;

    /// <summary>The campaign for an invoice's mail, if there is one and its customer is shown it.</summary>
    public async Task<ShownCampaign?> RunAsync(InvoiceBody invoice, string customer, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = DayOf(now, zone);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var key = new
        {
            invoice.SellerId,
            Customer = customer,
            invoice.InvoiceId,
            Today = today,
        };
        var running = (await connection.QueryAsync<Candidate>(Running, key)).AsList();
        if (running.Count == 0)
        {
            return null;
        }

        var bought = (await connection.QueryAsync<Bought>(BoughtBefore, key)).ToDictionary(each => each.Currency, StringComparer.Ordinal);
        foreach (var candidate in running)
        {
            var rules = JsonSerializer.Deserialize<CampaignRules>(candidate.Rules, Wire.Tolerant)!;
            var isOver = candidate.IsRedeemed || candidate.ExpiresAt <= now;
            if (!isOver && CampaignChoice.IsFor(rules, invoice, FactsOf(bought, rules), today, now))
            {
                // One that is held out is offered no other instead: the groups would differ by that one too.
                return await TakeAsync(connection, invoice, customer, candidate.CampaignId, rules, today, now, zone, cancellationToken);
            }
        }

        return null;
    }

    private static async Task<ShownCampaign?> TakeAsync(
        NpgsqlConnection connection,
        InvoiceBody invoice,
        string customer,
        string campaignId,
        CampaignRules rules,
        DateOnly today,
        DateTimeOffset now,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        var key = new
        {
            invoice.SellerId,
            CampaignId = campaignId,
            Customer = customer,
            invoice.InvoiceId,
            HeldOut = CampaignChoice.IsHeldOut(invoice.SellerId, campaignId, customer, rules.HoldOutPercent),
            Now = now,
        };
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Assign, key, transaction);
        // The group that was written first holds, whatever the rules say by now; none where the budget ended meanwhile.
        if (await connection.QuerySingleOrDefaultAsync<bool?>(GroupOf, key, transaction) is not false)
        {
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        if (
            await connection.ExecuteAsync(CountImpression, key, transaction) > 0
            && await connection.ExecuteAsync(TakeFromBudget, key, transaction) == 0
        )
        {
            await transaction.RollbackAsync(cancellationToken);
            return null;
        }

        var coupon = rules.Coupon is { } gives
            ? await CouponAsync(connection, transaction, invoice.SellerId, campaignId, customer, rules, gives, today, now, zone)
            : null;
        await transaction.CommitAsync(cancellationToken);
        return new ShownCampaign
        {
            Rules = rules,
            Code = coupon?.Code,
            Until = coupon is { } given ? DayOf(given.ExpiresAt.AddSeconds(-1), zone) : rules.To,
        };
    }

    private static async Task<Given> CouponAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        SellerId seller,
        string campaignId,
        string customer,
        CampaignRules rules,
        CampaignCoupon gives,
        DateOnly today,
        DateTimeOffset now,
        TimeZoneInfo zone
    )
    {
        var key = new
        {
            SellerId = seller,
            CampaignId = campaignId,
            Customer = customer,
            Code = CouponCode.Of(gives.Prefix ?? "", RandomNumberGenerator.GetBytes(CouponCode.Entropy)),
            gives.Percent,
            gives.Amount,
            Currency = rules.Currency.Code,
            gives.MinTotal,
            Now = now,
            ExpiresAt = EndOf(today.AddDays(gives.ValidDays), zone),
        };
        await connection.ExecuteAsync(GiveCoupon, key, transaction);
        return await connection.QuerySingleAsync<Given>(CouponOf, key, transaction);
    }

    private static CustomerFacts FactsOf(Dictionary<string, Bought> bought, CampaignRules rules) =>
        new()
        {
            Purchases = bought.Values.Sum(each => each.Purchases),
            Spent = bought.TryGetValue(rules.Currency.Code, out var spent) ? spent.Spent : 0m,
            LastAt = bought.Count > 0 ? bought.Values.Max(each => each.LastAt) : null,
        };

    private static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>When a day is over.</summary>
    private static DateTimeOffset EndOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }

    private sealed record Candidate
    {
        public string CampaignId { get; init; } = "";
        public string Rules { get; init; } = "";
        public DateTimeOffset? ExpiresAt { get; init; }
        public bool IsRedeemed { get; init; }
    }

    private sealed record Bought
    {
        public string Currency { get; init; } = "";
        public int Purchases { get; init; }
        public decimal Spent { get; init; }
        public DateTimeOffset LastAt { get; init; }
    }

    private sealed record Given
    {
        public string Code { get; init; } = "";
        public DateTimeOffset ExpiresAt { get; init; }
    }
}
