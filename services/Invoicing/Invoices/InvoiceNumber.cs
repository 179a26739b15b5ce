using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>A series of numbers: one per seller, environment, kind, store and year.</summary>
public sealed record SeriesKey(SellerId SellerId, SellerEnvironment Environment, char Kind, StoreId StoreId, int Year)
{
    /// <summary>Corrective invoices have a series of their own, as the law wants (RD 1619/2012 art. 6.1.a); so have tickets.</summary>
    public static char KindOf(InvoiceKind kind) =>
        kind switch
        {
            InvoiceKind.Simplified => 'T',
            InvoiceKind.Corrective => 'R',
            _ => 'F',
        };

    /// <summary>
    /// The series as printed, F-S01-2026. Where another seller of the same tax identifier has that one already, the twin is counted:
    /// F-S01.2-2026.
    /// </summary>
    public string Text(int twin) =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind}-{StoreId}{(twin == 1 ? "" : $".{twin}")}-{Year:0000}");
}

/// <summary>BT-1: the series and the sequence within it, without gaps.</summary>
public static class InvoiceNumber
{
    /// <summary>F-S01-2026-000123.</summary>
    public static string Of(string series, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{series}-{sequence:000000}");
}
