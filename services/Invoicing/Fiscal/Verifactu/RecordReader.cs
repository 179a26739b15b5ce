using System.Xml.Linq;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// Reads records that any system wrote: RegistroAlta, RegistroAnulacion and RegistroEvento, bare, in a RegFactuSistemaFacturacion or in its
/// SOAP envelope, under any prefixes. What a field lacks is for the verification to say; what cannot be told apart is refused here.
/// </summary>
public static class RecordReader
{
    /// <summary>Every record of a file, in its order.</summary>
    public static Outcome<RecordFile> Read(ReadOnlyMemory<byte> file)
    {
        var tree = ForeignXml.Tree(file);
        return tree.Refused(out var fault) ? fault : Read(tree.Value.Root!);
    }

    private static Outcome<RecordFile> Read(XElement root)
    {
        if (IsRecord(root))
        {
            return Record(root) is var record && record.Refused(out var unread) ? unread : new RecordFile(null, [record.Value]);
        }

        var submission = Is(root, RecordNames.Soap, "Envelope") ? InEnvelope(root) : root;
        if (submission is null || !Is(submission, RecordNames.Submission, "RegFactuSistemaFacturacion"))
        {
            return FiscalFaults.NotARecord.With((submission ?? root).Name.LocalName);
        }

        if (submission.Element(XName.Get("Cabecera", RecordNames.Submission)) is { } head && RecordElement.Unclear(head) is { } twice)
        {
            return FiscalFaults.SaidTwice.With(twice);
        }

        var records = new List<ReadRecord>();
        foreach (var each in submission.Elements().Where(each => Is(each, RecordNames.Submission, "RegistroFactura")))
        {
            if (each.Elements().ToList() is not [var only] || !IsRecord(only))
            {
                return FiscalFaults.NotARecord.With("RegistroFactura");
            }

            var record = Record(only);
            if (record.Refused(out var unread))
            {
                return unread;
            }

            records.Add(record.Value);
        }

        return records.Count == 0
            ? FiscalFaults.NotARecord.With("RegFactuSistemaFacturacion")
            : new RecordFile(SubmissionHeader.Read(new RecordElement(submission)["Cabecera"]), records);
    }

    /// <summary>What stands in a SOAP body; null where there is not one element.</summary>
    internal static XElement? InEnvelope(XElement envelope) =>
        envelope.Elements().Where(each => Is(each, RecordNames.Soap, "Body")).ToList() is [var body]
        && body.Elements().ToList() is [var only]
            ? only
            : null;

    private static Outcome<ReadRecord> Record(XElement element)
    {
        if (RecordElement.Unclear(element) is { } unclear)
        {
            return FiscalFaults.SaidTwice.With(unclear);
        }

        var record = new RecordElement(element);
        return element.Name.LocalName switch
        {
            "RegistroAlta" => new ReadRecord(Registration(record), RecordNouns.Registration(record), null),
            "RegistroAnulacion" => new ReadRecord(Cancellation(record), null, RecordNouns.Cancellation(record)),
            _ => new ReadRecord(Event(record["Evento"]), null, null),
        };
    }

    private static WrittenRecord Registration(RecordElement record)
    {
        var (invoice, link) = (record["IDFactura"], record["Encadenamiento"]["RegistroAnterior"]);
        var name = Name(invoice, "");
        return Written(
            RecordKind.Registration,
            record,
            name,
            link,
            [
                new("IDEmisorFactura", name.Issuer),
                new("NumSerieFactura", name.Number),
                new("FechaExpedicionFactura", name.Day),
                new("TipoFactura", record.Text("TipoFactura")),
                new("CuotaTotal", record.Text("CuotaTotal")),
                new("ImporteTotal", record.Text("ImporteTotal")),
                new("Huella", link.Text("Huella")),
                new("FechaHoraHusoGenRegistro", record.Text("FechaHoraHusoGenRegistro")),
            ]
        );
    }

    private static WrittenRecord Cancellation(RecordElement record)
    {
        var (invoice, link) = (record["IDFactura"], record["Encadenamiento"]["RegistroAnterior"]);
        var name = Name(invoice, "Anulada");
        return Written(
            RecordKind.Cancellation,
            record,
            name,
            link,
            [
                new("IDEmisorFacturaAnulada", name.Issuer),
                new("NumSerieFacturaAnulada", name.Number),
                new("FechaExpedicionFacturaAnulada", name.Day),
                new("Huella", link.Text("Huella")),
                new("FechaHoraHusoGenRegistro", record.Text("FechaHoraHusoGenRegistro")),
            ]
        );
    }

    private static WrittenRecord Written(
        RecordKind kind,
        RecordElement record,
        RecordName name,
        RecordElement link,
        IReadOnlyList<FingerprintedField> fields
    ) =>
        new()
        {
            Kind = kind,
            Name = name,
            Fields = fields,
            Fingerprint = record.Text("Huella"),
            Algorithm = record.Text("TipoHuella"),
            IsFirst = record["Encadenamiento"].Text("PrimerRegistro") == "S",
            Preceding = link.Exists ? new WrittenLink(Name(link, ""), link.Text("Huella")) : null,
            RecordedAt = record.Text("FechaHoraHusoGenRegistro"),
            Chain = Chain("", name.Issuer, record["SistemaInformatico"]),
            IsSigned = IsSigned(record),
        };

    private static WrittenRecord Event(RecordElement told)
    {
        var (system, link) = (told["SistemaInformatico"], told["Encadenamiento"]["EventoAnterior"]);
        var (issuer, type, at) = (told["ObligadoEmision"].Text("NIF"), told.Text("TipoEvento"), told.Text("FechaHoraHusoGenEvento"));
        return new WrittenRecord
        {
            Kind = RecordKind.Event,
            Name = new RecordName(issuer, type, at),
            Fields =
            [
                new("NIF", system.Text("NIF")),
                new("ID", system["IDOtro"].Text("ID")),
                new("IdSistemaInformatico", system.Text("IdSistemaInformatico")),
                new("Version", system.Text("Version")),
                new("NumeroInstalacion", system.Text("NumeroInstalacion")),
                new("NIF", issuer),
                new("TipoEvento", type),
                new("HuellaEvento", link.Text("HuellaEvento")),
                new("FechaHoraHusoGenEvento", at),
            ],
            Fingerprint = told.Text("HuellaEvento"),
            Algorithm = told.Text("TipoHuella"),
            IsFirst = told["Encadenamiento"].Text("PrimerEvento") == "S",
            // An event does not cite the taxpayer of the one before: it is its own.
            Preceding = link.Exists
                ? new WrittenLink(
                    new RecordName(issuer, link.Text("TipoEvento"), link.Text("FechaHoraHusoGenEvento")),
                    link.Text("HuellaEvento")
                )
                : null,
            RecordedAt = at,
            Chain = Chain("eventos ", issuer, system),
            IsSigned = IsSigned(told),
        };
    }

    private static RecordName Name(RecordElement at, string ending) =>
        new(at.Text($"IDEmisorFactura{ending}"), at.Text($"NumSerieFactura{ending}"), at.Text($"FechaExpedicionFactura{ending}"));

    /// <summary>A system has one chain for each taxpayer and installation, whatever its version (Orden HAC/1177/2024, 7).</summary>
    private static string Chain(string kind, string issuer, RecordElement system) =>
        $"{kind}{issuer} {system.Text("NIF")}{system["IDOtro"].Text("ID")} {system.Text("IdSistemaInformatico")} {system.Text("NumeroInstalacion")}";

    private static bool IsSigned(RecordElement record) =>
        record.Element?.Elements().Any(each => Is(each, RecordNames.Signature, "Signature")) == true;

    private static bool IsRecord(XElement element) =>
        Is(element, RecordNames.Information, "RegistroAlta")
        || Is(element, RecordNames.Information, "RegistroAnulacion")
        || Is(element, RecordNames.Events, "RegistroEvento");

    internal static bool Is(XElement element, string space, string name) =>
        element.Name.LocalName == name && element.Name.NamespaceName == space;
}
