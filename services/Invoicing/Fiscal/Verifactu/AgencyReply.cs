using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What the agency's service said: an answer to a submission or query, or a fault of SOAP.</summary>
public abstract partial record AgencyReply
{
    /// <summary>The reply in a message; refused where it is none of the service's (a page of a proxy, half a message).</summary>
    public static Outcome<AgencyReply> Read(ReadOnlyMemory<byte> message)
    {
        var tree = ForeignXml.Tree(message);
        if (tree.Refused(out var fault))
        {
            return FiscalFaults.NotAnAnswer.With(fault.Values.Count > 0 ? fault.Values[0] : fault.Code.Code);
        }

        var root = tree.Value.Root!;
        if (!RecordReader.Is(root, RecordNames.Soap, "Envelope") || RecordReader.InEnvelope(root) is not { } said)
        {
            return FiscalFaults.NotAnAnswer.With(root.Name.LocalName);
        }

        if (RecordReader.Is(said, RecordNames.Soap, "Fault"))
        {
            return Fault(said);
        }

        var at = new RecordElement(said);
        return RecordElement.Unclear(said) is { } twice ? FiscalFaults.NotAnAnswer.With(twice)
            : RecordReader.Is(said, RecordNames.SubmissionAnswer, "RespuestaRegFactuSistemaFacturacion") ? SubmissionAnswer.Read(at)
            : RecordReader.Is(said, RecordNames.QueryAnswer, "RespuestaConsultaFactuSistemaFacturacion") ? QueryAnswer.Read(at)
            : FiscalFaults.NotAnAnswer.With(said.Name.LocalName);
    }

    private static SoapFault Fault(XElement said)
    {
        // The parts of a fault have no namespace in SOAP 1.1.
        var code = said.Elements().FirstOrDefault(each => each.Name.LocalName == "faultcode")?.Value.Trim() ?? "";
        var text = said.Elements().FirstOrDefault(each => each.Name.LocalName == "faultstring")?.Value.Trim() ?? "";
        var numbered = NumberedText().Match(text);
        return new SoapFault
        {
            // What is not said to be ours is the service's: it is sent again.
            IsOurs = code.Split(':')[^1].Split('.')[0] == "Client",
            Code = numbered.Success ? numbered.Groups[1].Value : null,
            Text = numbered.Success ? numbered.Groups[2].Value.Trim() : text,
        };
    }

    internal static RecordedInvoice? Invoice(RecordElement at) =>
        at.Exists && SubmissionHeader.Day(at.Text("FechaExpedicionFactura")) is { } day
            ? new RecordedInvoice(at.Text("IDEmisorFactura"), at.Text("NumSerieFactura"), day)
            : null;

    internal static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    /// <summary>What became of a record, in the spellings of submissions, queries and duplicates.</summary>
    internal static RecordState? StateOf(string text) =>
        text switch
        {
            "Correcto" or "Correcta" => RecordState.Accepted,
            "AceptadoConErrores" or "AceptadaConErrores" => RecordState.AcceptedWithErrors,
            "Incorrecto" => RecordState.Rejected,
            "Anulado" or "Anulada" => RecordState.Cancelled,
            _ => null,
        };

    [GeneratedRegex(@"^Codigo\[(\d{1,6})\]\.?(.*)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberedText();
}

/// <summary>What became of a record at the agency.</summary>
public enum RecordState
{
    /// <summary>Correcto.</summary>
    Accepted,

    /// <summary>AceptadoConErrores: the agency has it, and it is to be amended.</summary>
    AcceptedWithErrors,

    /// <summary>Incorrecto: the agency does not have it.</summary>
    Rejected,

    /// <summary>Anulado: a cancellation has taken its effect.</summary>
    Cancelled,
}

/// <summary>A fault of SOAP: the whole submission was refused, or the service failed.</summary>
public sealed record SoapFault : AgencyReply
{
    /// <summary>faultcode Client: the message is wrong, and to be put right before it is sent again; else it is sent again as it is.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>The agency's number of the error, as of Codigo[4102]; none where it gave none.</summary>
    public string? Code { get; init; }

    /// <summary>faultstring.</summary>
    public required string Text { get; init; }
}
