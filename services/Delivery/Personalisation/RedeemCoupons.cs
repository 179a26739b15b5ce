using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// The coupon that an invoice's allowance names is used, by the first invoice that names it. No sale is refused for a coupon: where one
/// was not reserved, or was used before, the sale stands and the seller sees it in a list.
/// </summary>
public sealed class RedeemCoupons(TimeProvider clock)
{
    private const string CampaignsOf = """
        select distinct k.seller_id, k.campaign_id
        from coupon k join unnest(@Sellers, @Codes) as t (seller_id, code) on t.seller_id = k.seller_id and t.code = k.code
        order by k.seller_id, k.campaign_id
        """;

    private const string Use = """
        update coupon
        set redeemed_by = coalesce((select s from unnest(@Sales) as t (s) where s = reserved_by limit 1), @Sale),
            redeemed_invoice = @InvoiceId, redeemed_at = @Now, redeemed_amount = @Amount
        where seller_id = @SellerId and code = @Code and redeemed_invoice is null
        returning campaign_id, reserved_by = any (@Sales) as is_reserved, reserved_until > @At as is_in_hand,
            expires_at <= @At as is_expired, reserved_by is not null and held > 0 and @Amount > held as is_more
        """;

    private const string Spend = """
        update campaign set discount = discount + @Amount
        where seller_id = @SellerId and campaign_id = @CampaignId and currency = @Currency
        """;

    private const string UsedBefore = """
        select campaign_id, redeemed_invoice = @InvoiceId as is_same from coupon where seller_id = @SellerId and code = @Code
        """;

    private const string Note = """
        insert into misused_coupon (seller_id, code, invoice_id, campaign_id, sale_id, reason, amount, currency, at)
        values (@SellerId, @Code, @InvoiceId, @CampaignId, @Sale, @Reason, @Amount, @Currency, @Now)
        on conflict do nothing
        """;

    private static readonly Counter<long> Misused = Telemetry.Meter.CreateCounter<long>("delivery.coupons.misused");

    /// <summary>Redeems what these invoices name, in the transaction that counts them.</summary>
    public async Task RunAsync(NpgsqlTransaction transaction, IReadOnlyList<PurchaseFact> facts, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        // Those of one code stay in the order they came in: the first has it.
        var uses = facts
            .SelectMany(fact => fact.Coupons.Select(used => (Fact: fact, Code: used.Key, Amount: used.Value)))
            .OrderBy(use => use.Fact.SellerId.Value, StringComparer.Ordinal)
            .ThenBy(use => use.Code, StringComparer.Ordinal)
            .ToArray();
        var campaigns = (
            await connection.QueryAsync<CampaignKey>(
                CampaignsOf,
                new { Sellers = uses.Select(use => use.Fact.SellerId.Value).ToArray(), Codes = uses.Select(use => use.Code).ToArray() },
                transaction
            )
        ).AsList();
        if (campaigns.Count == 0)
        {
            // A code that is none of ours is the till's own business.
            return;
        }

        foreach (var campaign in campaigns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await connection.ExecuteAsync(ReserveCoupon.LockCampaign, campaign, transaction);
        }

        foreach (var use in uses)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await UseAsync(connection, transaction, use.Fact, use.Code, use.Amount);
        }
    }

    private async Task UseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PurchaseFact fact, string code, decimal amount)
    {
        var sales = fact.SaleIds.Select(sale => sale.Value).ToArray();
        var sale = sales.Length > 0 ? sales[0] : "";
        var now = clock.GetUtcNow();
        var key = new
        {
            fact.SellerId,
            fact.InvoiceId,
            Code = code,
            Amount = amount,
            fact.At,
            Now = now,
            Sales = sales,
            Sale = sale,
        };
        string campaign;
        string? reason;
        if (await connection.QuerySingleOrDefaultAsync<Used>(Use, key, transaction) is { } used)
        {
            campaign = used.CampaignId;
            reason = used.Misuse;
            await connection.ExecuteAsync(
                Spend,
                new
                {
                    fact.SellerId,
                    CampaignId = campaign,
                    Amount = amount,
                    Currency = fact.Currency.Code,
                },
                transaction
            );
        }
        else if (await connection.QuerySingleOrDefaultAsync<Before>(UsedBefore, key, transaction) is { IsSame: not true } before)
        {
            campaign = before.CampaignId;
            reason = "redeemed-twice";
        }
        else
        {
            return;
        }

        if (reason is not null)
        {
            await connection.ExecuteAsync(
                Note,
                new
                {
                    fact.SellerId,
                    fact.InvoiceId,
                    Code = code,
                    CampaignId = campaign,
                    Sale = sale,
                    Reason = reason,
                    Amount = amount,
                    Currency = fact.Currency.Code,
                    Now = now,
                },
                transaction
            );
            Misused.Add(1);
        }
    }

    private sealed record CampaignKey
    {
        public string SellerId { get; init; } = "";
        public string CampaignId { get; init; } = "";
    }

    private sealed record Used
    {
        public string CampaignId { get; init; } = "";
        public bool? IsReserved { get; init; }
        public bool? IsInHand { get; init; }
        public bool IsExpired { get; init; }
        public bool IsMore { get; init; }

        /// <summary>What was not as it should be.</summary>
        public string? Misuse =>
            IsReserved == true ? (IsMore ? "more-than-reserved" : null)
            : IsInHand == true ? "reserved-by-another-sale"
            : IsExpired ? "expired"
            : "without-reservation";
    }

    private sealed record Before
    {
        public string CampaignId { get; init; } = "";
        public bool? IsSame { get; init; }
    }
}
