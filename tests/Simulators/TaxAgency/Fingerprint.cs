using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>The huella of a record, computed from the record's own text (AEAT huella v0.1.2).</summary>
internal static class Fingerprint
{
    private static readonly string[] Registration =
    [
        "IDFactura/IDEmisorFactura",
        "IDFactura/NumSerieFactura",
        "IDFactura/FechaExpedicionFactura",
        "TipoFactura",
        "CuotaTotal",
        "ImporteTotal",
        "Encadenamiento/RegistroAnterior/Huella",
        "FechaHoraHusoGenRegistro",
    ];

    private static readonly string[] Cancellation =
    [
        "IDFactura/IDEmisorFacturaAnulada",
        "IDFactura/NumSerieFacturaAnulada",
        "IDFactura/FechaExpedicionFacturaAnulada",
        "Encadenamiento/RegistroAnterior/Huella",
        "FechaHoraHusoGenRegistro",
    ];

    /// <summary>The fingerprint that the record should carry, with its amounts as they are written.</summary>
    public static string Of(XElement record) => Hash(Fields(record, amount => amount));

    /// <summary>The record's own is right: zeros at the end of an amount make no difference, as the specification says.</summary>
    public static bool IsRight(XElement record)
    {
        var own = record.Text("Huella");
        return own == Of(record) || own == Hash(Fields(record, Shortest)) || own == Hash(Fields(record, TwoDecimals));
    }

    private static string Fields(XElement record, Func<string, string> amount)
    {
        var paths = record.Name.LocalName == "RegistroAlta" ? Registration : Cancellation;
        return string.Join('&', paths.Select(path => $"{path[(path.LastIndexOf('/') + 1)..]}={Value(record, path, amount)}"));
    }

    private static string Value(XElement record, string path, Func<string, string> amount)
    {
        var text = record.Text(path.Split('/')) ?? "";
        return path is "CuotaTotal" or "ImporteTotal" ? amount(text) : text;
    }

    private static string Shortest(string amount) => amount.Contains('.') ? amount.TrimEnd('0').TrimEnd('.') : amount;

    private static string TwoDecimals(string amount)
    {
        var shortest = Shortest(amount);
        var point = shortest.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? shortest + ".00" : shortest.PadRight(point + 3, '0');
    }

    private static string Hash(string fields) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(fields)));
}
