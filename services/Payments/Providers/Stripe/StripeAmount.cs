using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>Amounts as Stripe writes them: whole numbers of its unit for the currency, which is not always the smallest coin.</summary>
public static class StripeAmount
{
    /// <summary>The amount in Stripe's units; none where it cannot be said in them.</summary>
    public static long? UnitsOf(decimal amount, Currency currency)
    {
        var (factor, step) = Form(currency);
        if (amount is <= 0m or >= 1_000_000_000_000m)
        {
            return null;
        }

        var units = amount * factor;
        return units == decimal.Truncate(units) && units % step == 0m ? (long)units : null;
    }

    /// <summary>The amount of so many of Stripe's units.</summary>
    public static decimal Of(long units, Currency currency) => Money.Of(units / Form(currency).Factor, currency).Amount;

    private static (decimal Factor, decimal Step) Form(Currency currency) =>
        currency.Code switch
        {
            "BIF"
            or "CLP"
            or "DJF"
            or "GNF"
            or "JPY"
            or "KMF"
            or "KRW"
            or "MGA"
            or "PYG"
            or "RWF"
            or "VND"
            or "VUV"
            or "XAF"
            or "XOF"
            or "XPF" => (1m, 1m),
            // They have no smaller coin any more, and are written with two decimals that are always 00.
            "ISK" or "UGX" => (100m, 100m),
            // Card networks know two of their three decimals: the last one is always 0.
            "BHD" or "JOD" or "KWD" or "OMR" or "TND" => (1000m, 10m),
            _ => (100m, 1m),
        };
}
