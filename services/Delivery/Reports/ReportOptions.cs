namespace RetailInvoicing.Delivery.Reports;

/// <summary>Where reports about mails come to; section Delivery:Reports of the configuration.</summary>
public sealed record ReportOptions
{
    /// <summary>imap[s]://user:password@host[:port]/FOLDER; none where no mailbox is read.</summary>
    public Uri? Mailbox { get; init; }

    /// <summary>How often to look.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause while the mailbox is away.</summary>
    public TimeSpan AwayCap { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the server may take for each mail.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads them.</summary>
    public static ReportOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Delivery:Reports");
        var options = new ReportOptions();
        return options with
        {
            Mailbox = MailboxOf(section["Mailbox"]),
            Every = section.GetValue("Every", options.Every),
            AwayCap = section.GetValue("AwayCap", options.AwayCap),
            Patience = section.GetValue("Patience", options.Patience),
        };
    }

    // The address holds a password: it is not repeated.
    private static Uri? MailboxOf(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "imap" or "imaps"
        && url.UserInfo.Split(':', 2) is [{ Length: > 0 }, _]
            ? url
        : throw new InvalidOperationException("Delivery:Reports:Mailbox is wanted as imap[s]://user:password@host[:port]/FOLDER");
}
