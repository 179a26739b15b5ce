using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A coupon that a sale took although it should not have.</summary>
public sealed record MisusedCoupon
{
    /// <summary>The code.</summary>
    public required string Code { get; init; }

    /// <summary>Its campaign.</summary>
    public required string CampaignId { get; init; }

    /// <summary>The invoice that names it.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The sale.</summary>
    public required string SaleId { get; init; }

    /// <summary>redeemed-twice, without-reservation, reserved-by-another-sale, expired or more-than-reserved.</summary>
    public required string Reason { get; init; }

    /// <summary>What it took off.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>When we were told.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A page of them, the newest first.</summary>
public sealed record MisusedCouponPage
{
    /// <summary>The coupons.</summary>
    public required IReadOnlyList<MisusedCoupon> Coupons { get; init; }

    /// <summary>Where the next page begins.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>A seller sees which sales took a coupon that they should not have: none was refused for it.</summary>
public sealed class ListMisusedCoupons(NpgsqlDataSource database)
{
    private const int MostAtOnce = 200;

    private const string NewestFirst = """
        select code, campaign_id, invoice_id, sale_id, reason, amount, currency, at from misused_coupon
        where seller_id = @SellerId
            and (@BeforeAt::timestamptz is null or (at, invoice_id, code) < (@BeforeAt, @BeforeInvoice::uuid, @BeforeCode::text))
        order by at desc, invoice_id desc, code desc
        limit @Limit
        """;

    /// <summary>One page.</summary>
    public async Task<Outcome<MisusedCouponPage>> RunAsync(SellerId seller, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.With("limit", limit);
        }

        (DateTimeOffset At, Guid Invoice, string Code)? before = null;
        if (cursor is not null && (before = Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.With("cursor", cursor);
        }

        var most = limit ?? 50;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (
            await connection.QueryAsync<MisusedCoupon>(
                NewestFirst,
                new
                {
                    SellerId = seller,
                    BeforeAt = before?.At.UtcDateTime,
                    BeforeInvoice = before?.Invoice,
                    BeforeCode = before?.Code,
                    Limit = most + 1,
                }
            )
        ).AsList();
        return new MisusedCouponPage
        {
            Coupons = [.. found.Take(most).Select(each => each with { Amount = Money.Of(each.Amount, each.Currency).Amount })],
            NextCursor = found.Count > most ? Write(found[most - 1]) : null,
        };
    }

    private static string Write(MisusedCoupon last) =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.At.UtcTicks}/{last.InvoiceId.Value:N}/{last.Code}"))
        );

    private static (DateTimeOffset, Guid, string)? Read(string cursor)
    {
        if (cursor.Length > 500 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('/', 3);
        return
            parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(parts[1], "N", out var invoice)
            && parts[2].Length <= CouponCode.Longest
            && PlainText.IsSound(parts[2])
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), invoice, parts[2])
            : null;
    }
}
