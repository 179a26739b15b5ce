using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>What a group's sales come to.</summary>
public record SalesFigures
{
    /// <summary>How many invoices, corrective ones too.</summary>
    public long Invoices { get; init; }

    /// <summary>How many of them took something back.</summary>
    public long ReturnInvoices { get; init; }

    /// <summary>BT-109, net of returns.</summary>
    public decimal TotalWithoutVat { get; init; }

    /// <summary>BT-110, net of returns.</summary>
    public decimal VatTotal { get; init; }

    /// <summary>BT-112, net of returns.</summary>
    public decimal TotalWithVat { get; init; }

    /// <summary>What came back, with VAT, positive.</summary>
    public decimal Returns { get; init; }
}

/// <summary>One group's sales in one currency.</summary>
public sealed record SalesRow : SalesFigures
{
    /// <summary>The group: 2026-11-23, 2026-W48, 2026-11, 2026-11-23T10, S01, S01/T2, a product, a customer, 21, online.</summary>
    public required string Key { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Of a product, how many, net of what came back.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Of a product, how many came back.</summary>
    public decimal? ReturnedQuantity { get; init; }

    /// <summary>The same of the period it is compared with.</summary>
    public SalesFigures? Before { get; init; }

    /// <summary>With its currency's decimals.</summary>
    public SalesRow Rounded() =>
        this with
        {
            TotalWithoutVat = Money.Of(TotalWithoutVat, Currency).Amount,
            VatTotal = Money.Of(VatTotal, Currency).Amount,
            TotalWithVat = Money.Of(TotalWithVat, Currency).Amount,
            Returns = Money.Of(Returns, Currency).Amount,
            Quantity = Quantity is { } quantity ? Plain(quantity) : null,
            ReturnedQuantity = ReturnedQuantity is { } returned ? Plain(returned) : null,
        };

    /// <summary>Without the zeros that a column of nine decimals adds.</summary>
    private static decimal Plain(decimal quantity) => quantity / 1.0000000000000000000000000000m;
}

/// <summary>What a sales report's rows are in formats that have columns.</summary>
public static class SalesColumns
{
    private static readonly ReportColumn[] Always =
    [
        new("key", "Group", "Grupo", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("invoices", "Invoices", "Facturas", ColumnKind.Whole),
        new("totalWithoutVat", "Total without VAT", "Base imponible", ColumnKind.Money),
        new("vatTotal", "VAT", "IVA", ColumnKind.Money),
        new("totalWithVat", "Total with VAT", "Total", ColumnKind.Money),
        new("returns", "Returns", "Devoluciones", ColumnKind.Money),
        new("returnInvoices", "Corrective invoices", "Rectificativas", ColumnKind.Whole),
    ];

    private static readonly ReportColumn[] OfProducts =
    [
        new("quantity", "Quantity", "Cantidad", ColumnKind.Decimal),
        new("returnedQuantity", "Returned", "Devuelto", ColumnKind.Decimal),
    ];

    private static readonly ReportColumn[] OfComparison =
    [
        new("beforeInvoices", "Invoices before", "Facturas antes", ColumnKind.Whole),
        new("beforeTotalWithoutVat", "Without VAT before", "Base antes", ColumnKind.Money),
        new("beforeVatTotal", "VAT before", "IVA antes", ColumnKind.Money),
        new("beforeTotalWithVat", "With VAT before", "Total antes", ColumnKind.Money),
        new("beforeReturns", "Returns before", "Devoluciones antes", ColumnKind.Money),
    ];

    /// <summary>The columns.</summary>
    public static IReadOnlyList<ReportColumn> Of(bool isOfProducts, bool isCompared) =>
        [.. Always, .. isOfProducts ? OfProducts : [], .. isCompared ? OfComparison : []];

    /// <summary>A row's cells.</summary>
    public static object?[] Cells(SalesRow row, bool isOfProducts, bool isCompared) =>
        [
            row.Key,
            row.Currency.Code,
            row.Invoices,
            row.TotalWithoutVat,
            row.VatTotal,
            row.TotalWithVat,
            row.Returns,
            row.ReturnInvoices,
            .. isOfProducts ? new object?[] { row.Quantity, row.ReturnedQuantity } : [],
            .. isCompared
                ? new object?[]
                {
                    row.Before?.Invoices,
                    row.Before?.TotalWithoutVat,
                    row.Before?.VatTotal,
                    row.Before?.TotalWithVat,
                    row.Before?.Returns,
                }
                : [],
        ];
}
