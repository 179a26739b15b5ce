namespace RetailInvoicing.Delivery;

/// <summary>How mails leave; section Delivery of the configuration, with the server's address from Smtp:Url.</summary>
public sealed record DeliveryOptions
{
    /// <summary>smtp://[user:password@]host:port, smtps://…, or file:///dir, which writes .eml files.</summary>
    public required Uri Smtp { get; init; }

    /// <summary>Sender of mails whose seller has no address.</summary>
    public string DefaultFrom { get; init; } = "facturas@localhost";

    /// <summary>Mails sent at the same time by this instance, each over a connection of its own that it keeps while there is work.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>How long the server may take to answer; must stay well under <see cref="Hold"/>.</summary>
    public TimeSpan SmtpTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a sender holds a transmission; after that another one may take it over.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long the database must have been there before a transmission that was being handed over is taken from another sender: whoever
    /// knows how it ended records that first.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause after a failure; doubles up to <see cref="RetryCap"/>, with jitter.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause.</summary>
    public TimeSpan RetryCap { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this a mail that the server keeps putting off is given up (RFC 5321 4.5.4.1 says four to five days).</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How often to look although nothing was told.</summary>
    public TimeSpan LookAnyway { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads them.</summary>
    public static DeliveryOptions From(IConfiguration configuration)
    {
        var url =
            configuration["Smtp:Url"]
            ?? throw new InvalidOperationException("Smtp:Url is not set: smtp://host:port, or file:///dir to write .eml files");
        var options = new DeliveryOptions { Smtp = new Uri(url) };
        var section = configuration.GetSection("Delivery");
        return options with
        {
            DefaultFrom = section["DefaultFrom"] ?? options.DefaultFrom,
            Parallel = section.GetValue("Parallel", options.Parallel),
            SmtpTimeout = section.GetValue("SmtpTimeout", options.SmtpTimeout),
            Hold = section.GetValue("Hold", options.Hold),
            Grace = section.GetValue("Grace", options.Grace),
            RetryBase = section.GetValue("RetryBase", options.RetryBase),
            RetryCap = section.GetValue("RetryCap", options.RetryCap),
            GiveUpAfter = section.GetValue("GiveUpAfter", options.GiveUpAfter),
            LookAnyway = section.GetValue("LookAnyway", options.LookAnyway),
        };
    }
}
