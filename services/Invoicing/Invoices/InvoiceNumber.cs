using System.Globalization;
using System.Text.RegularExpressions;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>A series of numbers: one per seller, environment, kind, store and year.</summary>
public sealed partial record SeriesKey(SellerId SellerId, SellerEnvironment Environment, char Kind, StoreId StoreId, int Year)
{
    /// <summary>Corrective invoices have a series of their own, as the law wants (RD 1619/2012 art. 6.1.a); so have tickets.</summary>
    public static char KindOf(InvoiceKind kind) =>
        kind switch
        {
            InvoiceKind.Simplified => 'T',
            InvoiceKind.Corrective => 'R',
            _ => 'F',
        };

    /// <summary>Kind, store as printed and year of a series as printed; none where it is not one of ours.</summary>
    public static (char Kind, string Store, int Year)? Parts(string series) =>
        Printed().Match(series) is { Success: true } match
            ? (match.Groups[1].ValueSpan[0], match.Groups[2].Value, int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex("^([FTR])-([A-Za-z0-9._-]{1,40})-([0-9]{4})$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Printed();

    /// <summary>
    /// The series as printed, F-S01-2026. Where another seller of the same tax identifier has that one already, the twin is counted:
    /// F-S01.2-2026.
    /// </summary>
    public string Text(int twin) =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind}-{StoreId}{(twin == 1 ? "" : $".{twin}")}-{Year:0000}");
}

/// <summary>BT-1: the series and the sequence within it, without gaps.</summary>
public static partial class InvoiceNumber
{
    /// <summary>Series and sequence of a number; none where it does not end in a sequence.</summary>
    public static (string Series, long Sequence)? Parts(string number) =>
        Printed().Match(number) is { Success: true } match
            ? (match.Groups[1].Value, long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex("^(.{1,60})-([0-9]{1,12})$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Printed();

    /// <summary>F-S01-2026-000123.</summary>
    public static string Of(string series, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{series}-{sequence:000000}");
}
