using System.Xml;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>What the query answered: the operations of an order, or the code of what stood in the way.</summary>
public sealed record RedsysAnswer(string? Error, IReadOnlyList<RedsysParameters> Operations);

/// <summary>
/// The query for all operations of an order, as Redsys' "TPV-Virtual Consultas SOAP" (RS.TE.CEL.MAN.0021) has it: a Monitor message, its
/// Version signed by HMAC_SHA256_V1, its elements in that manual's order, which Redsys insists on. The query by REST that some banks
/// describe is not open to every terminal, and its fields are not published as a whole.
/// </summary>
public static class RedsysQuery
{
    /// <summary>SOAPAction.</summary>
    public const string Action = "consultaOperaciones";

    private const long MostCharacters = 1_000_000;

    private static readonly XmlReaderSettings Safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = MostCharacters,
    };

    /// <summary>The envelope that asks for an order; the parts are letters and digits, so that nothing in them needs escaping.</summary>
    public static string Write(string key, string merchantCode, string terminal, string order)
    {
        if (RedsysCodes.AccountId(merchantCode, terminal) is null || !RedsysOrder.IsSound(order))
        {
            throw new ArgumentException($"no order, or none of a terminal: {order}", nameof(order));
        }

        var version =
            $"<Version Ds_Version=\"0.0\"><Message><Monitor><Ds_MerchantCode>{merchantCode}</Ds_MerchantCode>"
            + $"<Ds_Terminal>{terminal}</Ds_Terminal><Ds_Order>{order}</Ds_Order></Monitor></Message></Version>";
        var signature = RedsysSignature.Sign(RedsysSignature.Sha256, key, order, version);
        return "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
            + " xmlns:web=\"http://webservices.apl02.redsys.es\"><soapenv:Header/><soapenv:Body><web:consultaOperaciones><cadenaXML>"
            + $"<![CDATA[<Messages>{version}<Signature>{signature}</Signature>"
            + $"<SignatureVersion>{RedsysSignature.Sha256}</SignatureVersion></Messages>]]>"
            + "</cadenaXML></web:consultaOperaciones></soapenv:Body></soapenv:Envelope>";
    }

    /// <summary>What an envelope says of an order; none where it is no answer.</summary>
    public static RedsysAnswer? Read(byte[] envelope, string order)
    {
        try
        {
            return Returned(envelope) is { } messages ? Messages(messages, order) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The answer is XML within a text of XML.</summary>
    private static string? Returned(byte[] envelope)
    {
        using var reader = XmlReader.Create(new MemoryStream(envelope), Safe);
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "consultaOperacionesReturn" })
            {
                return reader.ReadElementContentAsString();
            }
        }

        return null;
    }

    private static RedsysAnswer? Messages(string text, string order)
    {
        var operations = new List<RedsysParameters>();
        Dictionary<string, string>? fields = null;
        string? error = null;
        string? name = null;
        var isAnswer = false;
        using var reader = XmlReader.Create(new StringReader(text), Safe);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    name = reader.IsEmptyElement ? null : reader.LocalName;
                    if (name == "Response")
                    {
                        isAnswer = true;
                        fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when name is not null:
                    if (fields is not null)
                    {
                        fields[name] = reader.Value;
                    }
                    else if (name == "Ds_ErrorCode")
                    {
                        error = reader.Value.Trim();
                    }

                    break;
                case XmlNodeType.EndElement:
                    name = null;
                    if (reader.LocalName == "Response" && fields is not null)
                    {
                        operations.Add(RedsysParameters.Of(fields));
                        fields = null;
                    }

                    break;
                default:
                    break;
            }
        }

        return isAnswer || error is not null ? new RedsysAnswer(error, operations.FindAll(each => each.Order == order)) : null;
    }
}
