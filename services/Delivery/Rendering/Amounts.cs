using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>Amounts, numbers and dates as readers of a language write them, whatever the machine's own settings are.</summary>
public sealed class Amounts
{
    private const char NoBreak = '\u00a0';
    private const char Minus = '\u2212';

    private readonly NumberFormatInfo _numbers;
    private readonly bool _isSymbolFirst;
    private readonly string _percent;
    private readonly string _date;
    private readonly Func<DateOnly, string> _longDate;

    private Amounts(char point, char group, bool isSymbolFirst, string percent, string date, Func<DateOnly, string> longDate)
    {
        _numbers = new NumberFormatInfo
        {
            NumberDecimalSeparator = point.ToString(),
            NumberGroupSeparator = group.ToString(),
            NumberGroupSizes = [3],
        };
        (_isSymbolFirst, _percent, _date, _longDate) = (isSymbolFirst, percent, date, longDate);
    }

    /// <summary>1.398,60 €</summary>
    public static readonly Amounts Spanish = OfSpain(
        "de enero,de febrero,de marzo,de abril,de mayo,de junio,de julio,de agosto,de septiembre,de octubre,de noviembre,de diciembre"
    );

    /// <summary>1.398,60 €</summary>
    public static readonly Amounts Catalan = OfSpain(
        "de gener,de febrer,de març,d'abril,de maig,de juny,de juliol,d'agost,de setembre,d'octubre,de novembre,de desembre"
    );

    /// <summary>1.398,60 €</summary>
    public static readonly Amounts Galician = OfSpain(
        "de xaneiro,de febreiro,de marzo,de abril,de maio,de xuño,de xullo,de agosto,de setembro,de outubro,de novembro,de decembro"
    );

    /// <summary>1.398,60 €, % 21</summary>
    public static readonly Amounts Basque = new(',', '.', isSymbolFirst: false, $"%{NoBreak}{{0}}", "yyyy/MM/dd", BasqueDate);

    /// <summary>€1,398.60</summary>
    public static readonly Amounts English = new(
        '.',
        ',',
        isSymbolFirst: true,
        "{0}%",
        "dd/MM/yyyy",
        static date => date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
    );

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
        if (!_isSymbolFirst)
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

    /// <summary>21 %, in English 21%, in Basque % 21.</summary>
    public string Percent(decimal rate) => string.Format(CultureInfo.InvariantCulture, _percent, Number(rate, 0, 2));

    /// <summary>23/11/2026, in Basque 2026/11/23.</summary>
    public string Date(DateOnly date) => date.ToString(_date, CultureInfo.InvariantCulture);

    /// <summary>23 de noviembre de 2026, in English 23 November 2026.</summary>
    public string LongDate(DateOnly date) => _longDate(date);

    private static Amounts OfSpain(string months)
    {
        var names = months.Split(',');
        return new Amounts(
            ',',
            '.',
            isSymbolFirst: false,
            $"{{0}}{NoBreak}%",
            "dd/MM/yyyy",
            date => string.Create(CultureInfo.InvariantCulture, $"{date.Day} {names[date.Month - 1]} de {date.Year}")
        );
    }

    /// <summary>2026ko azaroaren 23a: the endings follow how the numbers are said, in twenties.</summary>
    private static string BasqueDate(DateOnly date)
    {
        string[] months =
        [
            "urtarrilaren",
            "otsailaren",
            "martxoaren",
            "apirilaren",
            "maiatzaren",
            "ekainaren",
            "uztailaren",
            "abuztuaren",
            "irailaren",
            "urriaren",
            "azaroaren",
            "abenduaren",
        ];
        var year = date.Year % 100 % 20 is 1 or 5 or 10 or 15 ? "eko" : "ko";
        var day = date.Day is 11 or 31 ? "" : "a";
        return string.Create(CultureInfo.InvariantCulture, $"{date.Year}{year} {months[date.Month - 1]} {date.Day}{day}");
    }
}
