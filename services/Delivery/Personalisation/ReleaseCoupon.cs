using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A sale that is not made after all gives its coupon back to its customer; one that holds none gives back nothing.</summary>
public sealed class ReleaseCoupon(NpgsqlDataSource database)
{
    private const string Release = """
        update coupon set reserved_by = null, reservation_id = null, reserved_until = null, held = 0
        where seller_id = @SellerId and code = @Code and reserved_by = @SaleId and redeemed_invoice is null
        """;

    private const string IsUsedBy = """
        select coalesce(redeemed_by = @SaleId, false) from coupon where seller_id = @SellerId and code = @Code
        """;

    /// <summary>Releases it; nothing where it is as it should be.</summary>
    public async Task<Fault?> RunAsync(SellerId seller, string typed, string saleId, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("ReleaseCoupon");
        if (!ReserveCoupon.TryCode(typed, out var code) || !PlainText.IsSound(saleId))
        {
            return DeliveryFaults.NoCoupon.With(typed);
        }

        var key = new
        {
            SellerId = seller,
            Code = code,
            SaleId = saleId,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteAsync(Release, key) > 0)
        {
            return null;
        }

        return await connection.QuerySingleOrDefaultAsync<bool?>(IsUsedBy, key) switch
        {
            null => DeliveryFaults.NoCoupon.With(typed),
            true => DeliveryFaults.CouponUsed.With(code),
            false => null,
        };
    }
}
