using System.Text;
using MimeKit;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Reports about mails, as servers and mailbox providers write them.</summary>
internal static class SampleReport
{
    /// <summary>A delivery status notification (RFC 3464); the parts that name the transmission are there where they are given.</summary>
    public static string Status(
        string recipient,
        string? envelope = null,
        string action = "failed",
        string? status = "5.1.1",
        string? diagnostic = "smtp; 550 5.1.1 no such user",
        string? original = null,
        string? header = null,
        string? messageId = null,
        string returnedAs = "text/rfc822-headers",
        string before = ""
    ) =>
        Lines(
            "From: MAILER-DAEMON@mx.example.net",
            "To: bounces@facturas.example.com",
            "Subject: Undelivered Mail Returned to Sender",
            "Date: Mon, 23 Nov 2026 10:20:00 +0100",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"",
            "",
            "--b1",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "I am sorry to have to tell you.",
            "",
            "--b1",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.net",
            envelope is null ? null : $"Original-Envelope-Id: {envelope}",
            "",
            before.Length > 0 ? before : null,
            original is null ? null : $"Original-Recipient: rfc822;{original}",
            $"Final-Recipient: rfc822; {recipient}",
            $"Action: {action}",
            status is null ? null : $"Status: {status}",
            diagnostic is null ? null : $"Diagnostic-Code: {diagnostic}",
            "",
            "--b1",
            $"Content-Type: {returnedAs}",
            "",
            "From: facturas@nandu.example",
            $"To: {recipient}",
            "Subject: Factura",
            messageId is null ? null : $"Message-ID: <{messageId}>",
            header is null ? null : $"X-RetailInvoicing-Transmission: {header}",
            "",
            "--b1--"
        );

    /// <summary>A complaint (RFC 5965); the recipient stands in the report, or only in the mail that it returns.</summary>
    public static string Complaint(string recipient, string transmission, string type = "abuse", bool isNamed = true) =>
        Lines(
            "From: fbl@provider.example.net",
            "To: bounces@facturas.example.com",
            "Subject: FW: Factura",
            "Date: Mon, 23 Nov 2026 10:20:00 +0100",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b1\"",
            "",
            "--b1",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "This is a complaint.",
            "",
            "--b1",
            "Content-Type: message/feedback-report",
            "",
            $"Feedback-Type: {type}",
            "User-Agent: SomeGenerator/1.0",
            "Version: 1",
            isNamed ? $"Original-Rcpt-To: <{recipient}>" : null,
            "",
            "--b1",
            "Content-Type: message/rfc822",
            "",
            "From: facturas@nandu.example",
            $"To: \"Somebody\" <{recipient}>",
            "Subject: Factura",
            $"Message-ID: <{transmission}@facturas.example.com>",
            $"X-RetailInvoicing-Transmission: {transmission}",
            "",
            "The mail.",
            "--b1--"
        );

    /// <summary>The text as a mail.</summary>
    public static MimeMessage Mail(string text)
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return MimeMessage.Load(bytes);
    }

    private static string Lines(params string?[] lines) => string.Concat(lines.OfType<string>().Select(static line => line + "\r\n"));
}
