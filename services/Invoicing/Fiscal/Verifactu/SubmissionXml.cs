using System.Text;
using System.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What is sent to the agency's service, in the envelope of SOAP 1.1: records (RegFactuSistemaFacturacion) and queries.</summary>
public static class SubmissionXml
{
    /// <summary>The agency takes so many records at once.</summary>
    public const int MostRecords = 1000;

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>A submission of stored records, which go in as the texts that they are; refused where they are none or too many.</summary>
    public static Outcome<byte[]> Of(SubmissionHeader header, IReadOnlyCollection<string> records)
    {
        if (records.Count is 0 or > MostRecords)
        {
            return FiscalFaults.RecordsPerSubmission.With(MostRecords, records.Count);
        }

        return Enveloped(
            records.Sum(each => each.Length) + 4096,
            "RegFactuSistemaFacturacion",
            RecordNames.Submission,
            xml =>
            {
                header.Write(xml);
                foreach (var record in records)
                {
                    xml.WriteStartElement("RegistroFactura", RecordNames.Submission);
                    xml.WriteRaw(record);
                    xml.WriteEndElement();
                }
            }
        );
    }

    /// <summary>A query of the records that the agency has.</summary>
    public static byte[] Of(RecordQuery query) => Enveloped(2048, "ConsultaFactuSistemaFacturacion", RecordNames.Query, query.Write);

    /// <summary>The query in a message; refused where it is none.</summary>
    public static Outcome<RecordQuery> Query(ReadOnlyMemory<byte> message)
    {
        var tree = ForeignXml.Tree(message);
        if (tree.Refused(out var fault))
        {
            return fault;
        }

        var root = tree.Value.Root!;
        var query = RecordReader.Is(root, RecordNames.Soap, "Envelope") ? RecordReader.InEnvelope(root) : root;
        return query is null || !RecordReader.Is(query, RecordNames.Query, "ConsultaFactuSistemaFacturacion")
                ? FiscalFaults.NotARecord.With((query ?? root).Name.LocalName)
            : RecordElement.Unclear(query) is { } twice ? FiscalFaults.SaidTwice.With(twice)
            : RecordQuery.Read(new RecordElement(query));
    }

    private static byte[] Enveloped(int size, string name, string space, Action<XmlWriter> content)
    {
        using var bytes = new MemoryStream(size);
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            xml.WriteStartElement("soapenv", "Envelope", RecordNames.Soap);
            xml.WriteElementString("Header", RecordNames.Soap, null);
            xml.WriteStartElement("Body", RecordNames.Soap);
            xml.WriteStartElement(name, space);
            content(xml);
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }
}
