using System.Globalization;
using System.Text;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>
/// The tax agency's common layout of the books of IVA and IRPF (formato electrónico común, design LSI of 2025), its 36 columns of issued
/// invoices. What belongs to IRPF stays empty: the book is that of IVA alone (rules 12 and 17).
/// </summary>
public static class BookLayout
{
    /// <summary>Which publication of the layout it is.</summary>
    public const string Version = "LSI 2025";

    /// <summary>Letter of the book of issued invoices of IVA in a file's name.</summary>
    public const char FileType = 'E';

    /// <summary>What its sheet is called.</summary>
    public const string SheetName = "EXPEDIDAS";

    private const int LongestNumber = 20;

    /// <summary>The groups of columns, as the first row heads them.</summary>
    public static readonly IReadOnlyList<string> Groups =
    [
        "Autoliquidación",
        "",
        "Actividad",
        "",
        "",
        "Tipo de Factura",
        "Concepto de Ingreso",
        "Ingreso Computable",
        "Fecha Expedición",
        "Fecha Operación",
        "Identificación de la Factura",
        "",
        "",
        "NIF Destinatario",
        "",
        "",
        "Nombre Destinatario",
        "Clave de Operación",
        "Calificación de la Operación",
        "Operación Exenta",
        "Total Factura",
        "Base Imponible",
        "Tipo de IVA",
        "Cuota IVA Repercutida",
        "Tipo de Recargo Eq.",
        "Cuota Recargo Eq.",
        "Cobro (Operación Criterio de Caja de IVA y/o artículo 7.2.1º de Reglamento del IRPF)",
        "",
        "",
        "",
        "Tipo Retención del IRPF",
        "Importe Retenido del IRPF",
        "Registro Acuerdo Facturación",
        "Inmueble",
        "",
        "Referencia Externa",
    ];

    /// <summary>The columns within groups, as the second row heads them.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "Ejercicio",
        "Periodo",
        "Código",
        "Tipo",
        "Grupo o Epígrafe del IAE",
        "",
        "",
        "",
        "",
        "",
        "Serie",
        "Número",
        "Número-Final",
        "Tipo",
        "Código País",
        "Identificación",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "Fecha",
        "Importe",
        "Medio Utilizado",
        "Identificación Medio Utilizado",
        "",
        "",
        "",
        "Situación",
        "Referencia Catastral",
        "",
    ];

    /// <summary>How long text may be, by column; 0 where it is no text (rule 4).</summary>
    public static readonly IReadOnlyList<int> Lengths =
    [
        0,
        2,
        1,
        2,
        4,
        2,
        3,
        0,
        0,
        0,
        20,
        20,
        20,
        2,
        2,
        20,
        40,
        2,
        2,
        2,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        2,
        34,
        0,
        0,
        15,
        1,
        20,
        40,
    ];

    /// <summary>The same columns under names of our own, for JSON and tools.</summary>
    public static readonly IReadOnlyList<ReportColumn> Named =
    [
        new("year", "Year", "Ejercicio", ColumnKind.Whole),
        new("period", "Period", "Periodo", ColumnKind.Text),
        new("recordType", "Invoice type", "Tipo de factura", ColumnKind.Text),
        new("issueDate", "Issue date", "Fecha expedición", ColumnKind.Date),
        new("operationDate", "Operation date", "Fecha operación", ColumnKind.Date),
        new("series", "Series", "Serie", ColumnKind.Text),
        new("number", "Number", "Número", ColumnKind.Text),
        new("invoiceId", "Invoice", "Factura", ColumnKind.Text),
        new("buyerIdType", "Buyer's id, type", "NIF destinatario, tipo", ColumnKind.Text),
        new("buyerCountry", "Buyer's id, country", "NIF destinatario, país", ColumnKind.Text),
        new("buyerId", "Buyer's id", "NIF destinatario", ColumnKind.Text),
        new("buyerName", "Buyer", "Nombre destinatario", ColumnKind.Text),
        new("operationKey", "Operation key", "Clave de operación", ColumnKind.Text),
        new("qualification", "Qualification", "Calificación de la operación", ColumnKind.Text),
        new("exemption", "Exemption", "Operación exenta", ColumnKind.Text),
        new("total", "Total", "Total factura", ColumnKind.Money),
        new("taxableAmount", "Taxable amount", "Base imponible", ColumnKind.Money),
        new("rate", "VAT rate", "Tipo de IVA", ColumnKind.Percent),
        new("vatAmount", "VAT", "Cuota IVA repercutida", ColumnKind.Money),
        new("surchargeRate", "Surcharge rate", "Tipo de recargo eq.", ColumnKind.Percent),
        new("surchargeAmount", "Surcharge", "Cuota recargo eq.", ColumnKind.Money),
        new("declared", "Declared", "Declarada", ColumnKind.Text),
    ];

    /// <summary>A line under names of our own.</summary>
    public static object?[] Cells(BookEntry entry) =>
        [
            (long)entry.OperationDate.Year,
            PeriodOf(entry.OperationDate),
            entry.RecordType,
            entry.IssueDate,
            entry.OperationDate,
            entry.Series,
            entry.Number,
            entry.InvoiceId.ToString(),
            entry.BuyerIdType,
            entry.BuyerCountry,
            entry.BuyerId,
            entry.BuyerName,
            entry.OperationKey,
            entry.Qualification,
            entry.Exemption,
            entry.Total,
            entry.TaxableAmount,
            entry.Rate,
            entry.VatAmount,
            entry.SurchargeRate,
            entry.SurchargeAmount,
            entry.IsDeclared ? "yes" : "no",
        ];

    /// <summary>A line as the layout's 36 columns; the seller's activity, where it is told, is that of every line (rule 16).</summary>
    public static object?[] Cells(BookEntry entry, BookActivity? activity)
    {
        var cells = new object?[Columns.Count];
        cells[0] = (long)entry.OperationDate.Year;
        cells[1] = PeriodOf(entry.OperationDate);
        cells[2] = activity?.Code;
        cells[3] = activity?.Kind;
        cells[4] = activity?.Group;
        cells[5] = entry.RecordType;
        cells[8] = entry.IssueDate;
        cells[9] = entry.OperationDate == entry.IssueDate ? null : entry.OperationDate;
        (cells[10], cells[11]) = NumberOf(entry);
        cells[13] = entry.BuyerIdType;
        cells[14] = entry.BuyerCountry;
        cells[15] = entry.BuyerId;
        cells[16] = entry.BuyerName;
        cells[17] = entry.OperationKey;
        cells[18] = entry.Qualification;
        cells[19] = entry.Exemption;
        cells[20] = Amount(entry.Total);
        cells[21] = Amount(entry.TaxableAmount);
        cells[22] = entry.Rate is { } rate ? Amount(rate) : null;
        cells[23] = entry.VatAmount is { } vat ? Amount(vat) : null;
        cells[24] = entry.SurchargeRate is { } surchargeRate ? Amount(surchargeRate) : null;
        cells[25] = entry.SurchargeAmount is { } surcharge ? Amount(surcharge) : null;
        return cells;
    }

    /// <summary>A line as text, as the layout's CSV has it: semicolons, a decimal comma, days as dd/mm/yyyy (rules 3 and 5).</summary>
    public static void AddCsvLine(StringBuilder text, IReadOnlyList<object?> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0)
            {
                text.Append(';');
            }

            var cell = Text(cells[i]);
            text.Append(cell.AsSpan().IndexOfAny(";\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        text.Append("\r\n");
    }

    /// <summary>A value as the layout writes it.</summary>
    public static string Text(object? cell) =>
        cell switch
        {
            null => "",
            decimal amount => amount.ToString("0.00", CultureInfo.InvariantCulture).Replace('.', ','),
            DateOnly day => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
            _ => CsvText.Plain(cell),
        };

    /// <summary>1T to 4T of a day (rule 11).</summary>
    public static string PeriodOf(DateOnly day) => $"{(day.Month - 1) / 3 + 1}T";

    /// <summary>What a file is to be called: year, NIF, the book's letter and the name of whose book it is.</summary>
    public static string FileName(int year, string taxId, string name, string extension) =>
        $"{year:0000}{taxId}{FileType}{string.Concat(name.Where(letter => !Path.GetInvalidFileNameChars().Contains(letter) && letter != '"'))}.{extension}";

    /// <summary>Series and number within it; a number that does not begin with its series stands whole.</summary>
    internal static (string? Series, string Number) NumberOf(BookEntry entry)
    {
        var prefix = entry.Series + "-";
        return
            entry.Series.Length is > 0 and <= LongestNumber
            && entry.Number.Length > prefix.Length
            && entry.Number.StartsWith(prefix, StringComparison.Ordinal)
            ? (entry.Series, entry.Number[prefix.Length..])
            : (null, entry.Number);
    }

    private static decimal Amount(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero) + 0.00m;
}

/// <summary>The economic activity that a book's lines belong to: code, kind and group of the IAE, as in A036533 (rule 16).</summary>
public sealed record BookActivity(string Code, string? Kind, string? Group)
{
    private static readonly string[] KindsOfA = ["01", "02", "03", "04", "05"];
    private static readonly string[] KindsOfB = ["01", "02", "03", "04", "05", "06"];

    /// <summary>Reads code, kind and group written together; none where it is no activity of the layout.</summary>
    public static BookActivity? Read(string text)
    {
        var (code, kind, group) = (text.Length > 0 ? text[..1] : "", text.Length >= 3 ? text[1..3] : "", text.Length > 3 ? text[3..] : "");
        return code switch
        {
            "A" when KindsOfA.Contains(kind) && group.Length is >= 1 and <= 4 && group.All(char.IsAsciiLetterOrDigit) => new(
                code,
                kind,
                group
            ),
            "B" when KindsOfB.Contains(kind) && group.Length == 0 => new(code, kind, null),
            "C" or "D" when text.Length == 1 => new(code, null, null),
            _ => null,
        };
    }
}
