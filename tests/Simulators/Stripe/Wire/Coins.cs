using System.Globalization;

namespace RetailInvoicing.Simulators.Stripe.Wire;

/// <summary>Amounts: whole numbers on Stripe's wire, decimal text in the books that the control API shows.</summary>
internal static class Coins
{
    private static readonly string[] Whole =
    [
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ];

    private static readonly string[] Thousandths = ["bhd", "jod", "kwd", "omr", "tnd"];

    // Two decimals that must be 00.
    private static readonly string[] OnceHundredths = ["isk", "ugx"];

    /// <summary>As people write it: 18.90.</summary>
    public static string Text(long units, string currency)
    {
        var (parts, format) =
            Whole.Contains(currency) ? (1m, "0")
            : Thousandths.Contains(currency) ? (1000m, "0.000")
            : (100m, "0.00");
        return (units / parts).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether Stripe takes such an amount of the currency.</summary>
    public static bool IsSound(long units, string currency) =>
        Thousandths.Contains(currency) ? units % 10 == 0 : !OnceHundredths.Contains(currency) || units % 100 == 0;

    /// <summary>The least that Stripe charges, where it says one.</summary>
    public static long Least(string currency) =>
        currency switch
        {
            "eur" or "usd" => 50,
            "gbp" => 30,
            "jpy" => 50,
            _ => 1,
        };
}
