using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Rules;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>What anybody gets who follows the QR code of an invoice (AEAT QR v0.4.7).</summary>
internal sealed partial class QrDoor(Ledger ledger)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Name, string Code, string Spanish)[] Parameters =
    [
        ("nif", "1001", "es el número de identificación fiscal (NIF) del obligado a expedir la factura"),
        ("numserie", "1002", "es el número de serie y número de factura que identifica a la factura emitida"),
        ("fecha", "1003", "es la fecha de expedición de la factura"),
        ("importe", "1004", "es el importe total de la factura"),
    ];

    /// <summary>An invoice of a system that sends its records: found, or not.</summary>
    public IResult Check(HttpRequest request) => Answer(request, isVerifiable: true);

    /// <summary>An invoice of a system that does not: nothing can be found.</summary>
    public IResult CheckUnverifiable(HttpRequest request) => Answer(request, isVerifiable: false);

    private IResult Answer(HttpRequest request, bool isVerifiable)
    {
        var (nif, number, date, amount) = (Of(request, "nif"), Of(request, "numserie"), Of(request, "fecha"), Of(request, "importe"));
        var errors = Parameters
            .Where(each => Of(request, each.Name).Length == 0)
            .Select(each => (each.Code, Text: $"No se ha remitido el parámetro: {each.Name} (El parámetro \"{each.Name}\" {each.Spanish})"))
            .ToList();
        if (errors.Count == 0)
        {
            errors.AddRange(Breaches(nif, number, date, amount));
        }

        var isJson = Of(request, "formato") == "json";
        if (errors.Count > 0)
        {
            return Wrong(string.Join('.', errors.Select(each => each.Text)), string.Join('.', errors.Select(each => each.Code)), isJson);
        }

        var total = decimal.Parse(amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        var (result, message) =
            !isVerifiable ? ("02", "Factura no verificable")
            : IsKnown(new(nif, number, date), total) ? ("00", "Factura encontrada")
            : ("01", "Factura no encontrada");
        var written = total.ToString("0.00", CultureInfo.InvariantCulture);
        return isJson
            ? Results.Json(
                new
                {
                    status = "OK",
                    mensaje = message,
                    visible = "N",
                    crashlytics = "N",
                    respuesta = new
                    {
                        resultado = result,
                        nif,
                        numserie = number,
                        fecha = date,
                        importe = written,
                    },
                },
                Json
            )
            : Page($"<h1>{message}</h1><dl>{Row("NIF", nif)}{Row("Número", number)}{Row("Fecha", date)}{Row("Importe", written)}</dl>");
    }

    /// <summary>The invoice is in force with that total, in any environment of the simulator's.</summary>
    private bool IsKnown(InvoiceKey invoice, decimal total) =>
        ledger
            .Invoices(record => record.Invoice == invoice && record.Shelf.Service == Service.Voluntary)
            .Any(file => file.Latest.IsRegistration && file.Latest.TotalWithVat == total);

    private static IEnumerable<(string Code, string Text)> Breaches(string nif, string number, string date, string amount)
    {
        if (!Nif.IsSound(nif))
        {
            yield return ("2001", "El NIF tiene un formato erróneo o no es válido");
        }

        if (number.Length > 60)
        {
            yield return ("2002", "El número de serie excede el número máximo de caracteres");
        }

        if (!InvoiceRules.IsPrintable(number))
        {
            yield return ("2003", "El número de serie contiene caracteres no permitidos");
        }

        if (SentRecord.DayOf(date) is null)
        {
            yield return ("2004", "La fecha de expedición tiene formato inválido y debe tener el formato DD-MM-AAAA");
        }

        if (!Amount().IsMatch(amount))
        {
            yield return ("2005", "El importe tiene un formato incorrecto");
        }
        else if (amount.TrimStart('-', '+').Split('.') is var parts && (parts[0].Length > 12 || (parts.Length > 1 && parts[1].Length > 2)))
        {
            yield return ("2006", "El importe excede el número máximo de caracteres");
        }
    }

    private static IResult Wrong(string message, string code, bool isJson) =>
        isJson
            ? Results.Json(
                new
                {
                    status = "KO",
                    mensaje = message,
                    visible = "S",
                    crashlytics = "N",
                    codigo_error = code,
                },
                Json
            )
            : Page($"<h1>Error {code}</h1><p>{WebUtility.HtmlEncode(message)}</p>");

    private static IResult Page(string body) =>
        Results.Content(
            $"""
            <!doctype html><html lang="es"><head><meta charset="utf-8"><title>Cotejo de factura (simulador)</title></head><body>
            <p><strong>Simulador de la Agencia Tributaria: entorno de pruebas sin validez fiscal.</strong>
            <span lang="en">Simulated tax agency: a test environment with no fiscal validity.</span></p>
            {body}</body></html>
            """,
            "text/html; charset=utf-8"
        );

    private static string Row(string name, string value) => $"<dt>{name}</dt><dd>{WebUtility.HtmlEncode(value)}</dd>";

    private static string Of(HttpRequest request, string name) => request.Query[name].FirstOrDefault() ?? "";

    [GeneratedRegex(@"^[+-]?\d+(\.\d+)?$")]
    private static partial Regex Amount();
}
