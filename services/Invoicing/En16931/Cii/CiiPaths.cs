using System.Globalization;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>
/// Ways through a CII document, and its values as the official rules compare them: codes exactly as they are written, amounts partly as
/// binary numbers. Where those rules could not be evaluated, because there are several elements where one is expected, the first counts.
/// </summary>
internal static class CiiPaths
{
    private const NumberStyles Binary =
        NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowLeadingSign
        | NumberStyles.AllowExponent
        | NumberStyles.AllowLeadingWhite
        | NumberStyles.AllowTrailingWhite;

    /// <summary>The first element down a way of names, taken at every turn that leads to the end.</summary>
    public static Node Down(this Node at, params ReadOnlySpan<Name> way)
    {
        if (way.IsEmpty)
        {
            return at;
        }

        foreach (var child in at.All(way[0]))
        {
            if (child.Down(way[1..]) is { Exists: true } found)
            {
                return found;
            }
        }

        return default;
    }

    /// <summary>The first attribute of that name down a way of names.</summary>
    public static ReadOnlySpan<char> AttributeDown(this Node at, Name attribute, params ReadOnlySpan<Name> way)
    {
        if (way.IsEmpty)
        {
            return at.Attribute(attribute);
        }

        foreach (var child in at.All(way[0]))
        {
            if (child.AttributeDown(attribute, way[1..]) is { IsEmpty: false } found)
            {
                return found;
            }
        }

        return default;
    }

    /// <summary>Whether one of its children of that name says exactly that.</summary>
    public static bool Says(this Node at, Name name, ReadOnlySpan<char> text)
    {
        foreach (var child in at.All(name))
        {
            if (child.Text.SequenceEqual(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it lies directly in the trade transaction of the document.</summary>
    public static bool IsOfTransaction(this Node at) =>
        at.Parent.Is(Rsm.SupplyChainTradeTransaction) && at.Parent.Parent.Is(Rsm.CrossIndustryInvoice) && !at.Parent.Parent.Parent.Exists;

    /// <summary>Whether a tax is VAT, in whatever case it is written.</summary>
    public static bool IsVat(this Node tax) =>
        tax.Count(Ram.TypeCode) == 1 && tax[Ram.TypeCode].Text.Equals("VAT", StringComparison.OrdinalIgnoreCase);

    /// <summary>Its number as xs:double; none where it is no number or there is no element.</summary>
    public static double? Double(this Node at) =>
        double.TryParse(at.Text, Binary, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Whether a child of that name is a number that fits.</summary>
    public static bool HasNumber(this Node at, Name name, Func<double, bool> fits)
    {
        foreach (var child in at.All(name))
        {
            if (child.Double() is { } number && fits(number))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a child of that name is that number.</summary>
    public static bool HasNumber(this Node at, Name name, double number)
    {
        foreach (var child in at.All(name))
        {
            if (child.Double() == number)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an allowance or charge is a charge, an allowance, or by several indicators both.</summary>
    public static (bool IsCharge, bool IsAllowance) Sign(this Node at)
    {
        var (isCharge, isAllowance) = (false, false);
        foreach (var indicator in at.All(Ram.ChargeIndicator))
        {
            foreach (var value in indicator.All(Udt.Indicator))
            {
                isCharge |= value.Is("true") || value.Is("1");
                isAllowance |= value.Is("false") || value.Is("0");
            }
        }

        return (isCharge, isAllowance);
    }

    /// <summary>Rounded to a whole number as XPath rounds binary numbers: halves up.</summary>
    public static double Round(double number)
    {
        var whole = Math.Floor(number);
        return number - whole >= 0.5 ? whole + 1 : whole;
    }

    /// <summary>A binary number rounded to two decimals, halves up.</summary>
    public static double Rounded(double number) => Round(number * 10 * 10) / 100;

    /// <summary>
    /// A binary number as xs:decimal, with all the digits that it has: 1.005 is a little less than it seems, and so is rounded down.
    /// </summary>
    public static decimal? Exact(double number)
    {
        Span<char> digits = stackalloc char[64];
        return Math.Abs(number) < 1e18 && number.TryFormat(digits, out var length, "F24", CultureInfo.InvariantCulture)
            ? decimal.Parse(digits[..length], CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>Whether two texts say the same, whatever white space they say it with.</summary>
    public static bool SayTheSame(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        while (true)
        {
            one = one.TrimStart(" \t\r\n");
            other = other.TrimStart(" \t\r\n");
            var word = Word(one);
            if (!word.SequenceEqual(Word(other)))
            {
                return false;
            }

            if (word.IsEmpty)
            {
                return true;
            }

            one = one[word.Length..];
            other = other[word.Length..];
        }
    }

    private static ReadOnlySpan<char> Word(ReadOnlySpan<char> text) => text.IndexOfAny(" \t\r\n") is var end and >= 0 ? text[..end] : text;
}
