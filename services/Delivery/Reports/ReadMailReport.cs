using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Delivery.Reports;

/// <summary>
/// A mail that reports of another one is read: a delivery status notification (RFC 3464) or a complaint (RFC 5965). Both are written by
/// machines of all ages and by whoever knows the address: what is missing or odd makes no report, and never a failure.
/// </summary>
public static partial class ReadMailReport
{
    private const int MostDepth = 8;
    private const int MostParts = 50;
    private const int MostRecipients = 50;
    private const int MostCharacters = 500;

    /// <summary>The facts; nothing where it is no report.</summary>
    public static MailReport? From(MimeMessage message)
    {
        try
        {
            var parts = PartsOf(message.Body, 0).Take(MostParts).ToArray();
            var returned = parts.OfType<MessagePart>().Select(static part => part.Message).FirstOrDefault(static each => each is not null);
            if (parts.OfType<MessageDeliveryStatus>().FirstOrDefault() is { } status)
            {
                return OfStatus(status, returned);
            }

            return parts.OfType<MessageFeedbackReport>().FirstOrDefault() is { } feedback ? OfFeedback(feedback, returned) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static MailReport OfStatus(MessageDeliveryStatus status, MimeMessage? returned)
    {
        // The first group is about the mail and each further one about a recipient; some servers write it all as one.
        var groups = status.StatusGroups.Take(MostRecipients + 1).ToArray();
        var envelope = groups.Select(static group => group["Original-Envelope-Id"]).FirstOrDefault(static each => each is not null);
        return new MailReport
        {
            TransmissionId = IdOf(envelope) ?? IdOf(returned),
            Fates = [.. groups.Select(FateOf).OfType<ReportedFate>()],
        };
    }

    private static ReportedFate? FateOf(HeaderList group)
    {
        string[] recipients = [.. new[] { AddressOf(group["Original-Recipient"]), AddressOf(group["Final-Recipient"]) }.OfType<string>()];
        var detail = WithoutType(Said(group["Diagnostic-Code"]));
        var status = StatusOf(group["Status"]) ?? StatusOf(detail) ?? ReplyOf(detail);
        return recipients.Length > 0 && KindOf(group["Action"], status) is { } kind
            ? new ReportedFate
            {
                Kind = kind,
                Recipients = recipients,
                Status = status,
                Detail = detail,
            }
            : null;
    }

    /// <summary>The server's own word counts: a failure after five days of 4.x.x is one, and a delay is none, whatever its status.</summary>
    private static ReportKind? KindOf(string? action, string? status) =>
        (action ?? "").Trim().Split(' ', '\t', '(', ';')[0].ToLowerInvariant() switch
        {
            "failed" => (ReportKind?)ReportKind.Bounced,
            "delayed" => ReportKind.Delayed,
            "delivered" => ReportKind.Delivered,
            "relayed" or "expanded" => ReportKind.Relayed,
            _ => status?[0] switch
            {
                '5' => (ReportKind?)ReportKind.Bounced,
                '4' => ReportKind.Delayed,
                '2' => ReportKind.Delivered,
                _ => null,
            },
        };

    private static MailReport OfFeedback(MessageFeedbackReport feedback, MimeMessage? returned)
    {
        var type = Said(feedback.Fields["Feedback-Type"])?.ToLowerInvariant();
        string[] named =
        [
            .. feedback
                .Fields.Where(static field => string.Equals(field.Field, "Original-Rcpt-To", StringComparison.OrdinalIgnoreCase))
                .Select(static field => AddressOf(field.Value))
                .OfType<string>()
                .Take(MostRecipients),
        ];
        // Many leave the recipient to the mail that they return.
        string[] recipients =
            named.Length > 0 ? named : [.. (returned?.To.Mailboxes ?? []).Select(static each => each.Address).Take(MostRecipients)];
        // Praise and notes about signatures are no complaints.
        return new MailReport
        {
            TransmissionId = IdOf(returned),
            Fates =
                type is null or "not-spam" or "auth-failure" || recipients.Length == 0
                    ? []
                    :
                    [
                        new ReportedFate
                        {
                            Kind = ReportKind.Complained,
                            Recipients = recipients,
                            Detail = type,
                        },
                    ],
        };
    }

    private static IEnumerable<MimeEntity> PartsOf(MimeEntity? entity, int depth) =>
        entity switch
        {
            null => [],
            Multipart multipart when depth < MostDepth => multipart.SelectMany(part => PartsOf(part, depth + 1)),
            _ => [entity],
        };

    private static TransmissionId? IdOf(MimeMessage? returned) =>
        returned is null ? null : IdOf(returned.Headers[SmtpChannel.TransmissionHeader]) ?? IdOf(returned.MessageId);

    /// <summary>The identifier that a field is, or that a Message-ID begins with.</summary>
    private static TransmissionId? IdOf(string? field) =>
        TransmissionId.TryParse(field?.Trim().Trim('<', '>').Split('@')[0], out var id) ? id : null;

    /// <summary>The address of a field such as "rfc822; person@example.com".</summary>
    private static string? AddressOf(string? field)
    {
        var text = WithoutType(Said(field));
        return text is { Length: > 0 } ? (MailboxAddress.TryParse(text, out var mailbox) ? mailbox.Address : text) : null;
    }

    private static string? WithoutType(string? text) => text is null ? null : AddressType().Replace(text, "").Trim();

    private static string? StatusOf(string? text) => Enhanced().Match(text ?? "") is { Success: true } found ? found.Value : null;

    private static string? ReplyOf(string? text) => Reply().Match(text ?? "") is { Success: true } found ? $"{found.Value[0]}.0.0" : null;

    /// <summary>In one line, of a length that a row can keep, without what a database cannot.</summary>
    private static string? Said(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var said = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (said.Length >= MostCharacters)
            {
                break;
            }

            if (!Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune))
            {
                said.Append(rune.ToString());
            }
            else if (said.Length > 0 && said[^1] != ' ')
            {
                said.Append(' ');
            }
        }

        return said.ToString().Trim();
    }

    [GeneratedRegex(@"(?<![0-9.])[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9]|\.[0-9])")]
    private static partial Regex Enhanced();

    [GeneratedRegex(@"^[45][0-9][0-9]\b")]
    private static partial Regex Reply();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]{0,30} ?;")]
    private static partial Regex AddressType();
}
