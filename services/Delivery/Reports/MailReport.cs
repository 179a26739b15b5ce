using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Delivery.Reports;

/// <summary>What a report says became of a mail; the later in this list is the later truth.</summary>
public enum ReportKind
{
    /// <summary>Handed to a server that sends no reports: nobody will say more.</summary>
    Relayed,

    /// <summary>Still on its way.</summary>
    Delayed,

    /// <summary>In the recipient's mailbox.</summary>
    Delivered,

    /// <summary>Given up by a server on the way.</summary>
    Bounced,

    /// <summary>The recipient called it unwanted.</summary>
    Complained,
}

/// <summary>What a report says of one recipient.</summary>
public sealed record ReportedFate
{
    /// <summary>What became of the mail.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>The recipient's addresses: as the sender gave it, and where it led in the end.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>The enhanced status of RFC 3463, such as 5.1.1.</summary>
    public string? Status { get; init; }

    /// <summary>The server's words, or what the complaint is called.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// Whether the address itself is the cause and will stay so: it does not exist, or is switched off. A full mailbox, a mail that was too
    /// large or a refusal by policy says nothing of the next mail.
    /// </summary>
    public bool IsOfAddress =>
        Kind == ReportKind.Bounced
        && Status is { } status
        && (status == "5.2.1" || (status.StartsWith("5.1.", StringComparison.Ordinal) && status is not ("5.1.7" or "5.1.8" or "5.1.9")));

    /// <summary>Its kind as tables and answers have it.</summary>
    public string KindName => NameOf(Kind);

    /// <summary>The kind as tables and answers have it.</summary>
    public static string NameOf(ReportKind kind) =>
        kind switch
        {
            ReportKind.Relayed => "relayed",
            ReportKind.Delayed => "delayed",
            ReportKind.Delivered => "delivered",
            ReportKind.Bounced => "bounced",
            _ => "complained",
        };

    /// <summary>Why a mail did not do its work, in one line.</summary>
    public static string ReasonOf(string kind, string? status, string? detail) =>
        kind == "complained" ? $"complaint: {detail}"
        : $"{status} {detail}".Trim() is { Length: > 0 } said ? said
        : kind;

    /// <summary>The same for the same facts, by whatever way the report came.</summary>
    public byte[] Fingerprint() => SHA256.HashData(Encoding.UTF8.GetBytes($"{KindName}\n{Status}\n{Detail}"));
}

/// <summary>A report of mail servers or recipients about one mail, without the letter around it.</summary>
public sealed record MailReport
{
    /// <summary>The transmission it is about, where it names one of ours.</summary>
    public TransmissionId? TransmissionId { get; init; }

    /// <summary>What it says, recipient by recipient.</summary>
    public required IReadOnlyList<ReportedFate> Fates { get; init; }

    /// <summary>The most that it says of that recipient; nothing where it names others, or nobody.</summary>
    public ReportedFate? Of(string recipient)
    {
        var wanted = Plain(recipient);
        return Fates.Where(fate => fate.Recipients.Any(named => Plain(named) == wanted)).MaxBy(static fate => fate.Kind);
    }

    // The domain may come back as it was written or as it was sent (xn--…).
    private static string Plain(string address)
    {
        var at = address.LastIndexOf('@');
        return at > 0 && MailDomain.TryParse(address[(at + 1)..].Trim(), out var domain)
            ? $"{address[..at].Trim().ToLowerInvariant()}@{domain}"
            : address.Trim().ToLowerInvariant();
    }
}
