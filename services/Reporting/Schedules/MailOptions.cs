namespace RetailInvoicing.Reporting.Schedules;

/// <summary>How reports are mailed: Smtp:Url, as Delivery has it, and section Reporting of the configuration.</summary>
public sealed record MailOptions
{
    /// <summary>smtp://[user:password@]host:port, smtps://…, or file:///dir, which writes .eml files; none: nothing is mailed.</summary>
    public Uri? Smtp { get; init; }

    /// <summary>Sender of mails whose seller has no address.</summary>
    public string DefaultFrom { get; init; } = "informes@localhost";

    /// <summary>A file that is larger is not attached: the mail says where it is.</summary>
    public int MostBytes { get; init; } = 8_000_000;

    /// <summary>How often to look what is due.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a mail may take, its report too; another instance waits so long before it takes it over.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>First pause after a failure; doubles with each.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A mail that failed so often is given up, and its schedule goes on with the next period.</summary>
    public int MostAttempts { get; init; } = 10;

    /// <summary>Reads them.</summary>
    public static MailOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Reporting");
        var options = new MailOptions();
        return options with
        {
            Smtp = configuration["Smtp:Url"] is { Length: > 0 } url ? new Uri(url) : null,
            DefaultFrom = section["DefaultFrom"] ?? options.DefaultFrom,
            MostBytes = section.GetValue("MostMailBytes", options.MostBytes),
            LookEvery = section.GetValue("LookEvery", options.LookEvery),
            Hold = section.GetValue("MailHold", options.Hold),
            RetryBase = section.GetValue("MailRetryBase", options.RetryBase),
            MostAttempts = section.GetValue("MostMailAttempts", options.MostAttempts),
        };
    }
}
