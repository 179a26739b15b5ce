using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using RetailInvoicing.Simulators.Redsys.Books;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Doors;

/// <summary>
/// SerClsWSConsulta: what there is of an order. Monitor gives all its operations, Transaction those of one type that are over.
/// </summary>
internal sealed class QueryDoor(Ledger ledger, Faults faults, TimeProvider clock)
{
    private const string Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Service = "http://webservices.apl02.redsys.es";
    private const string VersionEnd = "</Version>";

    private static readonly string[] MonitorFields = ["Ds_MerchantCode", "Ds_Terminal", "Ds_Order"];
    private static readonly string[] TransactionFields = [.. MonitorFields, "Ds_TransactionType"];
    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    public async Task<IResult> Serve(HttpRequest request, CancellationToken token)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var asked = Parse(await reader.ReadToEndAsync(token))
            ?.Descendants()
            .FirstOrDefault(static each => each.Name.LocalName == "cadenaXML")
            ?.Value;
        var (question, version, error) = Open(asked);
        var order = Text(question, "Ds_Order");
        if (await faults.SpoilAsync(FaultKinds.Query, order, clock, token) is { } spoiled)
        {
            return spoiled;
        }

        var answer = Answer(error is null ? Look(question!, asked!, version!) : Error(error));
        return answer.OrLost(faults, FaultKinds.Query, order);
    }

    /// <summary>The question within a message and the text of its Version, which is signed; or what is wrong with it.</summary>
    private static (XElement? Question, string? Version, string? Error) Open(string? asked)
    {
        if (asked is null || Parse(asked) is not { } messages)
        {
            return (null, null, "XML0001");
        }

        if (messages.Element("Version")?.Element("Message")?.Elements().FirstOrDefault() is not { } question)
        {
            return (null, null, "XML0002");
        }

        if (question.Name.LocalName is not ("Monitor" or "Transaction"))
        {
            return (question, null, "XML0003");
        }

        // Redsys holds the message against a DTD: the elements stand in this order or it reads none of them.
        var expected = question.Name.LocalName == "Monitor" ? MonitorFields : TransactionFields;
        if (!question.Elements().Select(static each => each.Name.LocalName).SequenceEqual(expected))
        {
            return (question, null, "XML0001");
        }

        var begin = asked.IndexOf("<Version", StringComparison.Ordinal);
        var end = asked.IndexOf(VersionEnd, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            return (question, null, "XML0001");
        }

        return (question, asked[begin..(end + VersionEnd.Length)], null);
    }

    private string Look(XElement question, string asked, string version)
    {
        var (merchant, order) = (Text(question, "Ds_MerchantCode")!, Text(question, "Ds_Order") ?? "");
        var terminal = (Text(question, "Ds_Terminal") ?? "").TrimStart('0');
        var messages = Parse(asked)!;
        if (messages.Element("SignatureVersion")?.Value != Signing.Sha256)
        {
            return Error("XML0030");
        }

        var key = ledger.KeyOf(merchant, terminal);
        if (!Signing.IsRight(Signing.Sha256, key, order, version, messages.Element("Signature")?.Value ?? ""))
        {
            return Error("XML0023");
        }

        if (!ledger.Settings.QueryIsOpen)
        {
            return Error("XML0041");
        }

        var type = Text(question, "Ds_TransactionType");
        var found = ledger
            .Of(merchant, terminal, order)
            .Where(each => question.Name.LocalName == "Monitor" || (each.Type == type && each.State == Operation.Over))
            .Select(Response)
            .ToList();
        if (found.Count == 0)
        {
            return Error("XML0024");
        }

        var said = $"<Version Ds_Version=\"0.0\"><Message>{string.Concat(found)}</Message></Version>";
        var signature = Convert.ToBase64String(Signing.Compute(Signing.Sha256, key, order, said));
        return $"<Messages>{said}<Signature>{signature}</Signature></Messages>";
    }

    private static string Response(Operation operation)
    {
        var at = TimeZoneInfo.ConvertTime(operation.At, Madrid);
        var response = new XElement(
            "Response",
            new XAttribute("Ds_Version", "0.0"),
            new XElement("Ds_MerchantCode", operation.Merchant),
            new XElement("Ds_Terminal", operation.Terminal),
            new XElement("Ds_Order", operation.Order),
            new XElement("Ds_TransactionType", operation.Type),
            new XElement("Ds_Date", at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            new XElement("Ds_Hour", at.ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
            new XElement("Ds_Amount", operation.Amount),
            new XElement("Ds_Currency", operation.Currency),
            new XElement("Ds_SecurePayment", operation.IsPaid ? "1" : "0"),
            new XElement("Ds_State", operation.State),
            new XElement("Ds_Response", operation.Response)
        );
        if (operation.Authorisation is { } code)
        {
            response.Add(new XElement("Ds_AuthorisationCode", code));
        }

        return response.ToString(SaveOptions.DisableFormatting);
    }

    private static string Error(string code) =>
        "<Messages><Version Ds_Version=\"0.0\"><Message><ErrorMsg>"
        + $"<Ds_ErrorCode>{code}</Ds_ErrorCode></ErrorMsg></Message></Version></Messages>";

    /// <summary>XML within a text of XML, as the service has it.</summary>
    private static IResult Answer(string messages)
    {
        XNamespace soap = Soap;
        XNamespace service = Service;
        var envelope = new XElement(
            soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "soapenv", Soap),
            new XElement(
                soap + "Body",
                new XElement(
                    service + "consultaOperacionesResponse",
                    new XAttribute(XNamespace.Xmlns + "p259", Service),
                    new XElement("consultaOperacionesReturn", messages)
                )
            )
        );
        return Results.Content($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{envelope.ToString(SaveOptions.DisableFormatting)}", "text/xml");
    }

    private static string? Text(XElement? question, string name) => question?.Element(name)?.Value.Trim();

    private static XElement? Parse(string text)
    {
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(text),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
