using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>The huella of a fiscal record: SHA-256 over its fields, 64 capital hexadecimal digits (AEAT huella v0.1.2).</summary>
public static class Fingerprint
{
    /// <summary>Of a registration (RegistroAlta).</summary>
    public static string OfRegistration(
        string taxId,
        string number,
        DateOnly issueDate,
        string recordType,
        decimal vatTotal,
        decimal totalWithVat,
        string? previous,
        DateTimeOffset recordedAt
    ) =>
        Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"IDEmisorFactura={taxId.Trim()}&NumSerieFactura={number.Trim()}&FechaExpedicionFactura={issueDate:dd-MM-yyyy}"
                    + $"&TipoFactura={recordType}&CuotaTotal={vatTotal}&ImporteTotal={totalWithVat}&Huella={previous}"
                    + $"&FechaHoraHusoGenRegistro={recordedAt:yyyy-MM-ddTHH:mm:sszzz}"
            )
        );

    /// <summary>Of a cancellation (RegistroAnulacion).</summary>
    public static string OfCancellation(string taxId, string number, DateOnly issueDate, string? previous, DateTimeOffset recordedAt) =>
        Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"IDEmisorFacturaAnulada={taxId.Trim()}&NumSerieFacturaAnulada={number.Trim()}"
                    + $"&FechaExpedicionFacturaAnulada={issueDate:dd-MM-yyyy}&Huella={previous}"
                    + $"&FechaHoraHusoGenRegistro={recordedAt:yyyy-MM-ddTHH:mm:sszzz}"
            )
        );

    /// <summary>Of the fields as the specification strings them together.</summary>
    public static string Of(string fields) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(fields)));
}
