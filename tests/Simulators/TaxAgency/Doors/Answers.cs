using System.Globalization;
using System.Xml.Linq;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Rules;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>The answers to submissions, as RespuestaSuministro.xsd has them.</summary>
internal static class Answers
{
    private const int LongestNumber = 60;

    public static string ToSubmission(
        Batch batch,
        IReadOnlyList<Verdict> verdicts,
        string? csv,
        DateTimeOffset now,
        int waitSeconds,
        Codes codes
    ) =>
        Soap.Envelope(
            new XElement(
                Names.Answer + "RespuestaRegFactuSistemaFacturacion",
                csv is null ? null : new XElement(Names.Answer + "CSV", csv),
                csv is null
                    ? null
                    : new XElement(
                        Names.Answer + "DatosPresentacion",
                        Common("NIFPresentador", batch.Presenter),
                        Common("TimestampPresentacion", Timestamp(now))
                    ),
                new XElement(Names.Answer + "Cabecera", batch.Header.Xml.Elements()),
                new XElement(Names.Answer + "TiempoEsperaEnvio", waitSeconds),
                new XElement(Names.Answer + "EstadoEnvio", StateOf(verdicts)),
                verdicts.Select(each => Line(each, codes))
            ),
            "tikR"
        );

    /// <summary>An instant as the agency's servers write it.</summary>
    public static string Timestamp(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Examined.Madrid).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    public static XElement Common(string name, object? content) => new(Names.Common + name, content);

    private static string StateOf(IReadOnlyList<Verdict> verdicts) =>
        verdicts.All(each => each.State == RecordState.Correcto) ? "Correcto"
        : verdicts.All(each => each.State == RecordState.Incorrecto) ? "Incorrecto"
        : "ParcialmenteCorrecto";

    private static XElement Line(Verdict verdict, Codes codes)
    {
        var record = verdict.Record;
        var number = record.Number ?? "";
        return new(
            Names.Answer + "RespuestaLinea",
            new XElement(
                Names.Answer + "IDFactura",
                Common("IDEmisorFactura", record.Issuer),
                // One that is too long is refused, and the schema of the answer has no room for it either.
                Common("NumSerieFactura", number.Length > LongestNumber ? number[..LongestNumber] : number),
                Common("FechaExpedicionFactura", record.IssueDate)
            ),
            new XElement(
                Names.Answer + "Operacion",
                Common("TipoOperacion", record.IsRegistration ? "Alta" : "Anulacion"),
                Echo(record, "Subsanacion", "S", "N"),
                Echo(record, "RechazoPrevio", "S", "N", "X"),
                Echo(record, "SinRegistroPrevio", "S", "N")
            ),
            record.Text("RefExterna") is { Length: <= LongestNumber } reference
                ? new XElement(Names.Answer + "RefExterna", reference)
                : null,
            new XElement(Names.Answer + "EstadoRegistro", verdict.State),
            verdict.Code is { } code
                ? new object[]
                {
                    new XElement(Names.Answer + "CodigoErrorRegistro", code),
                    new XElement(
                        Names.Answer + "DescripcionErrorRegistro",
                        verdict.Detail is { } detail ? $"{codes.Text(code)}: {detail}" : codes.Text(code)
                    ),
                }
                : null,
            verdict.Duplicate is { } duplicate ? Known(duplicate.Latest, codes) : null
        );
    }

    private static XElement? Echo(SentRecord record, string name, params string[] allowed) =>
        record.Text(name) is { } said && allowed.Contains(said) ? Common(name, said) : null;

    /// <summary>What the agency has of the invoice already (RegistroDuplicado).</summary>
    private static XElement Known(KeptRecord record, Codes codes) =>
        new(
            Names.Answer + "RegistroDuplicado",
            Common("IdPeticionRegistroDuplicado", record.RequestId),
            Common(
                "EstadoRegistroDuplicado",
                !record.IsRegistration ? "Anulada"
                    : record.State == RecordState.Correcto ? "Correcta"
                    : "AceptadaConErrores"
            ),
            record.Code is { } code ? Common("CodigoErrorRegistro", code) : null,
            record.Code is { } same ? Common("DescripcionErrorRegistro", codes.Text(same)) : null
        );
}
