using System.Globalization;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>An invoice's page: the sheet, and what only a page draws.</summary>
public sealed record PageSheet
{
    /// <summary>All that the document says.</summary>
    public required InvoiceSheet Sheet { get; init; }

    /// <summary>The fiscal QR, as the path of an SVG.</summary>
    public string? QrPath { get; init; }

    /// <summary>Modules per side of it.</summary>
    public string? QrSide { get; init; }

    /// <summary>The QR of payment, as the path of an SVG.</summary>
    public string? EpcPath { get; init; }

    /// <summary>Modules per side of it.</summary>
    public string? EpcSide { get; init; }

    /// <summary>Pagar 18,90 €.</summary>
    public required string PayWords { get; init; }

    /// <summary>The seller's logo, inside the page.</summary>
    public string? LogoUri { get; init; }

    /// <summary>The page of a sheet.</summary>
    public static PageSheet Of(InvoiceSheet sheet)
    {
        var qr = sheet.TaxQr;
        var epc = sheet.EpcQr;
        return new PageSheet
        {
            Sheet = sheet,
            QrPath = qr?.ToSvgPath(),
            QrSide = qr?.Side.ToString(CultureInfo.InvariantCulture),
            EpcPath = epc?.ToSvgPath(),
            EpcSide = epc?.Side.ToString(CultureInfo.InvariantCulture),
            PayWords = string.Format(CultureInfo.InvariantCulture, sheet.Words.Pay, sheet.Due),
            LogoUri = sheet.Logo?.ToDataUri(),
        };
    }
}
