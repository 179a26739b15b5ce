using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Look;

/// <summary>What the pages say in one language, and how it writes amounts and dates. A new language is one class that lacks nothing.</summary>
public abstract partial class Words
{
    private const string NoBreak = "\u00a0";

    /// <summary>The languages there are, the first where nothing is asked for.</summary>
    public static readonly IReadOnlyList<Words> All =
    [
        new SpanishWords(),
        new CatalanWords(),
        new BasqueWords(),
        new GalicianWords(),
        new EnglishWords(),
    ];

    /// <summary>The language a person chose before, else the one the browser prefers, else Spanish.</summary>
    public static Words For(string? chosen, string? acceptLanguage)
    {
        if (All.FirstOrDefault(words => words.Code == chosen) is { } byChoice)
        {
            return byChoice;
        }

        return (acceptLanguage ?? "")
                .Split(',', 20, StringSplitOptions.TrimEntries)
                .Select(Preference)
                .Where(wanted => wanted.Weight > 0)
                .OrderByDescending(wanted => wanted.Weight)
                .Select(wanted =>
                    All.FirstOrDefault(words =>
                        wanted.Tag == words.Code || wanted.Tag.StartsWith(words.Code + "-", StringComparison.Ordinal)
                    )
                )
                .FirstOrDefault(words => words is not null)
            ?? All[0];
    }

    /// <summary>ISO 639-1.</summary>
    public abstract string Code { get; }

    /// <summary>The language that refusals of other services are written in, and pages of the office where they have no other.</summary>
    public virtual string FaultLanguage => "es";

    /// <summary>A refusal in words.</summary>
    public virtual string Problem(RetailInvoicing.ServiceDefaults.Fault fault) => fault.In(FaultLanguage);

    /// <summary>Its own name for itself.</summary>
    public abstract string Name { get; }

    /// <summary>How numbers are written: a real minus, no symbol.</summary>
    protected abstract NumberFormatInfo Numbers { get; }

    /// <summary>Whether the currency's sign stands after the amount.</summary>
    protected abstract bool SignAfter { get; }

    /// <summary>An amount as readers write it: 1.398,60 €.</summary>
    public string Amount(decimal amount, Currency currency)
    {
        var minus = amount < 0 ? "\u2212" : "";
        var digits = Math.Abs(amount).ToString($"N{currency.MinorUnit}", Numbers);
        var sign = currency.Code switch
        {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            _ => currency.Code,
        };
        return SignAfter ? $"{minus}{digits}{NoBreak}{sign}"
            : sign.Length == 1 ? $"{minus}{sign}{digits}"
            : $"{minus}{sign}{NoBreak}{digits}";
    }

    /// <summary>An amount as readers write it.</summary>
    public string Amount(Money money) => Amount(money.Amount, money.Currency);

    /// <summary>A price of one, which may have more decimals than the coin.</summary>
    public string Price(decimal price, Currency currency) =>
        decimal.Round(price, currency.MinorUnit, MidpointRounding.AwayFromZero) == price
            ? Amount(price, currency)
            : Quantity(decimal.Round(price, 4, MidpointRounding.AwayFromZero));

    /// <summary>A quantity without the zeros that say nothing.</summary>
    public string Quantity(decimal quantity) => (quantity < 0 ? "\u2212" : "") + Math.Abs(quantity).ToString("#,0.#########", Numbers);

    /// <summary>A tax rate: 21 %.</summary>
    public string Percent(decimal rate) => Quantity(rate) + (SignAfter ? NoBreak + "%" : "%");

    /// <summary>A count.</summary>
    public string Count(long count) => count.ToString("N0", Numbers);

    /// <summary>23 de noviembre de 2026.</summary>
    public abstract string Date(DateOnly date);

    /// <summary>23 nov 2026.</summary>
    public string ShortDate(DateOnly date) => $"{date.Day}{NoBreak}{Months[date.Month - 1][..3]}{NoBreak}{date.Year:0000}";

    /// <summary>Noviembre.</summary>
    public string MonthName(DateOnly date) => Months[date.Month - 1];

    /// <summary>Lunes.</summary>
    public string Weekday(DateOnly date) => Weekdays[(int)date.DayOfWeek];

    /// <summary>The months' names, in the middle of a sentence.</summary>
    protected abstract IReadOnlyList<string> Months { get; }

    /// <summary>The days' names from Sunday, in the middle of a sentence.</summary>
    protected abstract IReadOnlyList<string> Weekdays { get; }

    private static (string Tag, double Weight) Preference(string part)
    {
        var pieces = part.Split(';', 2, StringSplitOptions.TrimEntries);
        var weight = 1.0;
        if (pieces.Length == 2 && pieces[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase))
        {
            weight = double.TryParse(pieces[1][2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given)
                ? given
                : 0;
        }

        return (pieces[0].ToLowerInvariant(), weight);
    }
}
