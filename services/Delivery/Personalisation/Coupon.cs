using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>One customer's code: given, reserved by a sale for a while, redeemed once by the invoice of a sale.</summary>
public sealed record Coupon
{
    /// <summary>The code.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its campaign.</summary>
    public string CampaignId { get; init; } = "";

    /// <summary>A share of the sale, or</summary>
    public decimal? Percent { get; init; }

    /// <summary>an amount.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The currency of its amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>For sales of so much or more.</summary>
    public decimal? MinTotal { get; init; }

    /// <summary>From then on it is over.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The sale that has it in hand, or had.</summary>
    public string? ReservedBy { get; init; }

    /// <summary>That reservation.</summary>
    public Guid? ReservationId { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>What of the campaign's budget is kept for it.</summary>
    public decimal Held { get; init; }

    /// <summary>The sale that used it.</summary>
    public string? RedeemedBy { get; init; }

    /// <summary>The invoice that shows it.</summary>
    public Guid? RedeemedInvoice { get; init; }

    /// <summary>
    /// The coupon as a sale reserves it, and whether that is new: the same sale asking again has the same reservation. Left is what the
    /// campaign may still give, without bound where null.
    /// </summary>
    public Outcome<(bool IsNew, Coupon Coupon)> Reserve(
        string saleId,
        decimal? total,
        decimal? left,
        Guid reservationId,
        DateTimeOffset now,
        TimeSpan hold
    )
    {
        var isThisSales = string.Equals(ReservedBy, saleId, StringComparison.Ordinal) && ReservationId is not null;
        if (RedeemedInvoice is not null)
        {
            if (isThisSales && string.Equals(RedeemedBy, saleId, StringComparison.Ordinal))
            {
                return (false, this);
            }

            return DeliveryFaults.CouponUsed.With(Code);
        }

        if (ReservedUntil is { } until && until > now)
        {
            if (isThisSales)
            {
                return (false, this);
            }

            return DeliveryFaults.CouponReserved.With(Code, Instant(until)) with
            {
                RetryAfter = (int)Math.Ceiling((until - now).TotalSeconds),
            };
        }

        if (ExpiresAt <= now)
        {
            return DeliveryFaults.CouponExpired.With(Code, Instant(ExpiresAt));
        }

        if (MinTotal is { } least && total < least)
        {
            return DeliveryFaults.CouponMinimum.With(Code, Money.Of(least, Currency));
        }

        var worth = CouponCode.Worth(Percent, Amount, total, Currency.MinorUnit);
        if (left is not null && worth is null)
        {
            return DeliveryFaults.CouponTotal.At("total", Code);
        }

        if (worth > left)
        {
            return DeliveryFaults.CouponBudget.With(Code);
        }

        return (true, this with { ReservedBy = saleId, ReservationId = reservationId, ReservedUntil = now + hold, Held = worth ?? 0m });
    }

    private static string Instant(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
