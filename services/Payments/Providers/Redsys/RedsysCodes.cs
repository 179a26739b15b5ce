using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>Redsys' codes in our words: what an answer means, how means, languages and currencies are written.</summary>
public static class RedsysCodes
{
    /// <summary>A payment that is taken at once.</summary>
    public const string Payment = "0";

    /// <summary>A refund.</summary>
    public const string Refund = "3";

    /// <summary>A payment that is annulled as a whole, in the portal.</summary>
    public const string Annulment = "45";

    /// <summary>The state of an operation that is over.</summary>
    public const string Over = "F";

    /// <summary>The query's answer where there is no operation of that order.</summary>
    public const string NoOperation = "XML0024";

    private const int MerchantDigits = 9;
    private const int TerminalDigits = 3;
    private const int MostMinorUnits = 12;

    private static readonly Dictionary<string, int> Numbers = new(StringComparer.Ordinal)
    {
        ["ARS"] = 32,
        ["AUD"] = 36,
        ["BGN"] = 975,
        ["BRL"] = 986,
        ["CAD"] = 124,
        ["CHF"] = 756,
        ["CLP"] = 152,
        ["CNY"] = 156,
        ["COP"] = 170,
        ["CZK"] = 203,
        ["DKK"] = 208,
        ["EUR"] = 978,
        ["GBP"] = 826,
        ["HUF"] = 348,
        ["INR"] = 356,
        ["JPY"] = 392,
        ["MAD"] = 504,
        ["MXN"] = 484,
        ["NOK"] = 578,
        ["PEN"] = 604,
        ["PLN"] = 985,
        ["RON"] = 946,
        ["SEK"] = 752,
        ["TRY"] = 949,
        ["USD"] = 840,
    };

    /// <summary>Whether a payment was authorised: 0000 to 0099.</summary>
    public static bool IsPaid(string response) => response is ['0', '0', _, _];

    /// <summary>Whether a refund was given (0900), or a payment annulled (0400).</summary>
    public static bool IsGiven(string type, string response) => response == (type == Annulment ? "0400" : "0900");

    /// <summary>Whether the code says only that nothing is decided yet.</summary>
    public static bool IsUnderWay(string response) => response is "8102" or "8210" or "8220" or "9998" or "9999";

    /// <summary>
    /// Whether an order was refused for having come before: a form that was sent twice. It says nothing of what became of the first.
    /// </summary>
    public static bool IsRepeated(string response, string? error) =>
        response is "0913" or "9051" or "9126" or "9295" || error is "SIS0051" or "SIS0126" or "SIS0295";

    /// <summary>
    /// Whether a refund that was refused so may be asked for again: the system or the issuer was away, or nobody knows what it did.
    /// </summary>
    public static bool IsPassing(string code) =>
        IsUnderWay(code)
        || code
            is "0909"
                or "0912"
                or "9126"
                or "9295"
                or "9909"
                or "9912"
                or "SIS0001"
                or "SIS0002"
                or "SIS0003"
                or "SIS0004"
                or "SIS0005"
                or "SIS0006"
                or "SIS0034"
                or "SIS0126"
                or "SIS0127"
                or "SIS0128"
                or "SIS0129"
                or "SIS0295";

    /// <summary>What became of a payment; open where the code does not say.</summary>
    public static CheckoutState StateOf(string response, string? error) =>
        IsPaid(response) ? CheckoutState.Paid
        : IsRepeated(response, error) || IsUnderWay(response) || response is "0400" or "0900" ? CheckoutState.Open
        // By the payer on the page, or in Bizum's app.
        : response is "9673" or "9915" or "9928" or "9929" ? CheckoutState.Cancelled
        : CheckoutState.Failed;

    /// <summary>A code of Ds_Response with its four digits; none where it is no code.</summary>
    public static string? Response(string? text) =>
        text is { Length: >= 1 and <= 4 } && text.All(char.IsAsciiDigit) ? text.PadLeft(4, '0') : null;

    /// <summary>A type of operation as Redsys writes it today: 3, not 03.</summary>
    public static string? Type(string? text) =>
        text is { Length: >= 1 and <= 2 } && text.All(char.IsAsciiLetterOrDigit)
            ? text.TrimStart('0') is { Length: > 0 } type
                ? type
                : Payment
            : null;

    /// <summary>Ds_Merchant_PayMethods: the form of a card alone, or Bizum alone.</summary>
    public static string PayMethod(PaymentMeans means) =>
        means switch
        {
            PaymentMeans.Card => "C",
            PaymentMeans.Bizum => "z",
            _ => throw new NotSupportedException($"Redsys takes cards and Bizum here, not {means}"),
        };

    /// <summary>Ds_Merchant_ConsumerLanguage; Spanish where Redsys' page does not speak it.</summary>
    public static string Language(string language) =>
        language switch
        {
            "en" => "002",
            "ca" => "003",
            "gl" => "012",
            "eu" => "013",
            _ => "001",
        };

    /// <summary>ISO 4217's number of a currency; none where Redsys has no terminals in it.</summary>
    public static string? Number(Currency currency) =>
        Numbers.TryGetValue(currency.Code, out var number) ? number.ToString("000", CultureInfo.InvariantCulture) : null;

    /// <summary>The currency of a number; none where Redsys has no terminals in it.</summary>
    public static Currency? CurrencyOf(string? number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
        && Numbers.FirstOrDefault(each => each.Value == wanted).Key is { } code
            ? Currency.Of(code)
            : null;

    /// <summary>An amount in the currency's smallest coins.</summary>
    public static string MinorUnits(decimal amount, Currency currency)
    {
        var units = amount * Scale(currency);
        return units > 0m && units == decimal.Truncate(units)
            ? units.ToString("0", CultureInfo.InvariantCulture)
            : throw new ArgumentOutOfRangeException(nameof(amount), amount, $"no amount of whole coins of {currency}");
    }

    /// <summary>The amount of so many smallest coins; none where it is no number.</summary>
    public static decimal? Amount(string? minorUnits, Currency currency) =>
        minorUnits is { Length: <= MostMinorUnits }
        && decimal.TryParse(minorUnits, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            ? Money.Of(units / Scale(currency), currency).Amount
            : null;

    /// <summary>A merchant code with its nine digits; none where it is no code.</summary>
    public static string? MerchantCode(string? text) =>
        text is { Length: >= 1 and <= MerchantDigits } && text.All(char.IsAsciiDigit) && text.Any(static c => c != '0')
            ? text.PadLeft(MerchantDigits, '0')
            : null;

    /// <summary>A terminal's number without the zeros that notices put before it; none where it is no number.</summary>
    public static string? Terminal(string? text) =>
        text is { Length: >= 1 and <= TerminalDigits } && text.All(char.IsAsciiDigit) && text.TrimStart('0') is { Length: > 0 } number
            ? number
            : null;

    /// <summary>What an account is known by; none where either part is no code.</summary>
    public static string? AccountId(string? merchantCode, string? terminal) =>
        MerchantCode(merchantCode) is { } merchant && Terminal(terminal) is { } number ? $"{merchant}-{number}" : null;

    private static decimal Scale(Currency currency)
    {
        var scale = 1m;
        for (var digit = 0; digit < currency.MinorUnit; digit++)
        {
            scale *= 10m;
        }

        return scale;
    }
}
