using System.Security;
using System.Text;
using System.Xml.Linq;
using RetailInvoicing.Payments.Providers.Redsys;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class RedsysQueryTests
{
    private const string Order = "2611ABCD0001";

    [Fact]
    public void A_query_asks_for_all_of_an_order_in_the_manual_s_order_of_elements_and_signs_the_Version_alone()
    {
        var envelope = XElement.Parse(RedsysQuery.Write(RedsysSignatureTests.Key, "999008881", "1", Order));
        var asked = envelope.Descendants().Single(each => each.Name.LocalName == "cadenaXML").Value;
        var messages = XElement.Parse(asked);

        Assert.Equal(["Version", "Signature", "SignatureVersion"], messages.Elements().Select(each => each.Name.LocalName));
        var question = messages.Element("Version")!.Element("Message")!.Elements().Single();
        Assert.Equal("Monitor", question.Name.LocalName);
        Assert.Equal(
            [("Ds_MerchantCode", "999008881"), ("Ds_Terminal", "1"), ("Ds_Order", Order)],
            question.Elements().Select(each => (each.Name.LocalName, each.Value))
        );
        var version = asked["<Messages>".Length..(asked.IndexOf("</Version>", StringComparison.Ordinal) + "</Version>".Length)];
        Assert.True(
            RedsysSignature.IsRight(
                messages.Element("SignatureVersion")!.Value,
                RedsysSignatureTests.Key,
                Order,
                version,
                messages.Element("Signature")!.Value
            )
        );
    }

    [Theory]
    [InlineData("]]>", "1", Order)]
    [InlineData("999008881", "1", "<x/>")]
    [InlineData("999008881", "&", Order)]
    public void Nothing_but_letters_and_digits_gets_into_it(string merchant, string terminal, string order) =>
        Assert.Throws<ArgumentException>(() => RedsysQuery.Write(RedsysSignatureTests.Key, merchant, terminal, order));

    [Fact]
    public void An_answer_is_read_operation_by_operation_and_another_order_s_are_left_out()
    {
        var answer = RedsysQuery.Read(
            Envelope(
                "<Messages><Version Ds_Version=\"0.0\"><Message>"
                    + Response(Order, "0", "1234", "F", "0000", "2026-11-23", "10:15:30")
                    + Response(Order, "3", "234", "P", "9999", "23/11/2026", "11:00")
                    + Response("2611ABCD0002", "0", "1", "F", "0000", "2026-11-23", "10:15")
                    + "</Message></Version><Signature>x</Signature></Messages>"
            ),
            Order
        );

        Assert.NotNull(answer);
        Assert.Null(answer.Error);
        Assert.Equal(
            [("0", 12.34m, "F", "0000", "2026-11-23T09:15:30"), ("3", 2.34m, "P", "9999", "2026-11-23T10:00:00")],
            answer.Operations.Select(each =>
                (each.Type!, each.Amount!.Value, each.State!, each.Response!, $"{each.At!.Value.UtcDateTime:s}")
            )
        );
    }

    [Fact]
    public void An_error_is_an_answer() =>
        Assert.Equal(
            "XML0024",
            RedsysQuery
                .Read(
                    Envelope(
                        "<Messages><Version Ds_Version=\"0.0\"><Message><ErrorMsg><Ds_ErrorCode>XML0024</Ds_ErrorCode></ErrorMsg></Message>"
                            + "</Version></Messages>"
                    ),
                    Order
                )
                ?.Error
        );

    [Theory]
    [InlineData("")]
    [InlineData("Service Unavailable")]
    [InlineData("<html><body>Service Unavailable</body></html>")]
    [InlineData("<Envelope><Body><consultaOperacionesReturn>&lt;Messages&gt;</consultaOperacionesReturn></Body></Envelope>")]
    [InlineData("<Envelope><Body><consultaOperacionesReturn><Messages/></consultaOperacionesReturn></Body></Envelope>")]
    [InlineData("<Envelope><Body><consultaOperacionesReturn>&lt;Messages/&gt;</consultaOperacionesReturn></Body></Envelope>")]
    [InlineData(
        "<Envelope><Body><consultaOperacionesReturn>&lt;Messages&gt;&lt;Response/&gt;&lt;/Messages&gt;</consultaOperacionesReturn></Body></Envelope>"
    )]
    [InlineData(
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Envelope><Body><consultaOperacionesReturn>&a;</consultaOperacionesReturn></Body></Envelope>"
    )]
    [InlineData(
        "<Envelope><Body><consultaOperacionesReturn>&lt;!DOCTYPE x&gt;&lt;Messages/&gt;</consultaOperacionesReturn></Body></Envelope>"
    )]
    public void What_is_no_answer_is_none(string text) => Assert.Null(RedsysQuery.Read(Encoding.UTF8.GetBytes(text), Order));

    private static byte[] Envelope(string messages) =>
        Encoding.UTF8.GetBytes(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                + "<soapenv:Header/><soapenv:Body><p259:consultaOperacionesResponse xmlns:p259=\"http://webservices.apl02.redsys.es\">"
                + $"<consultaOperacionesReturn>{SecurityElement.Escape(messages)}</consultaOperacionesReturn>"
                + "</p259:consultaOperacionesResponse></soapenv:Body></soapenv:Envelope>"
        );

    private static string Response(string order, string type, string amount, string state, string response, string date, string hour) =>
        $"<Response Ds_Version=\"0.0\"><Ds_MerchantCode>999008881</Ds_MerchantCode><Ds_Terminal>1</Ds_Terminal>"
        + $"<Ds_Order>{order}</Ds_Order><Ds_TransactionType>{type}</Ds_TransactionType><Ds_Date>{date}</Ds_Date><Ds_Hour>{hour}</Ds_Hour>"
        + $"<Ds_Amount>{amount}</Ds_Amount>"
        + $"<Ds_Currency>978</Ds_Currency><Ds_SecurePayment>0</Ds_SecurePayment><Ds_State>{state}</Ds_State>"
        + $"<Ds_Response>{response}</Ds_Response></Response>";
}
