using System.Text;
using System.Xml;
using System.Xml.Linq;
using RetailInvoicing.Simulators.TaxAgency.Rules;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>A whole message is refused by this code; the detail is what the agency writes after the text.</summary>
internal sealed record Refusal(int Code, string? Detail = null);

/// <summary>Messages in and out of their envelopes (SOAP 1.1, document/literal).</summary>
internal static class Soap
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The message in an envelope, without spaces at the ends of its values, as the agency keeps them; or why there is none.</summary>
    public static (XElement? Message, Refusal? Refusal) Open(byte[] body)
    {
        if (body.All(each => each is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t'))
        {
            return (null, new(4138));
        }

        XElement envelope;
        try
        {
            var text = Strict.GetString(body).TrimStart('\uFEFF');
            if (DeclaresAnotherEncoding(text))
            {
                return (null, new(4119));
            }

            using var reader = XmlReader.Create(
                new StringReader(text),
                new XmlReaderSettings
                {
                    DtdProcessing = DtdProcessing.Prohibit,
                    XmlResolver = null,
                    IgnoreComments = true,
                    IgnoreProcessingInstructions = true,
                }
            );
            envelope = XElement.Load(reader);
        }
        catch (DecoderFallbackException)
        {
            return (null, new(4119));
        }
        catch (XmlException exception)
        {
            return (null, new(4103, exception.Message));
        }

        if (envelope.Name != Names.Envelope + "Envelope" || envelope.Element(Names.Envelope + "Body") is not { } inside)
        {
            return (null, new(4102, "Envelope"));
        }

        if (inside.Elements().FirstOrDefault() is not { } message)
        {
            return (null, new(4138));
        }

        foreach (var leaf in message.DescendantsAndSelf().Where(each => !each.HasElements))
        {
            leaf.Value = leaf.Value.Trim();
        }

        // Out of its envelope: the schema is about the message alone.
        message.Remove();
        return (message, null);
    }

    /// <summary>An answer in its envelope, as the agency writes them.</summary>
    public static string Envelope(XElement answer, string prefix)
    {
        answer.SetAttributeValue(XNamespace.Xmlns + prefix, answer.Name.NamespaceName);
        answer.SetAttributeValue(XNamespace.Xmlns + "tik", Names.Common.NamespaceName);
        foreach (var element in answer.DescendantsAndSelf())
        {
            // What was sent brings prefixes of its own.
            element.Attributes().Where(each => each.IsNamespaceDeclaration && each.Parent != answer).Remove();
        }

        return Text(new XElement(Names.Envelope + "Header"), new XElement(Names.Envelope + "Body", new XAttribute("Id", "Body"), answer));
    }

    /// <summary>A fault that the sender can do something about: the code, its text, and what is wrong.</summary>
    public static string Fault(Codes codes, Refusal refusal) =>
        Fault(
            "Client",
            $"Codigo[{refusal.Code}].{codes.Text(refusal.Code)}{(refusal.Detail is { } detail ? $": {detail}" : "")}",
            new XElement("detail", new XElement("callstack", "WSExcepcion (simulador)"))
        );

    /// <summary>A fault: of the Client, or of the Server, where sending the same again may do.</summary>
    public static string Fault(string side, string text, XElement? detail = null) =>
        Text(
            new XElement(
                Names.Envelope + "Body",
                new XElement(Names.Envelope + "Fault", new XElement("faultcode", $"env:{side}"), new XElement("faultstring", text), detail)
            )
        );

    private static string Text(params XElement[] parts)
    {
        var envelope = new XElement(
            Names.Envelope + "Envelope",
            new XAttribute(XNamespace.Xmlns + "env", Names.Envelope.NamespaceName),
            parts
        );
        return $"""<?xml version="1.0" encoding="UTF-8"?>{envelope.ToString(SaveOptions.DisableFormatting)}""";
    }

    private static bool DeclaresAnotherEncoding(string text)
    {
        if (!text.StartsWith("<?xml", StringComparison.Ordinal) || text.IndexOf("?>", StringComparison.Ordinal) is not (> 0 and var end))
        {
            return false;
        }

        var declaration = text[..end];
        return declaration.Contains("encoding", StringComparison.Ordinal)
            && !declaration.Contains("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
