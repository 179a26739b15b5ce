using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A sale that wants to use a coupon.</summary>
public sealed record ReservationRequest
{
    /// <summary>The sale, as it will be posted.</summary>
    public required string SaleId { get; init; }

    /// <summary>What it comes to with VAT before the coupon, where the till knows it.</summary>
    public decimal? Total { get; init; }
}

/// <summary>What the sale may take off, and until when nobody else may.</summary>
public sealed record CouponReservation
{
    /// <summary>The reservation.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>The coupon.</summary>
    public required string Code { get; init; }

    /// <summary>Its campaign.</summary>
    public required string CampaignId { get; init; }

    /// <summary>The sale.</summary>
    public required string SaleId { get; init; }

    /// <summary>A share of the total.</summary>
    public decimal? Percent { get; init; }

    /// <summary>The amount, where it is known.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>For sales of so much or more.</summary>
    public decimal? MinTotal { get; init; }

    /// <summary>Until when it is this sale's.</summary>
    public required DateTimeOffset Until { get; init; }
}

/// <summary>
/// Before it closes a sale the till reserves the customer's coupon: for a quarter of an hour no other sale gets it, and the campaign's
/// budget holds what it takes off. The sale then names the code in its allowance.
/// </summary>
public sealed class ReserveCoupon(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long a till has to post the sale.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(15);

    private const int LongestSale = 200;
    private const decimal MostMoney = 1_000_000_000m;

    private const string CampaignOf = "select campaign_id from coupon where seller_id = @SellerId and code = @Code";

    // Whoever reserves or redeems coupons of a campaign takes its row first, and so sees what the one before has taken.
    internal const string LockCampaign = """
        select from campaign where seller_id = @SellerId and campaign_id = @CampaignId for no key update
        """;

    private const string LeftToGive = """
        select c.max_discount - c.discount - coalesce((
            select sum(k.held) from coupon k
            where k.seller_id = c.seller_id and k.campaign_id = c.campaign_id and k.reserved_until > @Now and k.redeemed_invoice is null
        ), 0)
        from campaign c where c.seller_id = @SellerId and c.campaign_id = @CampaignId
        """;

    private const string LockCoupon = """
        select code, campaign_id, percent, amount, currency, min_total, expires_at, reserved_by, reservation_id, reserved_until, held,
            redeemed_by, redeemed_invoice
        from coupon where seller_id = @SellerId and code = @Code for update
        """;

    private const string Keep = """
        update coupon
        set reserved_by = @ReservedBy, reservation_id = @ReservationId, reserved_until = @ReservedUntil, held = @Held
        where seller_id = @SellerId and code = @Code
        """;

    /// <summary>Reserves it; tells whether the reservation is new.</summary>
    public async Task<Outcome<(bool IsNew, CouponReservation Reservation)>> RunAsync(
        SellerId seller,
        string typed,
        ReservationRequest request,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("ReserveCoupon");
        if (request.SaleId.Length is 0 or > LongestSale || !PlainText.IsSound(request.SaleId))
        {
            return DeliveryFaults.BadReservation.At("saleId", "saleId", $"1–{LongestSale}");
        }

        if (request.Total is < 0m or > MostMoney || request.Total is { Scale: > 4 })
        {
            return DeliveryFaults.BadReservation.At("total", "total", "0–1000000000");
        }

        if (!TryCode(typed, out var code))
        {
            return DeliveryFaults.NoCoupon.With(typed);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var campaign = await connection.QuerySingleOrDefaultAsync<string>(CampaignOf, new { SellerId = seller, Code = code }, transaction);
        if (campaign is null)
        {
            return DeliveryFaults.NoCoupon.With(typed);
        }

        var now = clock.GetUtcNow();
        var key = new
        {
            SellerId = seller,
            Code = code,
            CampaignId = campaign,
            Now = now,
        };
        await connection.ExecuteAsync(LockCampaign, key, transaction);
        var coupon = await connection.QuerySingleAsync<Coupon>(LockCoupon, key, transaction);
        var left = await connection.QuerySingleAsync<decimal?>(LeftToGive, key, transaction);
        var outcome = coupon.Reserve(request.SaleId, request.Total, left, Guid.CreateVersion7(), now, Hold);
        if (outcome.Refused(out var fault))
        {
            return fault;
        }

        var (isNew, reserved) = outcome.Value;
        if (isNew)
        {
            await connection.ExecuteAsync(
                Keep,
                new
                {
                    SellerId = seller,
                    Code = code,
                    reserved.ReservedBy,
                    reserved.ReservationId,
                    reserved.ReservedUntil,
                    reserved.Held,
                },
                transaction
            );
            await transaction.CommitAsync(cancellationToken);
        }

        return (isNew, Shown(reserved));
    }

    /// <summary>A code as it is kept; false for what no code can be.</summary>
    internal static bool TryCode(string typed, out string code)
    {
        code = CouponCode.Normal(typed);
        return code.Length is > 0 and <= CouponCode.Longest && PlainText.IsSound(code);
    }

    private static CouponReservation Shown(Coupon coupon) =>
        new()
        {
            ReservationId = coupon.ReservationId!.Value,
            Code = coupon.Code,
            CampaignId = coupon.CampaignId,
            SaleId = coupon.ReservedBy!,
            Percent = coupon.Percent,
            Amount = coupon.Held > 0m ? Money.Of(coupon.Held, coupon.Currency).Amount : null,
            Currency = coupon.Currency,
            MinTotal = coupon.MinTotal is { } least ? Money.Of(least, coupon.Currency).Amount : null,
            Until = coupon.ReservedUntil!.Value,
        };
}
