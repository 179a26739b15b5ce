using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.Replay;

/// <summary>Reads the shop's file, gzipped or not.</summary>
public static class ShopFile
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private static readonly CsvReaderOptions Rfc4180 = new() { Separator = ',', TrackLineNumbers = true };

    /// <summary>The lines, as they stand; a line that cannot be read stops the replay with its place.</summary>
    public static IReadOnlyList<ShopLine> Read(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new CommandFailed($"There is no file {file.FullName}.");
        }

        using var raw = file.OpenRead();
        using Stream bytes = file.Extension == ".gz" ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        var lines = new List<ShopLine>();
        using var csv = CsvReader.Create(bytes, Rfc4180);
        try
        {
            while (csv.Read())
            {
                lines.Add(LineOf(csv));
            }
        }
        catch (Exception exception)
            when (exception is CsvFormatException or FormatException or OverflowException or InvalidDataException or ArgumentException)
        {
            throw new CommandFailed($"{file.Name}, line {csv.LineNumber}: {exception.Message.Split('\n')[0].Trim()}");
        }

        return lines;
    }

    private static ShopLine LineOf(CsvReader csv) =>
        new()
        {
            InvoiceNo = csv.GetString("invoice_no"),
            StockCode = csv.GetString("stock_code"),
            Description = csv.GetString("description"),
            Quantity = decimal.Parse(csv.GetString("quantity"), Plain, CultureInfo.InvariantCulture),
            InvoiceDate = DateTime.Parse(csv.GetString("invoice_date"), CultureInfo.InvariantCulture, DateTimeStyles.None),
            UnitPrice = decimal.Parse(csv.GetString("unit_price"), Plain, CultureInfo.InvariantCulture),
            CustomerId = csv.GetString("customer_id") is { Length: > 0 } customer ? Digits(customer) : null,
        };

    /// <summary>An id that becomes a DNI has at most eight digits.</summary>
    private static string Digits(string customer) =>
        customer.Length <= 8 && customer.All(char.IsAsciiDigit)
            ? customer
            : throw new FormatException($"customer_id '{customer}' is no number of at most eight digits");
}
