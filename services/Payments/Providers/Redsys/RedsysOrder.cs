using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>What Redsys knows a payment and its refunds by: the order, four to twelve characters, the first four of them digits.</summary>
public static class RedsysOrder
{
    private const int Fewest = 4;
    private const int Most = 12;

    // Redsys may give back the payment's own data with a refund from its portal; the word before it says that the refund is ours.
    private const string Mark = "refund-";

    /// <summary>Whether Redsys takes it as an order.</summary>
    public static bool IsSound([NotNullWhen(true)] string? order) =>
        order is { Length: >= Fewest and <= Most }
        && order.AsSpan(0, Fewest).IndexOfAnyExceptInRange('0', '9') < 0
        && order.All(char.IsAsciiLetterOrDigit);

    /// <summary>What goes along with a refund of ours in Ds_Merchant_MerchantData, and comes back with its notice.</summary>
    public static string MarkOf(Guid refund) => $"{Mark}{refund:N}";

    /// <summary>Our refund by what came back; none where it is none of ours.</summary>
    public static Guid? RefundOf(string? data) =>
        data is not null
        && data.StartsWith(Mark, StringComparison.Ordinal)
        && Guid.TryParseExact(data.AsSpan(Mark.Length), "N", out var refund)
            ? refund
            : null;

    /// <summary>
    /// What a refund is known by: the order and the refund's own authorisation code; the time and amount where the answer has no code.
    /// </summary>
    public static string RefundReference(string order, RedsysParameters refund) =>
        refund.AuthorisationCode is { } code
            ? $"{order}-{code}"
            : string.Create(CultureInfo.InvariantCulture, $"{order}-{refund.At:yyyyMMddHHmm}-{refund.MinorUnits}");
}
