using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
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
    // What was changed elsewhere since it was read here is shown to nobody until it is read again.
    private const string StillToShow = """
        select c.campaign_id, k.expires_at, k.redeemed_invoice is not null as is_redeemed
        from unnest(@campaigns, @changes) as known (campaign_id, changed_at)
        join campaign c on c.seller_id = @seller and c.campaign_id = known.campaign_id and c.changed_at = known.changed_at
        left join coupon k on k.seller_id = c.seller_id and k.campaign_id = c.campaign_id and k.customer = @customer
        where (c.max_discount is null or c.discount < c.max_discount)
            and (c.max_impressions is null or c.impressions < c.max_impressions or exists (
                select from impression i
                where i.seller_id = c.seller_id and i.campaign_id = c.campaign_id and i.invoice_id = @invoice
            ))
        """;

    private const string BoughtBefore = """
        select currency, count(*)::int as purchases, sum(spent) as spent, max(at) as last_at from net_purchase
        where seller_id = @seller and customer = @customer and invoice_id <> @invoice and spent > 0
        """;
    private const string ByCurrency = " group by currency";

    private const string Assign = """
        insert into assignment (seller_id, campaign_id, customer, held_out, assigned_at, invoice_id)
        select seller_id, campaign_id, @customer, @heldOut, @now, @invoice from campaign
        where seller_id = @seller and campaign_id = @campaign
            and (not @heldOut or max_impressions is null or impressions < max_impressions)
        on conflict do nothing
        """;

    // The group that was written first holds, whatever the rules say by now; none where the budget ended meanwhile.
    private const string Group = """
        from assignment where seller_id = @seller and campaign_id = @campaign and customer = @customer
        """;
    private const string GroupOf = $"select held_out {Group}";

    // Fails where the budget ended meanwhile: then nothing of this mail's part in it stands.
    private const string TakeFromBudget = $"""
        with counted as (
            insert into impression (seller_id, campaign_id, invoice_id)
            select seller_id, campaign_id, @invoice {Group} and not held_out
            on conflict do nothing
            returning campaign_id
        ), taken as (
            update campaign c set impressions = c.impressions + 1 from counted
            where c.seller_id = @seller and c.campaign_id = counted.campaign_id
                and (c.max_impressions is null or c.impressions < c.max_impressions)
            returning c.campaign_id
        )
        select 1 / (case when (select count(*) from counted) > (select count(*) from taken) then 0 else 1 end)
        """;

    private const string GiveCoupon = $"""
        insert into coupon (seller_id, code, campaign_id, customer, percent, amount, currency, min_total, issued_at, expires_at)
        select seller_id, @code, campaign_id, customer, @percent, @amount, @currency, @minTotal, @now, @expiresAt {Group} and not held_out
        on conflict on constraint coupon_once do nothing
        """;

    private const string CouponOf = """
        select code, expires_at from coupon where seller_id = @seller and campaign_id = @campaign and customer = @customer
        """;

    /// <summary>The day at the seller's.</summary>
    public DateOnly Today(TimeZoneInfo zone) => DayOf(clock.GetUtcNow(), zone);

    /// <summary>Adds what is to be asked of campaigns that a purchase may carry: two questions, or one where they ask for no segment.</summary>
    internal static void Ask(NpgsqlBatch batch, Purchase purchase, IReadOnlyList<KnownCampaign> campaigns, Consenter consenter)
    {
        var still = new NpgsqlBatchCommand(StillToShow + Consenter.AndHasSaidYes);
        purchase.AddTo(still);
        still.Parameters.Add(Texts("campaigns", [.. campaigns.Select(each => each.CampaignId)]));
        still.Parameters.Add(
            new NpgsqlParameter("changes", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            {
                Value = campaigns.Select(each => each.ChangedAt.UtcDateTime).ToArray(),
            }
        );
        consenter.AddTo(still);
        batch.BatchCommands.Add(still);
        if (AskForSegments(campaigns))
        {
            var before = new NpgsqlBatchCommand(BoughtBefore + Consenter.AndHasSaidYes + ByCurrency);
            purchase.AddTo(before);
            consenter.AddTo(before);
            batch.BatchCommands.Add(before);
        }
    }

    /// <summary>Reads the answers: which of them are still to be shown, and what the customer bought before.</summary>
    internal static async Task<Showable> ReadAsync(
        NpgsqlDataReader reader,
        IReadOnlyList<KnownCampaign> campaigns,
        CancellationToken cancellationToken
    )
    {
        var still = new Dictionary<string, (DateTimeOffset? ExpiresAt, bool IsRedeemed)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            DateTimeOffset? expiresAt = await reader.IsDBNullAsync(1, cancellationToken) ? null : new DateTimeOffset(reader.GetDateTime(1));
            still[reader.GetString(0)] = (expiresAt, reader.GetBoolean(2));
        }

        var bought = new Dictionary<string, CustomerFacts>(StringComparer.Ordinal);
        if (AskForSegments(campaigns))
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                bought[reader.GetString(0)] = new CustomerFacts
                {
                    Purchases = reader.GetInt32(1),
                    Spent = reader.GetDecimal(2),
                    LastAt = new DateTimeOffset(reader.GetDateTime(3)),
                };
            }
        }

        return new Showable(campaigns, still, bought);
    }

    /// <summary>The campaign for an invoice's mail, if there is one and its customer is shown it.</summary>
    internal async Task<ShownCampaign?> RunAsync(
        InvoiceBody invoice,
        string customer,
        TimeZoneInfo zone,
        Showable showable,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var today = DayOf(now, zone);
        foreach (var candidate in showable.Campaigns)
        {
            var isOver = !showable.Still.TryGetValue(candidate.CampaignId, out var coupon) || coupon.IsRedeemed || coupon.ExpiresAt <= now;
            if (!isOver && CampaignChoice.IsFor(candidate.Rules, invoice, FactsOf(showable.Bought, candidate.Rules), today, now))
            {
                // One that is held out is offered no other instead: the groups would differ by that one too.
                return await TakeAsync(invoice, customer, candidate, today, now, zone, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>All of it in one round trip, which is one transaction.</summary>
    private async Task<ShownCampaign?> TakeAsync(
        InvoiceBody invoice,
        string customer,
        KnownCampaign campaign,
        DateOnly today,
        DateTimeOffset now,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        var rules = campaign.Rules;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        NpgsqlParameterCollection Add(string statement)
        {
            var command = new NpgsqlBatchCommand(statement);
            new Purchase(invoice, customer).AddTo(command);
            command.Parameters.Add(Text("campaign", campaign.CampaignId));
            batch.BatchCommands.Add(command);
            return command.Parameters;
        }

        var assign = Add(Assign);
        assign.AddWithValue("heldOut", CampaignChoice.IsHeldOut(invoice.SellerId, campaign.CampaignId, customer, rules.HoldOutPercent));
        assign.AddWithValue("now", now);
        Add(GroupOf);
        Add(TakeFromBudget);
        if (rules.Coupon is { } gives)
        {
            var give = Add(GiveCoupon);
            give.Add(Text("code", CouponCode.Of(gives.Prefix ?? "", RandomNumberGenerator.GetBytes(CouponCode.Entropy))));
            give.Add(Number("percent", gives.Percent));
            give.Add(Number("amount", gives.Amount));
            give.Add(Text("currency", rules.Currency.Code));
            give.Add(Number("minTotal", gives.MinTotal));
            give.AddWithValue("now", now);
            give.AddWithValue("expiresAt", EndOf(today.AddDays(gives.ValidDays), zone).ToUniversalTime());
            Add(CouponOf);
        }

        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            // What is inserted answers nothing: the first answer is the group's.
            var isShown = await reader.ReadAsync(cancellationToken) && !reader.GetBoolean(0);
            await reader.NextResultAsync(cancellationToken);
            (string Code, DateTimeOffset ExpiresAt)? coupon = null;
            if (await reader.NextResultAsync(cancellationToken) && await reader.ReadAsync(cancellationToken))
            {
                coupon = (reader.GetString(0), new DateTimeOffset(reader.GetDateTime(1)));
            }

            while (await reader.NextResultAsync(cancellationToken))
            {
                // Nothing stands before the last of them has been heard.
            }

            return isShown
                ? new ShownCampaign
                {
                    Rules = rules,
                    Code = coupon?.Code,
                    Until = coupon is { } given ? DayOf(given.ExpiresAt.AddSeconds(-1), zone) : rules.To,
                }
                : null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            return null;
        }
    }

    private static bool AskForSegments(IReadOnlyList<KnownCampaign> campaigns) => campaigns.Any(each => each.Rules.Segment is not null);

    private static CustomerFacts FactsOf(IReadOnlyDictionary<string, CustomerFacts> bought, CampaignRules rules) =>
        new()
        {
            Purchases = bought.Values.Sum(each => each.Purchases),
            Spent = bought.TryGetValue(rules.Currency.Code, out var spent) ? spent.Spent : 0m,
            LastAt = bought.Values.Max(each => each.LastAt),
        };

    private static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>When a day is over.</summary>
    private static DateTimeOffset EndOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }

    private static NpgsqlParameter Text(string name, string value) => new(name, NpgsqlDbType.Text) { Value = value };

    private static NpgsqlParameter Texts(string name, string[] values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values };

    private static NpgsqlParameter Number(string name, decimal? value) =>
        new(name, NpgsqlDbType.Numeric) { Value = (object?)value ?? DBNull.Value };

    /// <summary>The purchase in hand, and whose it is.</summary>
    internal sealed record Purchase(InvoiceBody Invoice, string Customer)
    {
        /// <summary>Adds it as the statements here name it.</summary>
        public void AddTo(NpgsqlBatchCommand command)
        {
            command.Parameters.Add(Text("seller", Invoice.SellerId.Value));
            command.Parameters.Add(Text("customer", Customer));
            command.Parameters.Add(new NpgsqlParameter("invoice", NpgsqlDbType.Uuid) { Value = Invoice.InvoiceId.Value });
        }
    }

    /// <summary>What a mail may carry: the campaigns, the coupons of those that are still to be shown, and what was bought before by currency.</summary>
    internal sealed record Showable(
        IReadOnlyList<KnownCampaign> Campaigns,
        IReadOnlyDictionary<string, (DateTimeOffset? ExpiresAt, bool IsRedeemed)> Still,
        IReadOnlyDictionary<string, CustomerFacts> Bought
    )
    {
        /// <summary>Where there is no campaign for a purchase.</summary>
        public static readonly Showable Nothing = new(
            [],
            new Dictionary<string, (DateTimeOffset? ExpiresAt, bool IsRedeemed)>(),
            new Dictionary<string, CustomerFacts>()
        );
    }
}
