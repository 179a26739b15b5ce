using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>Amounts, numbers and dates as readers of a language write them, whatever the machine's own settings are.</summary>
public sealed class Amounts
{
    private const char NoBreak = '\u00a0';
    private const char Minus = '\u2212';

    private static readonly string[] SpanishMonths =
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];

    private readonly bool _spanish;
    private readonly NumberFormatInfo _numbers;

    private Amounts(bool spanish)
    {
        _spanish = spanish;
        _numbers = new NumberFormatInfo
        {
            NumberDecimalSeparator = spanish ? "," : ".",
            NumberGroupSeparator = spanish ? "." : ",",
            NumberGroupSizes = [3],
        };
    }

    /// <summary>1.398,60 €</summary>
    public static readonly Amounts Spanish = new(true);

    /// <summary>€1,398.60</summary>
    public static readonly Amounts English = new(false);

    /// <summary>An amount with its currency in the reader's place and a real minus.</summary>
    public string Of(decimal amount, Currency currency)
    {
        var sign = amount < 0 ? Minus.ToString() : "";
        var digits = Math.Abs(Money.Of(amount, currency).Amount).ToString($"N{currency.MinorUnit}", _numbers);
        var symbol = currency.Code switch
        {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            var code => code,
        };
        if (_spanish)
        {
            return $"{sign}{digits}{NoBreak}{symbol}";
        }

        return symbol.Length == 1 ? $"{sign}{symbol}{digits}" : $"{sign}{symbol}{NoBreak}{digits}";
    }

    /// <summary>A number with at least so many decimals and no more zeros than that.</summary>
    public string Number(decimal value, int fewest, int most)
    {
        var rounded = decimal.Round(Math.Abs(value), most, MidpointRounding.AwayFromZero);
        var text = rounded.ToString("#,##0." + new string('0', fewest) + new string('#', most - fewest), _numbers);
        return value < 0 && rounded != 0 ? Minus + text : text;
    }

    /// <summary>21 %, in English 21%.</summary>
    public string Percent(decimal rate) => Number(rate, 0, 2) + (_spanish ? $"{NoBreak}%" : "%");

    /// <summary>23/11/2026.</summary>
    public string Date(DateOnly date) => date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>23 de noviembre de 2026, in English 23 November 2026.</summary>
    public string LongDate(DateOnly date) =>
        _spanish
            ? string.Create(CultureInfo.InvariantCulture, $"{date.Day} de {SpanishMonths[date.Month - 1]} de {date.Year}")
            : date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
